"""One page of what is new for a device, read in one statement, so that it is one snapshot on any database.

A page is an index range of the user's and the branch's feed; it never reads the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, literal, select, true

from schemas.declare import Registry
from server.cursor import Cursor
from server.push import Answered
from server.store import branch, feed, record

Json = Any


@dataclass(frozen=True)
class Page:
    """One page: what to drop, the records, the new cursor, the position, and the digest when asked."""

    left: list[dict[str, Json]]
    records: list[dict[str, Json]]
    cursor: Cursor
    position: int
    more: bool
    digest: dict[str, Json] | None
    head: int
    hash: str
    epoch: str


def read_rows(
    connection: Connection, branch_id: str, user: str, at: int, size: int, digest: bool
) -> list[Row[Any]]:
    """Return head, epoch, digest parts and up to *size* + 1 rows of the feed above *at*, in one read."""
    owners = (user, branch_id)
    mine = feed.c.owner.in_(owners)
    live = select(
        func.count().label("n"),
        func.coalesce(func.sum(feed.c.hi), 0).label("hi"),
        func.coalesce(func.sum(feed.c.lo), 0).label("lo"),
    ).where(mine, feed.c.kind == "record", feed.c.live == 1)
    sums = (live if digest else select(*(literal(0).label(it) for it in ("n", "hi", "lo")))).subquery()  # fmt: skip
    window = (
        select(feed).where(mine, feed.c.position > at).order_by(feed.c.position).limit(size + 1)
    ).subquery("f")
    shown = (record.c.fields, record.c.marks, record.c.version)
    query = (
        select(
            branch.c.head, branch.c.head_hash, branch.c.epoch, sums.c.n, sums.c.hi, sums.c.lo,
            window.c.record, window.c.kind, window.c.type, window.c.customer,
            window.c.position, window.c.live, func.abs(window.c.since).label("since"), *shown,
        )
        .select_from(branch)
        .join(sums, true())
        .outerjoin(window, true())
        .outerjoin(
            record, (record.c.branch == branch.c.id) & (record.c.id == window.c.record)
        )
        .where(branch.c.id == branch_id)
        .order_by(window.c.position)
    )  # fmt: skip
    return list(connection.execute(query))


def make_page(
    registry: Registry,
    rows: list[Row[Any]],
    cursor: Cursor | None,
    size: int,
    digest: bool,
    answered: Answered,
) -> Page:
    """Turn the rows of `read_rows` into a page.

    Deltas are measured from the start of the run, not from the page: else a field changed early in a run
    is lost when its record comes late in it, and no digest sees that.
    """
    head, tail = rows[0].head, (rows[0].head, rows[0].head_hash, rows[0].epoch)
    found = [it for it in rows if it.record is not None]
    more = len(found) > size
    found = found[:size]
    first = cursor is None
    at = cursor or Cursor(0, 0, head)
    run = head if at.at == at.start else at.run
    left = [
        {"customer": it.record, "reason": "handover"}
        for it in found
        if it.kind == "left" and not first
    ]
    gone = {it["customer"] for it in left}
    records = [
        shape
        for it in found
        if it.kind == "record"
        and (shape := _shape(registry, it, at.start, first, it.customer in gone, answered))
    ]
    if more:
        here = Cursor(at.start, found[-1].position, run)
        return Page(left, records, here, run, True, None, *tail)
    total = ((int(rows[0].hi) << 32) + int(rows[0].lo)) % 2**64
    sums = {"records": int(rows[0].n), "sum": f"{total:016x}"} if digest else None
    return Page(left, records, Cursor(head, head, head), head, False, sums, *tail)


def _shape(
    registry: Registry,
    row: Row[Any],
    start: int,
    first: bool,
    dropped: bool,
    answered: Answered,
) -> dict[str, Json] | None:
    """Return a record as the device needs it, or None where it holds all of it already.

    *dropped*: the device drops the record's customer first, and with it what it has of its own sets.
    """
    named = {
        "type": row.type, "id": row.record, "customer": row.customer, "version": row.version,
    }  # fmt: skip
    created = row.record in answered.created and not dropped
    if not row.live:
        return {**named, "removed": True} if created or not first else None
    mine = {} if dropped else answered.own.get(row.record, {})
    if row.since > start and not created:
        return {**named, "whole": True, "set": row.fields}
    marks: Mapping[str, list[Json]] = json.loads(row.marks)
    declared = registry[row.type]
    changed: dict[str, Json] = {}
    for unit, mark in marks.items():
        if unit == "" or mark[0] <= start or (not first and mine.get(unit) == mark[0]):
            continue
        for path in declared.group(unit) or (unit,):
            changed[path] = row.fields.get(path)
    if mine and not changed and not first and marks[""][0] in mine.values():
        return None
    return {**named, "whole": False, "set": changed}
