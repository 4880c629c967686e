"""The page of the quarantine: a supervisor reads what was not accepted, and why."""

from __future__ import annotations

from flask import render_template, request

from server import quarantine
from server.context import context
from server.db import reading
from server.web import queries, visitor
from server.web.quarantine_page import aside_of, ids_of, set_of
from server.web.shown import title_of
from server.web.site import pages, speech
from server.web.views import paged

SETS_A_PAGE = 20
SHOWS = ("waiting", "withdrawn")


@pages.get("/quarantine", endpoint="quarantine")
def quarantine_list() -> str:
    """List the sets that were kept aside, oldest first; those that were taken back apart."""
    who, parts, said = visitor.present(), context(), speech()
    show = "withdrawn" if request.args.get("show") == "withdrawn" else "waiting"
    with reading(parts.engine) as connection:
        counts = {it: quarantine.count(connection, who.branch, it == "withdrawn") for it in SHOWS}
        page, count = paged(counts[show], request.args.get("page"), SETS_A_PAGE)
        rows = quarantine.listed(
            connection, who.branch, show == "withdrawn", SETS_A_PAGE, (page - 1) * SETS_A_PAGE
        )
        ids = ids_of(map(set_of, rows))
        records = queries.records_by_id(connection, who.branch, ids)
        people = queries.names_of_people(connection, {it.user for it in rows if it.user} | ids)
        tablets = queries.tablet_codes(connection, {it.device for it in rows})
        open_conflicts = queries.count_conflicts(connection, who.branch).get("open", 0)
    titles = {key: title_of(parts.registry, it, said.lang) for key, it in records.items()}
    names = {**people, **{key: it for key, it in titles.items() if it}}
    return render_template(
        "quarantine.html", show=show, shows=SHOWS, counts=counts, page=page, pages=count,
        sets=[
            aside_of(parts.registry, said, who.user, it, people, tablets, records, names)
            for it in rows
        ],
        open_conflicts=open_conflicts,
    )  # fmt: skip
