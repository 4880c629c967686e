"""The end of a business day of an outlet: what is known of it, and closing it (domain.md, section 8.9).

A fixed number of statements, each by an index. Closing refuses nothing afterwards: a set that comes later
is taken in as ever and shown as come after the close.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from schemas import problems
from schemas.derived.day_close import (
    Bounds,
    Deposit,
    Pending,
    Slip,
    Tablet,
    day_of,
)
from schemas.messages import Fault
from schemas.values import format_instant, parse_instant
from schemas.wire import sync as wire
from schemas.wire.day_close import CloseRequest
from server import audit, bulk, field_book, store
from server.accounts import account, device
from server.context import Context
from server.day_figures import CLOSED, Place, Report, closes_of, day_close, figures
from server.db import reading, writing
from server.decisions import web_contact
from server.field_book import NUMBER, receipt_line
from server.quarantine import KEPT, WITHDRAWN
from server.settings import Settings
from server.store import change_set, record
from server.tokens import Bearer
from sync.draft import Draft
from sync.guards.sight import Sight
from sync.ledger import Ledger

Json = Any


def read(
    parts: Context, branch_id: str, unit: str | None, on: date, reader: str | None = None
) -> Report:
    """Return a day of a place; *unit* None: the reader's own outlet, or the first.

    Raises:
        problems.NotFoundError: the branch has no such outlet.
    """
    field_book.bring_up(parts.engine, branch_id)
    with reading(parts.engine) as connection:
        today = parts.settings.today(parts.now())
        return _Reader(connection, parts.settings, branch_id, on, today).report(unit, reader)


def close(parts: Context, who: Bearer, unit: str, wish: CloseRequest) -> tuple[Report, bool]:
    """Close a day as it is counted at this moment; tell whether it was closed just now.

    A day that is closed stays as it was closed. The figures go into the audit chain.

    Raises:
        problems.NotFoundError: the branch has no such outlet.
        problems.BadRequestError: the day is to come; or it cannot be trusted yet and no reason is given.
    """
    now = parts.now()
    today = parts.settings.today(now)
    if wish.day > today:
        raise problems.BadRequestError(errors=[Fault(None, "day", "invalid-value", "day-to-come")])
    with writing(parts.engine) as connection:
        contact = web_contact(connection, who, parts.settings, now)
        field_book.fold(connection, store.lock_branch(connection, who.branch))
        reader = _Reader(connection, parts.settings, who.branch, wish.day, today)
        found = reader.report(unit)
        if found.closed is not None:
            return found, False
        reason = (wish.reason or "").strip() or None
        if not found.day.trusted and reason is None:
            raise problems.BadRequestError(errors=[Fault(None, "reason", "required")])
        said = {**figures(found), "reason": reason}
        position = audit.keep(connection, contact, closes_of(unit), CLOSED, said)
        connection.execute(
            insert(day_close).values(
                branch=who.branch, unit=unit, day=wish.day.isoformat(), position=position,
                closed_by=who.user, closed_at=format_instant(now),
                reason=None if found.day.trusted else reason,
            )
        )  # fmt: skip
        return reader.report(unit), True


# --------------------------------------------------------------------------------------- reading


class _Reader:
    """One day of a branch, read within one transaction."""

    def __init__(
        self, connection: Connection, settings: Settings, branch_id: str, on: date, today: date
    ) -> None:
        self.connection, self.branch, self.on = connection, branch_id, on
        self.is_over = on < today
        self.zone = settings.time_zone
        self.starts = datetime.combine(on, time(), self.zone)

    def report(self, unit: str | None, reader: str | None = None) -> Report:
        """Return the day of a place."""
        sight = units_and_people(self.connection, self.branch, self.on)
        found = places(sight, self.branch)
        wanted = (
            [unit] if unit is not None else [*sight.units_from(sight.unit_of(reader)), found[0].id]
        )
        place = next((it for one in wanted for it in found if it.id == one), None)
        if place is None:
            raise problems.NotFoundError
        rows = self._tablets()
        names = {it.id: it.fields.get("name", "") for it in sight.of("user")}
        names |= {it.id: it.name for it in rows}
        roles = {it.id: it.role for it in rows}
        people = set(names) if place.id == self.branch else _people_of(sight, names, place.id)
        receipts = [
            it
            for it in field_book.of_days(
                self.connection, self.branch, self.on.isoformat(), self.on.isoformat()
            )
            if it.officer in people or place.id == self.branch
        ]
        hours = sight.number("close_reports_from_hour", place.id)
        closed = self._closed(place.id)
        day = day_of(
            [it.id for it in _once(rows) if it.id in people and it.role == "officer" and it.active],
            [_tablet(it) for it in rows if it.tablet is not None and it.id in people],
            [self._slip(it, roles.get(it.officer, "officer")) for it in receipts],
            Bounds(
                self.starts + timedelta(hours=min(max(hours, 0), 24)),
                datetime.combine(self.on + timedelta(days=1), time(), self.zone),
            ),
            pending=[
                it for it in self._pending() if it.officer in people or place.id == self.branch
            ],
            doubles=self._doubles([it.id for it in receipts]),
            deposits=self._deposits({it.deposit for it in receipts if it.deposit}),
            closed_at=closed.position if closed else None,
        )
        return Report(place, found, self.on, day, names, {it.id: it for it in receipts}, closed)

    def _tablets(self) -> Sequence[Any]:
        """Return everybody of the branch, each once for every tablet that there was on the day.

        Today that is every tablet, whatever the clock says: the business date may be a set one.
        """
        tablet = and_(
            device.c.user == account.c.id, device.c.kind == "tablet", device.c.state != "wiped"
        )
        if self.is_over:
            ends = format_instant(self.starts + timedelta(days=1))
            tablet = and_(tablet, device.c.created_at < ends)
        query = (
            select(
                account.c.id, account.c.name, account.c.role, account.c.active,
                device.c.id.label("tablet"), device.c.code, device.c.last_contact_at,
                device.c.clean_at, device.c.waiting,
            )
            .outerjoin(device, tablet)
            .where(account.c.branch == self.branch)
            .order_by(account.c.username, device.c.code)
        )  # fmt: skip
        return self.connection.execute(query).all()

    def _slip(self, row: Row[Any], role: str) -> Slip:
        """Read a receipt; cash taken at a desk is in the till, and that of an import was settled long ago."""
        day = self.on.isoformat()
        in_the_till = role != "officer" or row.carried
        numbered = row.numbered_on == day
        return Slip(
            row.id, row.receipt_no, row.officer, row.amount_fen, row.channel == "cash",
            row.value_date == day, row.desk if numbered else None,
            row.number if numbered else None, row.reverses is not None, bool(row.undone),
            row.deposit, "confirmed" if in_the_till else row.deposit_state, row.position,
        )  # fmt: skip

    def _pending(self) -> list[Pending]:
        """Return the receipts of the day in sets that are held or lie in quarantine."""
        query = select(change_set.c.user, change_set.c.content).where(
            change_set.c.branch == self.branch,
            change_set.c.status.in_(KEPT),
            change_set.c.received_at >= format_instant(self.starts),
            change_set.c.content.like('%"repayment"%'),
            ~change_set.c.result.like(WITHDRAWN),
        )
        found = {
            change.id: Pending(
                _text(change.set.get("receipt_no")),
                _text(change.set.get("collected_by")) or it.user,
                _fen(change.set.get("amount_fen")),
            )
            for it in self.connection.execute(query)
            for change in wire.readable_set(json.loads(it.content)).changes
            if change.type == "repayment" and change.op == "create" and self._is_of_day(change.set)
        }
        accepted = select(receipt_line.c.id).where(
            receipt_line.c.branch == self.branch,
            bulk.among(self.connection, receipt_line.c.id, found),
        )
        known = set(self.connection.execute(accepted).scalars()) if found else set()
        return [it for key, it in found.items() if key not in known]

    def _is_of_day(self, fields: Mapping[str, Json]) -> bool:
        number = NUMBER.fullmatch(_text(fields.get("receipt_no")))
        given = number is not None and number["day"] == f"{self.on:%Y%m%d}"
        return given or fields.get("value_date") == self.on.isoformat()

    def _doubles(self, receipts: Collection[str]) -> Iterator[str]:
        """Yield the receipts of which an open conflict says that they may be paid twice."""
        query = select(
            record.c.fields
        ).where(  # by subject alone: a type has an index that is worse
            record.c.branch == self.branch,
            bulk.among(self.connection, record.c.subject, receipts),
        )
        for fields in self.connection.execute(query).scalars() if receipts else ():
            if fields.get("kind") == "possible_double" and fields.get("status") == "open":
                yield fields["record"]

    def _deposits(self, ids: Collection[str]) -> list[Deposit]:
        if not ids:
            return []
        sums = (
            select(receipt_line.c.deposit, func.sum(receipt_line.c.amount_fen))
            .where(
                receipt_line.c.branch == self.branch,
                bulk.among(self.connection, receipt_line.c.deposit, ids),
            )
            .group_by(receipt_line.c.deposit)
        )
        expected = {it[0]: int(it[1]) for it in self.connection.execute(sums)}
        query = select(record.c.id, record.c.fields).where(
            record.c.branch == self.branch, bulk.among(self.connection, record.c.id, ids)
        )
        return [
            Deposit(
                it.id, it.fields.get("officer_id"), it.fields.get("state", "open"),
                expected.get(it.id, 0), it.fields.get("counted_fen"),
                it.fields.get("difference_reason"),
            )
            for it in self.connection.execute(query.order_by(record.c.version))
        ]  # fmt: skip

    def _closed(self, unit: str) -> Row[Any] | None:
        query = select(day_close).where(
            day_close.c.branch == self.branch, day_close.c.unit == unit,
            day_close.c.day == self.on.isoformat(),
        )  # fmt: skip
        return self.connection.execute(query).first()


def units_and_people(connection: Connection, branch_id: str, on: date) -> Sight:
    """Return a branch's units, users and parameters, in one statement."""
    query = select(record).where(
        record.c.branch == branch_id,
        record.c.type.in_(("org_unit", "user", "parameter")),
        record.c.deleted == 0,
    )
    ledger = Ledger(0)
    ledger.load(map(store.state_of, connection.execute(query)))
    return Sight(Draft(ledger), on.isoformat())


def places(sight: Sight, branch_id: str) -> list[Place]:
    """Return the outlets by code, and the branch as a whole after them."""
    units = {it.id: it.fields for it in sight.of("org_unit")}
    outlets = sorted(
        (it["code"], key, it)
        for key, it in units.items()
        if it.get("kind") == "outlet" and key != branch_id
    )
    own = units.get(branch_id, {})
    return [
        *(Place(key, it.get("name", ""), "outlet") for _, key, it in outlets),
        Place(branch_id, own.get("name", ""), own.get("kind", "outlet")),
    ]


def _people_of(sight: Sight, people: Iterable[str], unit: str) -> set[str]:
    return {it for it in people if unit in sight.units_from(sight.unit_of(it))}


def _once(rows: Sequence[Any]) -> Iterable[Any]:
    return {it.id: it for it in rows}.values()


def _tablet(row: Any) -> Tablet:
    """Read what a tablet last said; what is no count says nothing."""
    said = json.loads(row.waiting) if row.waiting else None
    sets = said.get("sets") if isinstance(said, dict) else None
    last, clean = (parse_instant(it) if it else None for it in (row.last_contact_at, row.clean_at))
    return Tablet(row.tablet, row.code, row.id, last, clean, sets if type(sets) is int else None)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _fen(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
