"""Visits and inspection notes as one gesture each: start, finish, write (domain.md, sections 5.6 and 6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from field_client import views
from field_client.actions import Desk
from field_client.faults import NotPossibleError
from schemas.values import format_instant
from sync.rebase import View

Json = Any
FIRST_PURPOSE = ("routine",)


@dataclass(frozen=True)
class Place:
    """Where the device is: micro-degrees (WGS-84) and metres."""

    lat_e6: int
    lon_e6: int
    acc_m: int


@dataclass(frozen=True)
class Promise:
    """What the customer promised to pay, and when."""

    amount_fen: int
    on: date


def planned(desk: Desk, customer: str) -> View | None:
    """Return the visit to a customer that is due: planned for today or before, the oldest first."""
    today = desk.today().isoformat()
    due = [
        it for it in views.records(desk.store, "visit", customer)
        if it.fields.get("state") in ("planned", "missed") and it.fields.get("planned_on", "") <= today
    ]  # fmt: skip
    return min(due, key=lambda it: (it.fields.get("planned_on", ""), it.id), default=None)


def start(
    desk: Desk, customer: View, visit: View | None, purposes: Sequence[str], place: Place | None
) -> str:
    """Start a planned visit, or an unplanned one where *visit* is None; return the visit's id."""
    if visit is not None:
        _check_state(visit, ("planned", "missed"), "visit-not-due")
    arrival = {
        "arrived_at": format_instant(desk.now()),
        "arrive_lat_e6": place.lat_e6 if place else None,
        "arrive_lon_e6": place.lon_e6 if place else None,
        "arrive_acc_m": place.acc_m if place else None,
    }
    action = desk.begin("visit.start")
    if visit is None:
        fields = {"purposes": list(purposes or FIRST_PURPOSE), "state": "in_progress", **arrival}
        made = action.create("visit", customer.id, fields)
    else:
        made = visit.id
        added = {"purposes": {"add": list(purposes)}} if purposes else {}
        action.update(visit.id, {"state": "in_progress", **arrival, **added})
    action.save()
    return made


def finish(
    desk: Desk,
    visit: View,
    outcome: str,
    summary: str | None,
    met_with: Sequence[str],
    reason: str | None,
    promise: Promise | None,
    promise_title: str,
) -> int:
    """Finish a visit; a promise also becomes a task. Return the number of the set."""
    _check_state(visit, ("in_progress",), "not-a-visit")
    told: dict[str, Json] = {
        "state": "completed", "left_at": format_instant(desk.now()), "outcome": outcome,
        "summary": summary, "reason": reason,
    }  # fmt: skip
    fields = {name: value for name, value in told.items() if value is not None}
    if met_with:
        fields["met_with"] = {"add": list(met_with)}
    if promise is not None:
        fields |= {"promise_amount_fen": promise.amount_fen, "promise_on": promise.on.isoformat()}
    action = desk.begin("visit.finish")
    action.update(visit.id, fields)
    if promise is not None:
        task = {"title": promise_title, "due_on": promise.on.isoformat(), "source": "promise"}
        action.create("task", visit.customer, {**task, "record_type": "visit", "record": visit.id})
    if outcome == "done" and visit.customer and views.shown(desk.store, visit.customer):
        action.update(visit.customer, {"last_contact_on": desk.today().isoformat()})
    saved = action.save()
    if saved is None:
        raise NotPossibleError(reason="nothing-changed")
    return saved.number


def _check_state(visit: View, states: Sequence[str], reason: str) -> None:
    if visit.type != "visit" or visit.fields.get("state") not in states:
        raise NotPossibleError(reason=reason)


def write_note(desk: Desk, customer: View, kind: str, fields: Mapping[str, Json]) -> str:
    """Write an inspection note bound to the newest checklist of its kind; return its id.

    *fields* may have `answers`: {question: value, or {"value", "note"}}.
    """
    checklist = newest_checklist(desk, kind)
    whole = {
        "kind": kind, "checklist_code": checklist.fields["code"],
        "checklist_version": checklist.fields["version"],
        "inspector_ids": [desk.store.user_id()],
        **{name: value for name, value in fields.items() if name != "answers"},
        **flat_answers(fields.get("answers") or {}),
    }  # fmt: skip
    action = desk.begin("note")
    made = action.create("inspection_note", customer.id, whole)
    action.save()
    return made


def newest_checklist(desk: Desk, kind: str) -> View:
    """Return the newest published checklist of a kind."""
    found = [it for it in views.records(desk.store, "checklist") if it.fields.get("kind") == kind]
    if not found:
        raise NotPossibleError(reason="no-checklist", kind=kind)
    return max(found, key=lambda it: (it.fields["version"], it.id))


def flat_answers(answers: Mapping[str, Json]) -> dict[str, Json]:
    """Return answers as the leaves of the keyed map: `answers.F01.value`, `answers.F01.note`."""
    flat: dict[str, Json] = {}
    for question, answer in answers.items():
        leaves = answer if isinstance(answer, Mapping) else {"value": answer}
        flat |= {f"answers.{question}.{leaf}": value for leaf, value in leaves.items()}
    return flat
