"""Today: where next, and what to do there; and how it stands with the copy itself (shared design, "States")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from field_client import loans, views
from field_client.attention import attention, state_of
from field_client.sets import STATES, OwnSet
from field_client.store import NOT_SIMPLY_ACCEPTED, Store
from schemas.values import parse_instant
from sync.rebase import View

Json = Any
Kind = Literal["visit", "task", "repayment", "contact", "rhythm"]
Strip = Literal["all_synced", "waiting", "old", "needs_attention", "files"]
OLD_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Duty:
    """One thing to do: what it is, for whom, since when it is due; `amount_fen` where money is."""

    kind: Kind
    customer: str | None
    record: View
    due_on: date
    amount_fen: int = 0
    dpd: int = 0


def duties(store: Store, today: date) -> list[Duty]:
    """Return what is to be done by *today*, the longest due first."""
    user = store.user_id()
    found = [*_visits(store, user, today), *_tasks(store, user, today), *_dues(store, today)]
    found += _contacts(store, today)
    return sorted(found, key=lambda it: (it.due_on, it.kind, it.record.id))


def _visits(store: Store, user: str, today: date) -> Iterator[Duty]:
    for it in views.records(store, "visit"):
        fields = it.fields
        if user not in (fields.get("officer_id", user), fields.get("co_officer_id")):
            continue
        on = _date(fields.get("planned_on"))
        if fields.get("state") == "in_progress" or (
            fields.get("state") in ("planned", "missed") and on and on <= today
        ):
            yield Duty("visit", it.customer, it, on or today)


def _tasks(store: Store, user: str, today: date) -> Iterator[Duty]:
    for it in views.records(store, "task"):
        due = _date(it.fields.get("due_on"))
        mine = it.fields.get("assignee_id", user) == user
        if mine and it.fields.get("state") == "open" and due and due <= today:
            yield Duty("task", it.customer, it, due)


def _dues(store: Store, today: date) -> Iterator[Duty]:
    for it in views.records(store, "loan"):
        if it.fields.get("state") != "active":
            continue
        state = loans.replayed(store, it, today).state
        if state.due_today_fen > 0:
            since = today - timedelta(days=state.dpd)
            yield Duty("repayment", it.customer, it, since, state.due_today_fen, state.dpd)


def _contacts(store: Store, today: date) -> Iterator[Duty]:
    for it in views.records(store, "customer"):
        due = _date(it.fields.get("next_contact_on"))
        if due and due <= today:
            yield Duty("contact", it.id, it, due)


def _date(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


# ---------------------------------------------------------------------------------------- status


@dataclass(frozen=True)
class Status:
    """How it stands with this device: what waits, what needs its user, how old the data is.

    Attributes:
        states: how many sets and drafts are in each of the five states.
        waiting: how many are Ready or Sent; `oldest` is when the oldest of them was made.
        attention: how many things need the user: his own sets, open conflicts, returned work.
        all_synced: every set is accepted and the last pull has ended: proved, not assumed.
        files_waiting: photos and other files that are not at the branch; `files_refused`: never will be.
    """

    strip: Strip
    all_synced: bool
    states: Mapping[str, int]
    waiting: int
    oldest: str | None
    attention: int
    conflicts: int
    synced_at: str | None
    data_as_of: str | None
    position: int
    skew_seconds: int | None
    incidents: int
    files_waiting: int = 0
    files_refused: int = 0


def status(store: Store, now: datetime) -> Status:
    """Return how it stands now."""
    by_state: dict[str, list[OwnSet]] = {name: [] for name in STATES}
    for one in store.own_sets(NOT_SIMPLY_ACCEPTED):
        by_state[state_of(store, one)].append(one)
    waiting = [*by_state["ready"], *by_state["sent"]]
    needing = attention(store)
    files = store.count_waiting_files()
    identity = store.identity()
    all_synced = identity.caught_up and not waiting and not by_state["needs_attention"]
    counts = {name: len(found) for name, found in by_state.items()}
    counts["draft"] = len(store.drafts())
    counts["accepted"] += store.count_sets(f"NOT ({NOT_SIMPLY_ACCEPTED})")
    return Status(
        strip=_strip(all_synced, bool(needing), _is_old(identity.synced_at, now), files > 0),
        all_synced=all_synced,
        states=counts,
        waiting=len(waiting),
        oldest=min((it.made_at for it in waiting), default=None),
        attention=len(needing),
        conflicts=sum(it.reason == "conflict" for it in needing),
        synced_at=identity.synced_at,
        data_as_of=identity.data_as_of,
        position=identity.position,
        skew_seconds=identity.skew_seconds,
        incidents=len(store.incidents()),
        files_waiting=files,
        files_refused=len(store.refused_files()),
    )


def _strip(all_synced: bool, needing: bool, old: bool, files: bool) -> Strip:
    if needing:
        return "needs_attention"
    if old:
        return "old"
    if all_synced:
        return "files" if files else "all_synced"
    return "waiting"


def _is_old(synced_at: str | None, now: datetime) -> bool:
    """Tell whether no sync has been complete for a day; of a clock that went back, nothing is said."""
    return synced_at is None or now - parse_instant(synced_at) > OLD_AFTER
