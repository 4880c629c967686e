"""The sets that were decided before: exactly once, under whatever number they come again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from schemas import problems
from schemas.values import (
    format_instant,
    is_record_id,
)
from schemas.wire import sync as wire
from server import bulk, store
from server.offers import Contact, Offer
from sync.ledger import Decided, Ledger

Json = Any
change_set = store.change_set
REFUSED = ("rejected", "held")


@dataclass(frozen=True)
class Kept:
    """A row of `change_set`."""

    device: str
    number: int
    branch: str
    user: str | None
    set_id: str
    content_hash: str
    content: str
    status: str
    result: str
    trails: str
    received_at: str


@dataclass
class Earlier:
    """The sets of this device, or of this user with the same ids, that were decided before."""

    by_number: dict[int, Row[Any]] = field(default_factory=dict)
    by_id: dict[str, Row[Any] | Kept] = field(default_factory=dict)

    def of(self, one: Offer, known: int) -> Row[Any] | Kept | None:
        """Return what was kept of a set that was decided before, under this number or another."""
        return self.by_number[one.number] if one.number <= known else self.by_id.get(one.set_id)

    def decided(self) -> dict[int, Decided]:
        """Return what `over` needs, by number."""
        return {number: store.decided_of(row) for number, row in self.by_number.items()}


def load_sets(connection: Connection, contact: Contact, offers: Sequence[Offer]) -> Earlier:
    named = [n for it in offers if it.parsed for c in it.parsed.changes for n in c.over.values()]
    lowest = min([offers[0].number - 1, *named])
    ids = [it.set_id for it in offers if is_record_id(it.set_id)]
    mine = and_(change_set.c.device == contact.actor.device, change_set.c.number >= lowest)
    same = and_(
        change_set.c.user == contact.actor.user, bulk.among(connection, change_set.c.set_id, ids)
    )
    query = select(change_set).where(or_(mine, same)).order_by(change_set.c.number)
    earlier = Earlier()
    for row in connection.execute(query):
        if row.device == contact.actor.device:
            earlier.by_number[row.number] = row
        if row.user == contact.actor.user:
            earlier.by_id.setdefault(row.set_id, row)
    return earlier


def recall(ledger: Ledger, offer: Offer, row: Kept) -> None:
    """Let the sets behind one that comes again know of it, under the number it has now."""
    ledger.decided.setdefault(offer.number, store.decided_of(row))
    if row.status in REFUSED:
        made = created_by(offer.raw)
        creates = ledger.rejected_creates if row.status == "rejected" else ledger.held_creates
        creates |= made


def check_numbers(offers: Sequence[Offer], known: int, by_number: Mapping[int, Row[Any]]) -> None:
    """Refuse a request whose numbers do not go on from the greatest *known* one, or say something else anew.

    Of known numbers it may carry any, so that a held set between two unanswered ones stops nothing.

    Raises:
        problems.SetsOutOfOrderError: they do not ascend, or the new ones have a gap.
        problems.SetChangedError: a known number has another content.
    """
    numbers = [it.number for it in offers]
    new = [it for it in numbers if it > known]
    ascends = all(one < other for one, other in pairwise(numbers))
    if not ascends or new != list(range(known + 1, known + 1 + len(new))):
        raise problems.SetsOutOfOrderError(next=known + 1, known_through=known)
    for offer in offers:
        row = by_number.get(offer.number)
        if offer.number <= known and row is not None and row.content_hash != offer.content_hash:
            raise problems.SetChangedError(number=offer.number, next=known + 1, known_through=known)


def kept_row(contact: Contact, offer: Offer, status: str, result: str, trails: str) -> Kept:
    return Kept(
        contact.actor.device, offer.number, contact.branch, contact.actor.user, offer.set_id,
        offer.content_hash, offer.content, status, result, trails, format_instant(contact.now),
    )  # fmt: skip


def refused_creates(connection: Connection, contact: Contact) -> tuple[set[str], set[str]]:
    """Return the ids that rejected sets of this device would have created, and those of held ones."""
    query = select(change_set.c.content, change_set.c.status).where(
        change_set.c.device == contact.actor.device, change_set.c.status.in_(REFUSED)
    )
    found: dict[str, set[str]] = {it: set() for it in REFUSED}
    for content, status in connection.execute(query):
        found[status] |= created_by(json.loads(content))
    return found["rejected"], found["held"]


def created_by(raw: Mapping[str, Json]) -> set[str]:
    """Return the ids of the records that a set would create, as far as it can be read."""
    return {it.id for it in wire.readable_set(raw).changes if it.op == "create"}


def numbered(connection: Connection, device: str, numbers: Iterable[int]) -> Sequence[Row[Any]]:
    """Return the sets of a device that go by these numbers, in order."""
    query = select(change_set).where(
        change_set.c.device == device, change_set.c.number.in_(sorted(numbers))
    )
    return connection.execute(query.order_by(change_set.c.number)).all()
