"""Receipts, visits and photos folded from the log when somebody asks: what a business day is read from.

Like the loans' read model (`readmodels.py`): positions above `Branch.field_head` are what it has not seen,
a reader brings it up first, and a push never pays for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    select,
    update,
)

from schemas.declare import SERVER
from server import bulk, store
from server.accounts import device
from server.db import reading, writing
from server.field_models import ReceiptLineRow
from server.store import branch, log, record
from server.visit_book import (
    fold_photos,
    fold_visits,
    rows_of,
    visit_evidence,
    visit_photo,
)

Json = Any
receipt_line: Table = ReceiptLineRow.__table__  # type: ignore[assignment]

TABLES = (receipt_line, visit_evidence, visit_photo)
FOLDED = ("repayment", "cash_deposit", "visit", "attachment")
AT_A_TIME = 2000
NUMBER = re.compile(r"(?P<desk>[A-Z0-9]{1,12})-(?P<day>[0-9]{8})-(?P<number>[0-9]{3,9})")
"""A receipt's number as a tablet gives it (domain.md, section 5.5)."""
KEPT = ("undone", "deposit", "deposit_state", "unsettled")
"""Columns of a receipt that follow from other records than itself."""


def bring_up(engine: Engine, branch_id: str) -> None:
    """Fold what the log has above `field_head`; one read when there is nothing."""
    with reading(engine) as connection:
        query = select(branch.c.head > branch.c.field_head).where(branch.c.id == branch_id)
        if not connection.execute(query).scalar():
            return
    with writing(engine) as connection:
        fold(connection, store.lock_branch(connection, branch_id))


def rebuild(connection: Connection, branch_id: str) -> int:
    """Fold everything of a branch anew; return how many receipts there are."""
    for table in TABLES:
        connection.execute(delete(table).where(table.c.branch == branch_id))
    connection.execute(update(branch).where(branch.c.id == branch_id).values(field_head=0))
    fold(connection, store.lock_branch(connection, branch_id))
    query = select(func.count()).where(receipt_line.c.branch == branch_id)
    return int(connection.execute(query).scalar_one())


@dataclass(frozen=True)
class Rebuilt:
    """What a recomputation found: how many receipts, and the ids of what had stood otherwise."""

    receipts: int
    differing: tuple[str, ...]


def recompute(connection: Connection, branch_id: str) -> Rebuilt:
    """Fold everything anew and say which rows, brought up to the head, had not been what the log says."""
    fold(connection, store.lock_branch(connection, branch_id))
    before = _stored(connection, branch_id)
    count = rebuild(connection, branch_id)
    after = _stored(connection, branch_id)
    both = sorted({*before, *after})
    return Rebuilt(count, tuple(it for it in both if before.get(it) != after.get(it)))


def _stored(connection: Connection, branch_id: str) -> dict[str, tuple[Json, ...]]:
    """Return every row by the record that it is about, the second column of each table."""
    return {
        row[1]: tuple(row)
        for table in TABLES
        for row in connection.execute(select(table).where(table.c.branch == branch_id))
    }


def fold(connection: Connection, branch_row: Row[Any]) -> None:
    """Fold what the log names above `field_head`, so many records at a time."""
    above = select(log.c.type, log.c.record).where(
        log.c.branch == branch_row.id,
        log.c.position > branch_row.field_head,
        log.c.type.in_(FOLDED),
    )
    touched: dict[str, set[str]] = defaultdict(set)
    for it in connection.execute(above.distinct()):
        touched[it.type].add(it.record)
    folds = {
        "repayment": _receipts, "cash_deposit": _deposits, "visit": fold_visits, "attachment": fold_photos,
    }  # fmt: skip
    for kind, into in folds.items():
        ids = sorted(touched[kind])
        for start in range(0, len(ids), AT_A_TIME):
            into(connection, branch_row.id, ids[start : start + AT_A_TIME])
    connection.execute(
        update(branch).where(branch.c.id == branch_row.id).values(field_head=branch_row.head)
    )


# ----------------------------------------------------------------------------------------- receipts


def _receipts(connection: Connection, branch_id: str, ids: Sequence[str]) -> None:
    made = and_(log.c.branch == record.c.branch, log.c.record == record.c.id, log.c.op == "create")
    query = (
        select(
            record,
            log.c.position.label("made"),
            log.c.received_at,
            log.c.user.label("maker"),
            log.c.role,
        )
        .join(log, made)
        .where(rows_of(record, branch_id, connection, ids, "id"), record.c.deleted == 0)
    )
    tablets = select(device.c.code).where(device.c.branch == branch_id, device.c.kind == "tablet")
    codes = set(connection.execute(tablets).scalars())
    rows = [_receipt(branch_id, it, codes) for it in connection.execute(query)]
    there = {it["id"] for it in rows}
    undone = {it["reverses"] for it in rows if it["reverses"]}
    if gone := set(ids) - there:
        _forget(connection, branch_id, gone)
    bulk.upsert(connection, receipt_line, rows, {it: f"receipt_line.{it}" for it in KEPT})
    _undo(connection, branch_id, there | undone)


def _receipt(branch_id: str, row: Any, codes: Collection[str]) -> dict[str, Json]:
    """Return the row of a receipt; only a number that begins with a tablet's code is a tablet's."""
    fields: Mapping[str, Json] = row.fields
    number = NUMBER.fullmatch(fields["receipt_no"])
    day = _day(number["day"]) if number and number["desk"] in codes else None
    return {
        "branch": branch_id, "id": row.id, "loan": fields["loan_id"], "customer": row.customer,
        "officer": fields.get("collected_by") or row.maker, "receipt_no": fields["receipt_no"],
        "desk": number["desk"] if number and day else None, "numbered_on": day,
        "number": int(number["number"]) if number and day else None,
        "value_date": fields["value_date"], "amount_fen": fields["amount_fen"],
        "channel": fields["channel"], "reverses": fields.get("reverses_id"), "undone": 0,
        "deposit": None, "deposit_state": None,
        "unsettled": 0,
        "position": row.made, "received_at": row.received_at,
        "carried": int(row.role == SERVER),
    }  # fmt: skip


def _day(digits: str) -> str | None:
    try:
        return date.fromisoformat(digits).isoformat()
    except ValueError:
        return None


def _forget(connection: Connection, branch_id: str, ids: Collection[str]) -> None:
    """Take receipts away that are no more; what they reversed counts again."""
    mine = rows_of(receipt_line, branch_id, connection, ids, "id")
    again = set(connection.execute(select(receipt_line.c.reverses).where(mine)).scalars())
    connection.execute(delete(receipt_line).where(mine))
    _undo(connection, branch_id, {it for it in again if it})


def _undo(connection: Connection, branch_id: str, ids: Collection[str]) -> None:
    """Say of some receipts whether a reversal names them, and whether their cash is still unsettled."""
    if not ids:
        return
    it, other = receipt_line.c, receipt_line.alias("other")
    is_undone = exists().where(other.c.branch == branch_id, other.c.reverses == it.id)
    is_open: ColumnElement[bool] = and_(
        it.channel == "cash", it.carried == 0, it.reverses.is_(None), ~is_undone,
        func.coalesce(it.deposit_state, "") != "confirmed",
    )  # fmt: skip
    mine = rows_of(receipt_line, branch_id, connection, ids, "id")
    said = {"undone": case((is_undone, 1), else_=0), "unsettled": case((is_open, 1), else_=0)}
    connection.execute(update(receipt_line).where(mine).values(said))


def _is_unsettled(row: Mapping[str, Json]) -> bool:
    """Tell the same of one row: cash that an officer took, that counts, and that nobody has confirmed."""
    counts = not (row["carried"] or row["reverses"] or row["undone"])
    return counts and row["channel"] == "cash" and row["deposit_state"] != "confirmed"


# ----------------------------------------------------------------------------------------- deposits


def _deposits(connection: Connection, branch_id: str, ids: Sequence[str]) -> None:
    """Say of the receipts in some deposits, and of those taken out of them, where their cash is."""
    query = select(record.c.id, record.c.fields).where(
        rows_of(record, branch_id, connection, ids, "id"), record.c.deleted == 0
    )
    holds = {
        receipt: (it.id, it.fields.get("state"))
        for it in connection.execute(query)
        for receipt in it.fields.get("receipt_ids") or ()
    }
    former = rows_of(receipt_line, branch_id, connection, ids, "deposit")
    wanted = and_(
        receipt_line.c.branch == branch_id,
        bulk.among(connection, receipt_line.c.id, holds) | former,
    )
    rows = []
    for row in connection.execute(select(receipt_line).where(wanted)):
        deposit, state = holds.get(row.id, (None, None))
        now = {**row._mapping, "deposit": deposit, "deposit_state": state}
        rows.append({**now, "unsettled": int(_is_unsettled(now))})
    bulk.upsert(connection, receipt_line, rows)


# -------------------------------------------------------------------------------------- of a day


def of_days(connection: Connection, branch_id: str, since: str, until: str) -> Iterator[Row[Any]]:
    """Yield the receipts whose money counts for, or whose number was given on, a day of a span."""
    it = receipt_line.c
    mine = (it.branch == branch_id, it.value_date.between(since, until))
    numbered = (
        it.branch == branch_id,
        it.numbered_on.between(since, until),
        ~it.value_date.between(since, until),
    )
    query = select(receipt_line).where(*mine).union_all(select(receipt_line).where(*numbered))
    yield from connection.execute(query)
