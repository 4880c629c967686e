"""Receipts on the pages: odd value dates, and cash that nobody has confirmed (domain.md, section 5.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, or_, select

from schemas.derived.value_dates import Mark, value_date_marks
from schemas.values import format_instant, parse_instant
from server import field_book
from server.accounts import account
from server.context import Context
from server.day_close import units_and_people
from server.day_figures import Closes
from server.db import reading
from server.field_book import receipt_line
from server.settings import Settings
from sync.guards.sight import Sight

DAYS = 30
"""How far back arrivals are looked at."""


@dataclass(frozen=True)
class Dated:
    """A receipt whose value date is odd."""

    receipt: Row[Any]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Carrier:
    """An officer who carries more cash than the lender allows, in fen."""

    name: str
    fen: int
    limit_fen: int


@dataclass(frozen=True)
class Brief:
    """What the summary says of receipts: cash that officers still owe the desk, and odd value dates.

    `over_limit` has the most cash first.
    """

    unsettled_fen: int
    officers: int
    odd_dates: int
    over_limit: tuple[Carrier, ...] = ()


def brief(parts: Context, branch_id: str, today: date) -> Brief:
    """Return what the summary says of a branch's receipts."""
    field_book.bring_up(parts.engine, branch_id)
    it = receipt_line.c
    query = (
        select(
            it.officer, func.max(account.c.name).label("name"), func.sum(it.amount_fen).label("fen")
        )
        .outerjoin(account, account.c.id == it.officer)
        .where(
            it.branch == branch_id,
            it.unsettled == 1,
            or_(account.c.role.is_(None), account.c.role == "officer"),
        )
        .group_by(it.officer)
    )
    with reading(parts.engine) as connection:
        held = connection.execute(query).all()
        sight = units_and_people(connection, branch_id, today)
        odd = odd_dates(connection, parts.settings, branch_id, today, sight)
    carried = [
        Carrier(
            row.name or "", int(row.fen), sight.number("cash_limit_fen", sight.unit_of(row.officer))
        )
        for row in held
    ]
    over = sorted(
        (it for it in carried if it.fen > it.limit_fen), key=lambda it: (-it.fen, it.name)
    )
    return Brief(
        sum(it.fen for it in carried),
        sum(row.officer is not None for row in held),
        len(odd),
        tuple(over),
    )


def odd_dates(
    connection: Connection, settings: Settings, branch_id: str, today: date, sight: Sight
) -> list[Dated]:
    """Return the receipts that arrived in the last days with an odd value date, the newest first."""
    since = datetime.combine(today - timedelta(days=DAYS), time(), settings.time_zone)
    query = (
        select(receipt_line)
        .where(
            receipt_line.c.branch == branch_id,
            receipt_line.c.received_at >= format_instant(since),
        )
        .order_by(receipt_line.c.received_at.desc(), receipt_line.c.id)
    )
    closes = Closes.of(connection, branch_id)
    marker = Marker(settings.time_zone, branch_id, sight, closes)
    found = (Dated(it, marker.marks(it)) for it in connection.execute(query))
    return [it for it in found if it.marks]


@dataclass(frozen=True)
class Marker:
    """Tells what is odd about the value dates of a branch's receipts."""

    time_zone: ZoneInfo
    branch: str
    sight: Sight
    closes: Closes
    _known: dict[str | None, tuple[list[str], int]] = field(default_factory=dict)

    def marks(self, row: Row[Any]) -> tuple[Mark, ...]:
        """Return what is odd about a row of `receipt_line`; an import brings old receipts along."""
        if row.carried:
            return ()
        units, late_days = self._of(row.officer)
        arrived = parse_instant(row.received_at).astimezone(self.time_zone).date()
        return value_date_marks(
            date.fromisoformat(row.value_date),
            arrived,
            numbered_on=date.fromisoformat(row.numbered_on) if row.numbered_on else None,
            closed_through=self.closes.through(units, row.position),
            late_days=late_days,
        )

    def _of(self, officer: str | None) -> tuple[list[str], int]:
        """Return the units whose closes count for an officer, and after how many days there is late."""
        if officer not in self._known:
            units = [*self.sight.units_from(self.sight.unit_of(officer)), self.branch]
            late = self.sight.number("value_date_late_days", units[0])
            self._known[officer] = (units, late)
        return self._known[officer]
