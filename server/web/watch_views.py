"""Lines to look at (W12, W16, W17, officer audits), odd value dates, and the list of large borrowers (W14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request

from schemas.customer import SEGMENTS
from schemas.derived.early_warning.lines import Line
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.words import pick
from server import audits_due, large, readmodels, watch
from server.context import context
from server.day_close import units_and_people
from server.db import reading
from server.watch import Watched
from server.web import queries, visitor
from server.web.listed import Name, name_of
from server.web.site import pages, speech
from server.web.views import paged

RULES = ("W12", "W16", "W17", audits_due.RULE)
ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Shown:
    """One line in words: whom or what it is about, what is odd, and to which page it leads."""

    severity: str
    about: str
    customer: Name | None
    customer_id: str | None
    on: date | None
    what: str


@pages.get("/watch", endpoint="watch")
def lines_to_look_at() -> str:
    """List what asks for a second look, by rule, the gravest first."""
    who, parts, said = visitor.present(), context(), speech()
    found = watch.look(parts, who.branch, said.today)
    with reading(parts.engine) as connection:
        named = queries.records_by_id(connection, who.branch, _customers(found))
        counts = queries.count_conflicts(connection, who.branch)
    rows = {
        rule: [_shown(it, found, named) for it in found.lines if it.rule == rule] for rule in RULES
    }
    page, count = paged(len(found.dates), request.args.get("page"), ROWS_A_PAGE)
    return render_template(
        "watch.html",
        rows={rule: few for rule, few in rows.items() if few},
        dates=found.dates[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        count=len(found.dates),
        page=page,
        pages=count,
        who=lambda user: _user(found, user),
        open_conflicts=counts.get("open", 0),
    )


def _customers(found: Watched) -> set[str]:
    return {found.visits[it.subject].customer for it in found.lines if it.subject in found.visits}


def _shown(line: Line, found: Watched, named: Mapping[str, Any]) -> Shown:
    visit = found.visits.get(line.subject)
    if visit is not None:
        return Shown(
            line.severity, _user(found, visit.officer), name_of(named.get(visit.customer)),
            visit.customer, date.fromisoformat(visit.made_on), _what(line),
        )  # fmt: skip
    unit = found.sight.record(line.subject)
    about = unit.fields.get("name", "") if unit is not None else line.subject
    return Shown(line.severity, about or speech().t("unknown"), None, None, None, _what(line))


def _what(line: Line) -> str:
    """Return what is odd, in words."""
    said = speech()
    if line.rule == "W16":
        label = SEGMENTS.options.get(line.reason)
        crop = pick(label, said.lang) if label else line.reason
        return said.t("watch.share", share=said.share(line.figure, 1), crop=crop)
    kind, _, month = line.reason.partition("reversals-")
    if month:
        return said.t("watch.reversals", n=line.figure, month=month)
    return said.t(f"watch.{kind}", n=line.figure)


def _user(found: Watched, user: str | None) -> str:
    state = found.sight.record(user)
    name = state.fields.get("name") if state is not None else None
    return str(name) if name else speech().t("nobody")


@pages.get("/large", endpoint="large")
def large_borrowers() -> str:
    """List the large borrowers of each outlet with who answers for them and their next look."""
    who, parts, said = visitor.present(), context(), speech()
    readmodels.bring_up(parts.engine, who.branch, said.today)
    with reading(parts.engine) as connection:
        sight = units_and_people(connection, who.branch, said.today)
        found = large.listed(connection, who.branch, sight)
        page, count = paged(len(found), request.args.get("page"), ROWS_A_PAGE)
        shown = found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        named = queries.records_by_id(connection, who.branch, {it.customer for it in shown})
        people = queries.names_of_people(connection, {it.officer for it in shown if it.officer})
        counts = queries.count_conflicts(connection, who.branch)
    numbers = {key: sight.number(key, who.branch) for key in NUMBERS}
    units = {it.id: it.fields.get("name", "") for it in sight.of("org_unit")}
    return render_template(
        "large.html", rows=shown, named=named, people=people, units=units, page=page, pages=count,
        bound=numbers["large_exposure_above_fen"], top=numbers["large_top"],
        open_conflicts=counts.get("open", 0),
    )  # fmt: skip
