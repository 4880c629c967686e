"""Reversals: what is asked for, and the page on which a supervisor or a clerk makes one (rule SOD-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from schemas import problems
from schemas.repayment import CHANNELS, REPAYMENT
from schemas.values import is_record_id
from schemas.words import describe, fault_message, pick
from server import decisions, reversals
from server.context import context
from server.db import reading, writing
from server.logs import note
from server.reversals import Request
from server.web import queries, visitor
from server.web.entered import tidy
from server.web.handover_views import open_conflicts
from server.web.listed import Name, name_of, person
from server.web.site import pages, speech
from server.web.views import paged

ROWS_A_PAGE = 30
Row = Any


@dataclass(frozen=True)
class Asked:
    """A request as the pages show it; `by`: who asked, when and why, each in words."""

    request: Request
    customer: Name | None
    channel: str
    collected_by: str
    by: list[tuple[str, str]]
    may: bool
    only_asked_by_oneself: bool


@pages.get("/reversals", endpoint="reversals")
def reversal_list() -> str:
    """List what officers ask to undo, the longest asked first."""
    who, parts = visitor.present(), context()
    with reading(parts.engine) as connection:
        found = reversals.asked(connection, who.branch)
        page, count = paged(len(found), request.args.get("page"))
        shown = _told(connection, found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE])
        conflicts = open_conflicts(connection)
    return render_template(
        "reversals.html", rows=shown, page=page, pages=count, open_conflicts=conflicts
    )


@pages.get("/reversals/<receipt_id>", endpoint="reversal")
def one_reversal(receipt_id: str) -> Response:
    """Show one request and, to whoever may make the reversal, the form."""
    return _show(receipt_id, {}, {}, 200)


@pages.post("/reversals/<receipt_id>", endpoint="reversed_")
def reverse(receipt_id: str) -> Response:
    """Make the reversal, or show what is missing in the form."""
    who, parts, typed = visitor.present(), context(), dict(request.form.items())
    _check(receipt_id)
    if who.role not in reversals.MAKERS:
        raise problems.NotPermittedError
    number = tidy(typed.get("receipt_no", ""))
    said = tidy(typed.get("note", ""))
    if not number:
        return _show(receipt_id, typed, {"receipt_no": _needed()}, 422)
    try:
        with writing(parts.engine) as connection:
            contact = decisions.web_contact(connection, who.bearer(), parts.settings, parts.now())
            found = reversals.find(connection, who.branch, receipt_id)
            result = reversals.make(
                connection, parts.registry, contact, found, number, said or None
            )
    except (problems.BadRequestError, problems.NotPermittedError) as error:
        return _show(receipt_id, typed, _faults(error.errors), 422)
    note(receipt=receipt_id, outcome=result["status"])
    flash(speech().t("reversal.done", number=found.receipt.fields["receipt_no"]), "ok")
    return redirect(url_for("web.reversals"), 303)


def _check(receipt_id: str) -> None:
    if not is_record_id(receipt_id):
        raise problems.NotFoundError


def _needed() -> str:
    return fault_message("required", None, None, None, speech().lang)


def _faults(faults: Iterable[Any]) -> dict[str, str]:
    """Return why the branch did not take it, by the input that it is about."""
    found: dict[str, str] = {}
    for it in faults:
        place = it.field if it.field in ("receipt_no", "note") else "reversal"
        found.setdefault(place, describe(it, REPAYMENT, speech().lang))
    return found


def _show(
    receipt_id: str, typed: Mapping[str, str], faults: Mapping[str, str], status: int
) -> Response:
    who, parts = visitor.present(), context()
    _check(receipt_id)
    with reading(parts.engine) as connection:
        found = reversals.find(connection, who.branch, receipt_id)
        (shown,) = _told(connection, [found])
        conflicts = open_conflicts(connection)
    number = typed.get("receipt_no", f"R-{found.receipt.fields['receipt_no']}"[:40])
    body = render_template(
        "reversal.html", it=shown, id=receipt_id, number=number, typed=typed, faults=faults,
        open_conflicts=conflicts,
    )  # fmt: skip
    return make_response(body, status)


def _told(connection: Connection, found: list[Request]) -> list[Asked]:
    who, said = visitor.present(), speech()
    customers = {it.receipt.customer for it in found if it.receipt.customer}
    records = queries.records_by_id(connection, who.branch, customers)
    users = {one.created_by for it in found for one in it.tasks if one.created_by}
    users |= {taker for it in found if (taker := it.receipt.fields.get("collected_by"))}
    people = queries.names_of_people(connection, users)
    return [
        Asked(
            it,
            name_of(records.get(it.receipt.customer or "")),
            pick(CHANNELS.options[it.receipt.fields["channel"]], said.lang),
            people.get(it.receipt.fields.get("collected_by") or "", said.t("nobody")),
            [(_by(one, people), one.fields["title"]) for one in it.tasks],
            it.may_be_made_by(who.user, who.role),
            {one.created_by for one in it.tasks} == {who.user},
        )
        for it in found
    ]


def _by(task: Row, people: Mapping[str, str]) -> str:
    who, said = visitor.present(), speech()
    name = person(said, who.user, task.created_by, people)
    return said.t("reversal.asked", name=name, moment=said.moment(task.changed_at))
