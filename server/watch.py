"""Lines on the supervisor's and the auditor's pages (W12, W16, W17, officer audits), and odd value dates.

The rules are `schemas/derived/early_warning/lines.py` and `schemas/derived/value_dates.py`; here is what
they look at, a fixed number of statements, each by an index. The lines are never stored: a tablet that
could pull them would show them to the officer whom they are about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, union_all

from schemas.derived.early_warning.lines import (
    Evidence,
    Holding,
    Line,
    Receipt,
    concentration,
    graver,
    odd_evidence,
    receipts_out_of_order,
)
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.values import parse_instant
from server import audits_due, field_book, large, readmodels
from server.accounts import account
from server.context import Context
from server.day_close import units_and_people
from server.db import reading
from server.distances import metres_between
from server.field_book import receipt_line
from server.readmodels import loan_position, text_of
from server.receipt_dates import DAYS, Dated, odd_dates
from server.store import record
from server.visit_book import visit_evidence, visit_photo
from sync.guards.sight import Sight

Json = Any
CLOCK_JUMP_MS = 10 * 60 * 1000
LIVING_ON = ("grain", "cash_crop", "livestock", "aquaculture")
"""Segments whose households live on one crop or herd, if they say on which."""


@dataclass(frozen=True)
class Watched:
    """What there is to look at; `visits` are those that lines are about, by id."""

    lines: tuple[Line, ...]
    dates: tuple[Dated, ...]
    visits: Mapping[str, Row[Any]]
    sight: Sight


def look(parts: Context, branch_id: str, today: date) -> Watched:
    """Return the lines of a branch on a day, W12 first, and the receipts of 30 days with odd value dates."""
    field_book.bring_up(parts.engine, branch_id)
    readmodels.bring_up(parts.engine, branch_id, today)
    with reading(parts.engine) as connection:
        sight = units_and_people(connection, branch_id, today)
        numbers = {key: sight.number(key, branch_id) for key in NUMBERS}
        visits = _visits(connection, branch_id, today)
        lines = [
            *_graver_where_large(
                connection, branch_id, sight, visits,
                _of_visits(connection, branch_id, visits, numbers),
            ),
            *concentration(_holdings(connection, branch_id), numbers),
            *receipts_out_of_order(_receipts(connection, branch_id, today), today, numbers),
            *audits_due.lines(connection, branch_id, sight, today),
        ]  # fmt: skip
        dates = odd_dates(connection, parts.settings, branch_id, today, sight)
    return Watched(tuple(lines), tuple(dates), visits, sight)


# ------------------------------------------------------------------------------------ W12: evidence


def _visits(connection: Connection, branch_id: str, today: date) -> dict[str, Row[Any]]:
    """Return the visits of the last days with the customer's home point, the earliest first."""
    it = visit_evidence.c
    home = and_(record.c.branch == it.branch, record.c.id == it.customer)
    query = (
        select(
            visit_evidence, text_of(record, "home_lat_e6").label("home_lat"),
            text_of(record, "home_lon_e6").label("home_lon"),
        )
        .outerjoin(record, home)
        .where(it.branch == branch_id, it.made_on >= (today - timedelta(days=DAYS)).isoformat())
        .order_by(it.made_on, it.visit)
    )  # fmt: skip
    return {row.visit: row for row in connection.execute(query)}


def _of_visits(
    connection: Connection,
    branch_id: str,
    visits: Mapping[str, Row[Any]],
    numbers: Mapping[str, int],
) -> list[Line]:
    photos, days = _photos(connection, branch_id, visits)
    earlier = [
        Evidence(it, photos=tuple(photos[it]))
        for it in sorted(photos, key=lambda it: (days[it], it))
        if it not in visits
    ]
    evidence = [_evidence(it, photos.get(it.visit, ())) for it in visits.values()]
    return [it for it in odd_evidence([*earlier, *evidence], numbers) if it.subject in visits]


def _photos(
    connection: Connection, branch_id: str, visits: Mapping[str, Row[Any]]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the photos of visits by hash, those of any visit with the same bytes among them; and their days."""
    if not visits:
        return {}, {}
    first = min(it.made_on for it in visits.values())
    shown = (
        select(visit_photo.c.sha256)
        .join(
            visit_evidence,
            and_(
                visit_evidence.c.branch == visit_photo.c.branch,
                visit_evidence.c.visit == visit_photo.c.visit,
            ),
        )
        .where(visit_evidence.c.branch == branch_id, visit_evidence.c.made_on >= first)
    )
    query = (
        select(visit_photo.c.visit, visit_photo.c.sha256, visit_evidence.c.made_on)
        .join(
            visit_evidence,
            and_(
                visit_evidence.c.branch == visit_photo.c.branch,
                visit_evidence.c.visit == visit_photo.c.visit,
            ),
        )
        .where(visit_photo.c.branch == branch_id, visit_photo.c.sha256.in_(shown))
    )
    photos: dict[str, list[str]] = defaultdict(list)
    days: dict[str, str] = {}
    for it in connection.execute(query):
        photos[it.visit].append(it.sha256)
        days[it.visit] = it.made_on
    return photos, days


def _evidence(row: Row[Any], photos: Iterable[str]) -> Evidence:
    known = None not in (row.lat_e6, row.lon_e6, row.home_lat, row.home_lon)
    distance = (
        metres_between(row.lat_e6, row.lon_e6, int(row.home_lat), int(row.home_lon))
        if known
        else None
    )
    seconds = None
    if row.arrived_at and row.left_at:
        lasted = parse_instant(row.left_at) - parse_instant(row.arrived_at)
        seconds = lasted // timedelta(seconds=1)
    jumped = row.skew_span_ms > CLOCK_JUMP_MS or (seconds is not None and seconds < 0)
    return Evidence(row.visit, distance, None if jumped else seconds, tuple(photos), jumped)


def _graver_where_large(
    connection: Connection,
    branch_id: str,
    sight: Sight,
    visits: Mapping[str, Row[Any]],
    lines: list[Line],
) -> list[Line]:
    """Raise the lines about a large borrower by one severity (W14)."""
    if not lines:
        return []
    owed = large.owed_by_customer(connection, branch_id)
    grand = {it.customer for few in large.exposures(owed, sight).values() for it in few}
    return [graver(it) if visits[it.subject].customer in grand else it for it in lines]


# ------------------------------------------------------------------------------ W16: concentration


def _holdings(connection: Connection, branch_id: str) -> list[Holding]:
    """Return what is outstanding by village and by what households live on."""
    it = loan_position.c
    names = [text_of(record, name) for name in ("village_id", "segment", "main_activity")]
    query = (
        select(*names, func.sum(it.outstanding_fen))
        .join(record, and_(record.c.branch == it.branch, record.c.id == it.customer))
        .where(it.branch == branch_id, it.state == "active", it.outstanding_fen > 0)
        .group_by(*names)
    )
    return [
        Holding(
            village or "", (activity or segment) if segment in LIVING_ON else None, int(outstanding)
        )
        for village, segment, activity, outstanding in map(tuple, connection.execute(query))
    ]


# ----------------------------------------------------------------------------------- W17: receipts


def _receipts(connection: Connection, branch_id: str, today: date) -> list[Receipt]:
    """Return the receipts of this month and the last, and all cash that is not settled, each once.

    Cash that somebody at a desk took is in the till.
    """
    since = (today.replace(day=1) - timedelta(days=1)).replace(day=1).isoformat()
    it, undone = receipt_line.c, receipt_line.alias("undone")
    whose = and_(undone.c.branch == it.branch, undone.c.id == it.reverses)
    wanted = (it.value_date >= since, it.numbered_on >= since, it.unsettled == 1)
    mine = select(it.id).where(it.branch == branch_id)
    query = (
        select(receipt_line, undone.c.officer.label("taken_by"), account.c.role)
        .outerjoin(undone, whose)
        .outerjoin(account, account.c.id == it.officer)
        .where(it.branch == branch_id, it.id.in_(union_all(*(mine.where(one) for one in wanted))))
    )
    return [
        Receipt(
            row.receipt_no if row.desk else "",
            (row.taken_by if row.reverses else row.officer) or "",
            row.value_date,
            row.channel == "cash",
            not row.unsettled or row.role not in (None, "officer"),
            row.reverses is not None,
        )
        for row in connection.execute(query)
    ]
