"""Preparing a handover: whose customers, which of them, to whom, when (domain.md, section 6.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from schemas import problems
from schemas.handover import HANDOVER, REASONS, WITNESSES
from schemas.wire.handovers import HandoverRequest, parse_handover
from schemas.words import describe, pick
from server import handovers
from server.context import context
from server.db import reading
from server.web import queries, visitor
from server.web.handover_views import open_conflicts
from server.web.site import pages, speech

ASKED = ("outgoing", "incoming", "witness", "reason", "effective_on")
PLACES = {"from_officer_id": "outgoing", "to_officer_id": "incoming", "witness_id": "witness"}
"""Which input a field of the record comes from."""


@pages.get("/handovers/new", endpoint="handover_new")
def new_handover() -> Response:
    """Ask whose customers are handed over; then which, to whom, who witnesses, when and why."""
    _check()
    return _form({"outgoing": request.args.get("outgoing", "")}, None, {}, 200)


@pages.post("/handovers/new", endpoint="handover_prepared")
def prepare_handover() -> Response:
    """Prepare the handover as the form says, or show what is missing in it."""
    _check()
    who, parts = visitor.present(), context()
    typed = {name: request.form.get(name, "") for name in ASKED}
    chosen = request.form.getlist("customers")
    try:
        wish = _wish(typed, chosen)
        made = handovers.prepare(
            parts.engine, parts.registry, parts.settings, who.bearer(), parts.now(), wish
        )
    except (problems.BadRequestError, problems.NotPermittedError) as error:
        return _form(typed, chosen, _faults(error.errors), 422)
    flash(speech().t("handover.prepared", n=made["customers"]), "ok")
    return redirect(url_for("web.handover", handover_id=made["id"]), 303)


def _check() -> None:
    if not visitor.present().decides:
        raise problems.NotPermittedError


def _wish(typed: Mapping[str, str], chosen: list[str]) -> HandoverRequest:
    return parse_handover({**typed, "customers": chosen})


def _faults(faults: Any) -> dict[str, str]:
    """Return what is wrong, by the input it is about."""
    found: dict[str, str] = {}
    for it in faults:
        place = PLACES.get(it.field, it.field or "outgoing")
        found.setdefault(place.partition(".")[0], describe(it, HANDOVER, speech().lang))
    return found


def _form(
    typed: Mapping[str, str], chosen: list[str] | None, faults: Mapping[str, str], status: int
) -> Response:
    who, parts, said = visitor.present(), context(), speech()
    with reading(parts.engine) as connection:
        people = queries.staff(connection, who.branch, WITNESSES)
        outgoing = next((it for it in people if it.username == typed["outgoing"]), None)
        listed = handovers.held(connection, who.branch, outgoing.id) if outgoing else {}
        conflicts = open_conflicts(connection)
    body = render_template(
        "handover_new.html",
        officers=[it for it in people if it.role == "officer"],
        people=people,
        outgoing=outgoing,
        customers=sorted(listed.items(), key=lambda it: it[1]),
        chosen=set(listed) if chosen is None else set(chosen),
        reasons=[(key, pick(label, said.lang)) for key, label in REASONS.options.items()],
        typed=typed,
        faults=faults,
        open_conflicts=conflicts,
    )
    return make_response(body, status)
