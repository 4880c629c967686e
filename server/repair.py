"""Where a device's copy is not equal to the server's: what is held in the buckets that differ (section 8).

Two statements read one snapshot, whatever the size of branch or copy. Buckets are sent whole, as many as
fit a page of records and one at least; the device takes them over and calls again with its new sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, true

from schemas import limits, problems, versions
from schemas.declare import Registry
from schemas.wire.repair import BUCKETS, RepairRequest
from server import cursor
from server.keys import Keys
from server.lens import Lens
from server.store import branch, feed, record
from server.tokens import Bearer

Json = Any
BUCKET = func.substr(feed.c.record, 35, 2)
"""The last byte of an id, as the two digits that stand for it."""


@dataclass
class Repair:
    """The buckets that differ, with what they hold; `differing` counts them all, `position` is the head."""

    differing: int
    position: int
    buckets: list[dict[str, Json]] = field(default_factory=list)
    records: list[dict[str, Json]] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """Return the answer."""
        more = len(self.buckets) < self.differing
        return {"buckets": self.buckets, "records": self.records, "more": more}


def compare(
    connection: Connection, registry: Registry, keys: Keys, who: Bearer, wish: RepairRequest
) -> Repair:
    """Compare a device's sums with the server's, in one snapshot that the caller has opened.

    Raises:
        problems.BadCursorError: the cursor is not one of this device and history.
        problems.UpgradeNeededError: the copy is of a schema version that is no longer spoken.
    """
    head = select(branch.c.head, branch.c.epoch).where(branch.c.id == who.branch).subquery()
    # By type as well: which version the cursor is of, only this very answer's epoch unseals.
    sums = (
        select(
            BUCKET.label("bucket"), feed.c.type, func.count().label("n"),
            func.sum(feed.c.hi).label("hi"), func.sum(feed.c.lo).label("lo"),
        )
        .where(_mine(who))
        .group_by(BUCKET, feed.c.type)
        .subquery()
    )  # fmt: skip
    rows = connection.execute(select(head, sums).outerjoin(sums, true())).all()
    lens = _lens(registry, keys, who, wish, rows[0])
    hidden = versions.hidden_types(registry, lens.schema)
    known = [it for it in rows if it.bucket is not None and it.type not in hidden]
    found = Repair(0, rows[0].head)
    chosen = _differing(found, wish, known)
    if chosen:
        _fill(connection, found, lens, who, chosen)
    return found


def _mine(who: Bearer) -> ColumnElement[bool]:
    owners = (who.user, who.branch)
    return and_(feed.c.owner.in_(owners), feed.c.kind == "record", feed.c.live == 1)


def _lens(registry: Registry, keys: Keys, who: Bearer, wish: RepairRequest, row: Row[Any]) -> Lens:
    at = cursor.unseal(
        wish.cursor, keys.derive("cursor"), who.device, who.user, row.epoch, row.head
    )
    schema = min(at.schema, registry.schema)
    if schema not in versions.spoken(registry):
        raise problems.UpgradeNeededError
    return Lens(registry, schema)


def _differing(found: Repair, wish: RepairRequest, rows: Sequence[Row[Any]]) -> list[int]:
    """Count the buckets that differ, and return those of them that one answer holds."""
    totals, counts = [0] * BUCKETS, [0] * BUCKETS
    for row in rows:
        bucket = int(row.bucket, 16)
        totals[bucket] += (int(row.hi) << 32) + int(row.lo)
        counts[bucket] += row.n
    sums = (f"{it % 2**64:016x}" for it in totals)
    pairs = enumerate(zip(sums, wish.buckets, strict=True))
    differing = [bucket for bucket, (here, there) in pairs if here != there]
    found.differing = len(differing)
    chosen: list[int] = []
    size = 0
    for bucket in differing:
        size += counts[bucket]
        if chosen and size > limits.PAGE:
            break
        chosen.append(bucket)
    return chosen


def _fill(
    connection: Connection, found: Repair, lens: Lens, who: Bearer, chosen: Sequence[int]
) -> None:
    query = (
        select(feed.c.record, feed.c.type, feed.c.customer, record.c.version, record.c.fields)
        .join(record, and_(record.c.branch == who.branch, record.c.id == feed.c.record))
        .where(_mine(who), lens.known, BUCKET.in_([f"{it:02x}" for it in chosen]))
        .order_by(feed.c.record)
    )
    held: dict[int, list[Json]] = {it: [] for it in chosen}
    for row in connection.execute(query):
        held[int(row.record[-2:], 16)].append([row.record, row.version])
        found.records.append(
            {
                "type": row.type, "id": row.record, "customer": row.customer,
                "version": row.version, "whole": True, "set": lens.trimmed(row.type, row.fields),
            }
        )  # fmt: skip
    found.buckets = [{"bucket": it, "held": ids} for it, ids in held.items()]
