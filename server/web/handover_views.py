"""Handovers: the list, one of them with what tablets hold unsent, and each person's part in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from schemas import problems
from schemas.declare import Json
from schemas.handover import HANDOVER, REASONS, STATES
from schemas.signatures import content_hash, signature
from schemas.values import format_instant, is_record_id
from schemas.words import describe, fault_message, pick
from server import decisions, handovers, office
from server.context import context
from server.db import reading, writing
from server.logs import note
from server.web import queries, visitor
from server.web.handover_page import TARGETS, TONES, Offer, offer_of, written
from server.web.site import pages, speech
from server.web.views import paged
from sync.guards.handovers import PEOPLE

ROWS_A_PAGE = 30


@dataclass(frozen=True)
class Loaded:
    """One handover: its fields, what `server.handovers` tells of it, and what it offers the visitor."""

    id: str
    fields: Mapping[str, Json]
    seen: Mapping[str, Json]
    offer: Offer
    open_conflicts: int


# ---------------------------------------------------------------------------------------- the list


@pages.get("/handovers", endpoint="handovers")
def handover_list() -> str:
    """List the handovers that the visitor may see, the newest first."""
    who, parts = visitor.present(), context()
    with reading(parts.engine) as connection:
        rows = [handovers.as_json(it) for it in handovers.listed(connection, who.bearer())]
        page, count = paged(len(rows), request.args.get("page"))
        shown = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        named = {it[part] for it in shown for part in PEOPLE}
        people = queries.names_of_people(connection, named)
        conflicts = open_conflicts(connection)
    return render_template(
        "handovers.html", rows=shown, people=people, page=page, pages=count, tones=TONES,
        state_name=state_name, reason_name=reason_name, open_conflicts=conflicts,
    )  # fmt: skip


def open_conflicts(connection: Connection) -> int:
    """Return the count beside the navigation, for those who have that page."""
    who = visitor.present()
    return queries.count_conflicts(connection, who.branch).get("open", 0) if who.reads else 0


def state_name(state: str) -> str:
    """Return what people call a state of a handover."""
    return pick(STATES.options[state], speech().lang)


def reason_name(reason: str) -> str:
    """Return what people call the reason of a handover."""
    return pick(REASONS.options[reason], speech().lang)


# ------------------------------------------------------------------------------------- one of them


@pages.get("/handovers/<handover_id>", endpoint="handover")
def one_handover(handover_id: str) -> Response:
    """Show one handover and, to whoever has a part in it now, the form."""
    with reading(context().engine) as connection:
        loaded = _load(connection, handover_id)
    return _show(loaded, {}, {}, 200)


def _load(connection: Connection, handover_id: str) -> Loaded:
    who = visitor.present()
    if not is_record_id(handover_id):
        raise problems.NotFoundError
    fields = handovers.find(connection, who.bearer(), handover_id)
    seen = handovers.look(connection, who.bearer(), handover_id, fields)
    offer = offer_of(seen, who.user, who.role)
    return Loaded(handover_id, fields, seen, offer, open_conflicts(connection))


def _show(
    loaded: Loaded, typed: Mapping[str, str], faults: Mapping[str, str], status: int
) -> Response:
    seen = loaded.seen
    names = {part: it["name"] or speech().t("unknown") for part, it in seen["people"].items()}
    body = render_template(
        "handover.html",
        id=loaded.id,
        seen=seen,
        offer=loaded.offer,
        named={
            "outgoing": names["from_officer"], "incoming": names["to_officer"],
            "witness": names["witness"],
        },
        state=state_name(seen["state"]),
        tone=TONES[seen["state"]],
        reason=reason_name(seen["reason"]),
        hash=content_hash(loaded.fields),
        typed=typed,
        faults=faults,
        open_conflicts=loaded.open_conflicts,
    )  # fmt: skip
    return make_response(body, status)


# --------------------------------------------------------------------------------- what people do


@pages.post("/handovers/<handover_id>/<any(notes, appraisals, answers, rulings):part>")
def handover_written(handover_id: str, part: str) -> Response:
    """Save the visitor's part: notes, appraisals, answers or rulings."""
    who, typed = visitor.present(), dict(request.form.items())
    with reading(context().engine) as connection:
        loaded = _load(connection, handover_id)
    if loaded.offer.writing != part:
        return _not_now(handover_id)
    said = written(loaded.offer, loaded.seen, who.user, typed)
    if said.missing:
        needed = fault_message("required", None, None, None, speech().lang)
        return _show(loaded, typed, dict.fromkeys(said.missing, needed), 422)
    if not said.fields:
        return _back(handover_id, "handover.said.nothing", "warn")
    return _submit(loaded, f"handover.{part}", said.fields, f"handover.said.{part}", typed)


@pages.post("/handovers/<handover_id>/<any(open, cancel):move>")
def handover_moved(handover_id: str, move: str) -> Response:
    """Ask the three, or cancel the handover."""
    with reading(context().engine) as connection:
        loaded = _load(connection, handover_id)
    if not visitor.present().decides:
        raise problems.NotPermittedError
    if move not in loaded.offer.moves:
        return _not_now(handover_id)
    wish = next(it for it in loaded.offer.moves if it == move)
    return _submit(
        loaded, f"handover.{wish}", {"state": TARGETS[wish]}, f"handover.said.{wish}", {}
    )


@pages.post("/handovers/<handover_id>/sign")
def handover_signed(handover_id: str) -> Response:
    """Sign what the visitor saw; where it has changed since, it is shown once more."""
    who, parts = visitor.present(), context()
    with reading(parts.engine) as connection:
        loaded = _load(connection, handover_id)
    if not loaded.offer.signs:
        return _not_now(handover_id)
    if request.form.get("hash") != content_hash(loaded.fields):
        return _back(handover_id, "handover.said.changed", "warn")
    now = parts.now()
    fields = signature(office.new_id(now), who.user, format_instant(now), loaded.fields)
    return _submit(loaded, "handover.sign", fields, "handover.said.sign", {})


def _submit(
    loaded: Loaded,
    action: str,
    fields: Mapping[str, Json],
    done: str,
    typed: Mapping[str, str],
) -> Response:
    who, parts = visitor.present(), context()
    change = {
        "op": "update", "type": "handover", "id": loaded.id, "customer": None, "set": dict(fields),
    }  # fmt: skip
    try:
        with writing(parts.engine) as connection:
            contact = decisions.web_contact(connection, who.bearer(), parts.settings, parts.now())
            result = office.submit(connection, parts.registry, contact, action, [change])
            decisions.refused_or(result)
    except (problems.BadRequestError, problems.NotPermittedError) as error:
        return _show(loaded, typed, refusals(error.errors), 422)
    note(handover=loaded.id, outcome=result["status"])
    return _back(loaded.id, done, "ok")


def refusals(faults: Sequence[Any]) -> dict[str, str]:
    """Return why the branch did not take a set, by the input that it is about."""
    found: dict[str, str] = {}
    for it in faults:
        parts = (it.field or "").split(".")
        place = f"text-{parts[1]}" if len(parts) == 3 and parts[0] == "items" else "handover"
        found.setdefault(place, describe(it, HANDOVER, speech().lang))
    return found


def _not_now(handover_id: str) -> Response:
    """Say that it is not, or no longer, the visitor's turn."""
    return _back(handover_id, "handover.said.changed", "warn")


def _back(handover_id: str, key: str, tone: str) -> Response:
    flash(speech().t(key), tone)
    return redirect(url_for("web.handover", handover_id=handover_id), 303)


@pages.get(
    "/handovers/<handover_id>/<any(notes, appraisals, answers, rulings, open, cancel, sign):part>"
)
def back_to_handover(handover_id: str, part: str) -> Response:
    """Send whoever opens the address of a button to the handover."""
    return redirect(url_for("web.handover", handover_id=handover_id), 303)
