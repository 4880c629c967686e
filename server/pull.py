"""One page of what is new for a device, read in one statement, so that it is one snapshot on any database.

A page is an index range of the user's and the branch's feed; it never reads the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, case, exists, func, literal, select, true

from schemas.values import json_equal
from server.cursor import Cursor
from server.lens import Lens
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
    connection: Connection,
    branch_id: str,
    user: str,
    cursor: Cursor | None,
    size: int,
    digest: bool,
    lens: Lens,
) -> list[Row[Any]]:
    """Return head, epoch, digest parts and up to *size* + 1 rows of the feed above *cursor*, in one read.

    The cursor is one of the version that the device speaks now (`Cursor.shown_in`).
    """
    at = cursor or Cursor()
    owners = (user, branch_id)
    mine = feed.c.owner.in_(owners)
    live = select(
        func.count().label("n"),
        func.coalesce(func.sum(feed.c.hi), 0).label("hi"),
        func.coalesce(func.sum(feed.c.lo), 0).label("lo"),
    ).where(mine, feed.c.kind == "record", feed.c.live == 1, lens.known)
    sums = (live if digest else select(*(literal(0).label(it) for it in ("n", "hi", "lo")))).subquery()  # fmt: skip
    new = (mine, feed.c.position > at.at, lens.above(at.start), lens.known)
    window = (select(feed).where(*new).order_by(feed.c.position).limit(size + 1)).subquery("f")
    shown = (record.c.fields, record.c.marks, record.c.version)
    stays = feed.alias("stays")
    holds = exists().where(
        stays.c.owner == user, stays.c.record == record.c.subject, stays.c.kind == "record"
    )
    has_left = window.c.kind == "left"
    merged_into = case((has_left, record.c.subject)).label("merged_into")
    holds_survivor = case((and_(has_left, record.c.subject.is_not(None)), holds)).label(
        "holds_survivor"
    )
    query = (
        select(
            branch.c.head, branch.c.head_hash, branch.c.epoch, branch.c.kept_from, sums.c.n, sums.c.hi, sums.c.lo,
            window.c.record, window.c.kind, window.c.type, window.c.customer,
            window.c.position, window.c.live, func.abs(window.c.since).label("since"),
            merged_into, holds_survivor, *shown,
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
    lens: Lens,
    rows: list[Row[Any]],
    cursor: Cursor | None,
    size: int,
    digest: bool,
    answered: Answered,
) -> Page:
    """Turn the rows of `read_rows` into a page.

    Deltas are measured from the start of the run, not from the page: else a field changed early in a run
    is lost when its record comes late in it, and no digest sees that. What the cursor's version hid
    comes along.
    """
    head, tail = rows[0].head, (rows[0].head, rows[0].head_hash, rows[0].epoch)
    found = [it for it in rows if it.record is not None]
    more = len(found) > size
    found = found[:size]
    first = cursor is None
    at = (cursor or Cursor(schema=lens.schema, seen=lens.schema)).shown_in(lens.schema, head)
    run = at.run
    left = [_left(it) for it in found if it.kind == "left" and not first]
    gone = {it["customer"] for it in left}
    records = [
        shape
        for it in found
        if it.kind == "record"
        and (shape := _shape(lens, it, at.start, first, it.customer in gone, answered))
    ]
    if more:
        here = Cursor(at.start, found[-1].position, run, at.schema, at.seen)
        return Page(left, records, here, run, True, None, *tail)
    total = ((int(rows[0].hi) << 32) + int(rows[0].lo)) % 2**64
    sums = {"records": int(rows[0].n), "sum": f"{total:016x}"} if digest else None
    ended = Cursor(head, head, head, at.schema, at.schema)
    return Page(left, records, ended, head, False, sums, *tail)


def _left(row: Row[Any]) -> dict[str, Json]:
    if row.merged_into is not None:
        return merged(row.record, row.merged_into if row.holds_survivor else None)
    return {"customer": row.record, "reason": "handover"}


def merged(customer: str, survivor: str | None) -> dict[str, Json]:
    """Return what tells a device that a customer was merged, and into whom where that is in its scope."""
    told = {"survivor": survivor} if survivor else {}
    return {"customer": customer, "reason": "merged", **told}


def _shape(
    lens: Lens,
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
    declared = lens.registry[row.type]
    anew = lens.is_whole(declared) or _is_rewritten(lens, row, answered)
    if (row.since > start and not created) or anew:
        return {**named, "whole": True, "set": lens.trimmed(row.type, row.fields)}
    marks: Mapping[str, list[Json]] = json.loads(row.marks)
    changed = {path: it for path, it in row.fields.items() if lens.shows(declared, path)}
    for unit, mark in marks.items():
        if unit == "" or mark[0] <= start or (not first and mine.get(unit) == mark[0]):
            continue
        for path in declared.group(unit) or (unit,):
            changed[path] = row.fields.get(path)
    if mine and not changed and not first and marks[""][0] in mine.values():
        return None
    if not changed and row.position <= start and not created:
        return None  # looked at for what a version brought, of which it has nothing
    return {**named, "whole": False, "set": lens.trimmed(row.type, changed, row.fields)}


def _is_rewritten(lens: Lens, row: Row[Any], answered: Answered) -> bool:
    """Tell whether a set of this request left the device with words of another version than it speaks."""
    return any(
        (shown := lens.trimmed(row.type, today)) is not raw and not json_equal(dict(shown), raw)
        for raw, today in answered.sent.get(row.record, ())
    )
