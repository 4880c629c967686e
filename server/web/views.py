"""The summary and the list behind its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request

from server import incidents, quarantine, receipt_dates
from server.context import context
from server.db import reading
from server.readmodels import loan_positions
from server.web import figures, queries, visitor
from server.web.figures import Crew, Money
from server.web.listed import list_items
from server.web.site import pages, speech

OLDEST_SHOWN = 5
NAMES_SHOWN = 4
ROWS_A_PAGE = 50
INCIDENTS_SHOWN_FOR = timedelta(days=7)
OVER = ("0", "30", "90", "restructured")


@pages.get("/")
def summary() -> str:
    """Answer: who needs me today, is the portfolio sound, how old is this?"""
    who, parts, said = visitor.present(), context(), speech()
    positions = loan_positions(parts.engine, who.branch, said.today)
    with reading(parts.engine) as connection:
        people = queries.people_with_tablets(connection, who.branch)
        visits = queries.visit_counts(connection, who.branch, said.today.isoformat())
        conflicts = queries.conflicts(connection, who.branch, "open")
        aside = quarantine.count(connection, who.branch)
        differed, differed_at = incidents.since(
            connection, who.branch, incidents.DIGEST_MISMATCH, said.now - INCIDENTS_SHOWN_FOR
        )
        oldest = conflicts[:OLDEST_SHOWN]
        named = queries.records_by_id(connection, who.branch, _customers(oldest))
    receipts = receipt_dates.brief(parts, who.branch, said.today)
    crew = figures.crew(
        people, visits, positions, figures.conflicts_by_author(it.fields for it in conflicts),
        said.now, _midnight(), said.today,
    )  # fmt: skip
    names = {it.id: it.name for it in people}
    return render_template(
        "summary.html",
        money=Money.of(positions, said.today),
        crew=crew,
        silent=_silent(crew),
        conflicts=list_items(parts.registry, said, who.user, oldest, named, names),
        open_conflicts=len(conflicts),
        oldest_at=conflicts[0].opened_at if conflicts else None,
        aside=aside,
        differed=differed,
        differed_at=differed_at,
        receipts=receipts,
    )


def _midnight() -> datetime:
    said = speech()
    return datetime.combine(said.now.astimezone(said.zone).date(), time(), said.zone)


def _silent(crew: Crew) -> list[str]:
    """Return who has not been heard, each with for how long; not more than fit into a sentence."""
    said = speech()
    told = [
        said.t("silent.for", name=it.name, age=said.age(it.silent_since))
        if it.silent_since
        else said.t("silent.never", name=it.name)
        for it in crew.silent
    ]
    more = len(told) - NAMES_SHOWN
    return told if more <= 1 else [*told[:NAMES_SHOWN], said.t("silent.more", n=more)]


def _customers(rows: Iterable[Any]) -> set[str]:
    return {it.customer for it in rows if it.customer}


@pages.get("/arrears")
def arrears() -> str:
    """List the loans behind a PAR figure, a page at a time."""
    who, parts, said = visitor.present(), context(), speech()
    over = request.args.get("over", "0")
    over = over if over in OVER else "0"
    officer = request.args.get("officer")
    positions = loan_positions(parts.engine, who.branch, said.today)
    if officer is not None:
        positions = [it for it in positions if it.officer == officer]
    money = Money.of(positions, said.today)
    late = money.late(over)
    page, count = paged(len(late), request.args.get("page"))
    shown = late[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    wanted = {it.position.customer for it in shown} | {it.position.loan for it in shown}
    with reading(parts.engine) as connection:
        named = queries.records_by_id(connection, who.branch, wanted)
        people = queries.names_of_people(connection, _officers(shown, officer))
        counts = queries.count_conflicts(connection, who.branch)
    return render_template(
        "arrears.html", money=money, over=over, officer=officer, options=OVER, rows=shown,
        count=len(late), page=page, pages=count, named=named, people=people,
        open_conflicts=counts.get("open", 0),
    )  # fmt: skip


def _officers(rows: Sequence[Any], wanted: str | None) -> set[str]:
    return {it.position.officer for it in rows if it.position.officer} | (
        {wanted} if wanted else set()
    )


def paged(count: int, wish: str | None, size: int = ROWS_A_PAGE) -> tuple[int, int]:
    """Return the page to show, whatever was asked for, and how many there are."""
    pages_ = max(1, -(-count // size))
    page = int(wish) if wish and wish.isascii() and wish.isdigit() and len(wish) < 9 else 1
    return min(max(page, 1), pages_), pages_
