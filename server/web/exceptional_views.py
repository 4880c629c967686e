"""Exceptions to policy and the emergency path, for supervisors and auditors (domain.md, sections 3.3 and 7.6, A05)."""

from __future__ import annotations

from flask import render_template, request

from schemas.loan_application import STATES
from schemas.words import pick
from server import exceptional
from server.context import context
from server.db import reading
from server.web import queries, visitor
from server.web.site import pages, speech
from server.web.views import paged

ROWS_A_PAGE = 50


@pages.get("/exceptions", endpoint="exceptions")
def exceptions() -> str:
    """List what was decided out of the ordinary, with the review that is owed."""
    who, parts, said = visitor.present(), context(), speech()
    with reading(parts.engine) as connection:
        found = exceptional.listed(connection, who.branch)
        page, count = paged(len(found), request.args.get("page"), ROWS_A_PAGE)
        shown = found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        named = queries.records_by_id(connection, who.branch, {it.customer for it in shown})
        officers = {str(it.fields.get("officer_id")) for it in shown if it.fields.get("officer_id")}
        people = queries.names_of_people(connection, officers)
        counts = queries.count_conflicts(connection, who.branch)
    return render_template(
        "exceptions.html", rows=shown, named=named, people=people, page=page, pages=count,
        state=lambda it: pick(STATES.options[it.fields["state"]], said.lang),
        today=said.today.isoformat(), open_conflicts=counts.get("open", 0),
    )  # fmt: skip
