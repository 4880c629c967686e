"""Sets that a restored server holds until what they lack arrives (protocol.md, section 8).

They lie in quarantine meanwhile. Whenever something arrives in their branch (a record, a customer in a user's
scope), those that may have waited for it are decided again, in the order of their numbers, in the transaction
that brought it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, ScalarSelect, and_, delete, exists, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.elements import ColumnElement

from schemas.declare import Registry
from schemas.messages import Fault, SetResult
from schemas.values import format_instant
from server import bulk, store
from server.deciding import Again, decide, load, named_ids
from server.earlier import Kept, created_by, load_sets
from server.offers import Contact, Offer, corrected, read_offer
from server.store import branch, change_set, held
from sync.engine import Engine, Moment
from sync.ledger import Ledger
from sync.scope import Actor

Json = Any
Ended = dict[tuple[str, int], dict[str, Json]]
log = structlog.get_logger()
LONGEST = timedelta(days=35)
ARRIVES = ("create", "revive", "merge", "move")


@dataclass(frozen=True)
class Waiting:
    """A row of `held`."""

    device: str
    number: int
    branch: str
    user: str
    role: str
    set_id: str
    made_at: str
    stamp: str
    since: str
    names: Sequence[str]
    faults: Sequence[Json]

    @staticmethod
    def of(contact: Contact, offer: Offer, result: SetResult) -> Waiting:
        """Return the row of a set that was just held."""
        changes = offer.parsed.changes if offer.parsed else ()
        names = sorted({it for change in changes for it in named_ids(change)})
        actor = contact.actor
        return Waiting(
            actor.device, offer.number, contact.branch, actor.user or "", actor.role, offer.set_id,
            *corrected(contact, offer.raw), format_instant(contact.now), names,
            [it.as_json() for it in result.errors],
        )  # fmt: skip


@dataclass
class Arrived:
    """What may end the waiting of a set: records by id, users whose scope changed."""

    records: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    @staticmethod
    def of(registry: Registry, ledger: Ledger) -> Arrived:
        """Return what has arrived by all that was decided over a ledger."""
        found = Arrived({it.record for it in ledger.written if it.op in ARRIVES})
        found.users = {it.user for it in ledger.moves}
        for state in ledger.touched.values():
            named = (state.fields.get(it) for it in registry[state.type].users)
            found.users |= {it for it in named if it}
        return found

    def concerns(self, row: Row[Any]) -> bool:
        """Tell whether this may be what a held set has waited for."""
        return row.user in self.users or not self.records.isdisjoint(row.names)


# ------------------------------------------------------------------------------------------ keeping


def keep(connection: Connection, waiting: Sequence[Waiting]) -> None:
    """Note sets as held."""
    if waiting:
        bulk.insert(connection, held, [asdict(it) for it in waiting])
        _count(connection, waiting[0].branch, len(waiting))


def follow(connection: Connection, contact: Contact, sets: Sequence[Offer]) -> None:
    """Let held sets go by the number under which the same user's new device sends them (section 8)."""
    for one in sets:
        mine = held.c.user == contact.actor.user, held.c.set_id == one.set_id
        now = {"device": contact.actor.device, "number": one.number}
        connection.execute(update(held).where(*mine).values(now))


def is_due(branch_id: ColumnElement[str], now: datetime) -> ScalarSelect[bool]:
    """Return the query of whether a set of a branch has been held for too long."""
    before = format_instant(now - LONGEST)
    found = exists().where(held.c.branch == branch_id, held.c.since < before)
    return select(found).scalar_subquery()


def expire(connection: Connection, registry: Registry, contact: Contact) -> None:
    """Reject what has been held for 35 days, for the reason why it was held."""
    store.lock_branch(connection, contact.branch)
    before = format_instant(contact.now - LONGEST)
    query = select(held).where(held.c.branch == contact.branch, held.c.since < before)
    rows = connection.execute(query).all()
    sets = _stored(connection, rows)
    changed: list[Kept] = []
    arrived = Arrived()
    for row in rows:
        faults = tuple(Fault(**{"change": None, "field": None, **it}) for it in row.faults)
        text = _text(SetResult(row.number, "rejected", errors=faults))
        for one in sets[row.user, row.set_id]:
            changed.append(replace(one, status="rejected", result=text))
            arrived.records |= created_by(json.loads(one.content))
    bulk.upsert(connection, change_set, [asdict(it) for it in changed])
    _drop(connection, contact.branch, rows)
    log.info("held_expired", branch=contact.branch, sets=len(rows))
    try_again(connection, registry, contact, arrived)


# ---------------------------------------------------------------------------------------- trying again


def try_again(
    connection: Connection, registry: Registry, contact: Contact, arrived: Arrived
) -> Ended:
    """Decide again the sets of the contact's branch that may have waited for what has arrived.

    Returns:
        The results of those that are held no more, by device and number.
    """
    ended: Ended = {}
    waiting: Sequence[Row[Any]] = ()
    if arrived.records or arrived.users:
        query = select(held).where(held.c.branch == contact.branch)
        waiting = connection.execute(query.order_by(held.c.device, held.c.number)).all()
    while due := [it for it in waiting if arrived.concerns(it)]:
        arrived = Arrived()
        by_device: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in due:
            by_device[row.device].append(row)
        for device, rows in by_device.items():
            actor = Actor(rows[0].user, rows[0].role, device)
            again = _Again(connection, registry, replace(contact, actor=actor))
            ended |= again.safely(rows, arrived)
        waiting = [it for it in waiting if (it.device, it.number) not in ended]
    return ended


@dataclass
class _Again:
    """The sets of one device that are decided again."""

    connection: Connection
    registry: Registry
    contact: Contact

    def safely(self, rows: Sequence[Row[Any]], arrived: Arrived) -> Ended:
        """Decide them; one that nobody can decide stays held and stops nobody's work."""
        try:
            with self.connection.begin_nested():
                ended, came = self._run(rows)
        except OperationalError:
            raise  # the database's trouble is not the set's
        except Exception as error:  # as in a push
            log.error("held_failed", device=rows[0].device, number=rows[0].number, exc_info=error)
            if len(rows) == 1:
                return {}
            return {key: it for row in rows for key, it in self.safely([row], arrived).items()}
        arrived.records |= came.records
        arrived.users |= came.users
        return ended

    def _run(self, rows: Sequence[Row[Any]]) -> tuple[Ended, Arrived]:
        """Decide sets in order and store what they do; return their results, and what came with them."""
        branch_row = store.lock_branch(self.connection, self.contact.branch)
        sets = _stored(self.connection, rows)
        later = _later(self.connection, rows)
        rejected: set[str] = set()
        kept = {(it.device, it.number): it for several in sets.values() for it in several}
        contents = [kept[it.device, it.number].content for it in rows]
        offers = [read_offer(json.loads(it), self.registry) for it in contents]
        earlier = load_sets(self.connection, self.contact, offers)
        ledger = Ledger(branch_row.head, decided=earlier.decided())
        resent = load(
            self.connection, self.registry, ledger, self.contact, branch_row, offers, True
        )
        ledger.adopt(resent, self.contact.actor.device)
        held_now = {one for it in offers for one in created_by(it.raw)}
        ledger.held_creates |= {it for it in held_now if it not in ledger.records}
        engine = Engine(
            self.registry, ledger, branch_row.id, self.contact.today, self.contact.prefix
        )
        facts: dict[str, dict[str, Json]] = {}
        changed: list[Kept] = []
        done: list[Row[Any]] = []
        for row, offer in zip(rows, offers, strict=True):
            ledger.held_creates -= created_by(offer.raw)
            again = Again(Moment(row.made_at, row.stamp), later[row.set_id])
            new, _ = decide(engine, self.contact, branch_row, offer, facts, again)
            if new.status == "held":
                continue
            done.append(row)
            if new.status == "rejected":
                rejected |= created_by(offer.raw)
            changed += [
                replace(it, status=new.status, result=new.result, trails=new.trails)
                for it in sets[row.user, row.set_id]
            ]
        store.save(self.connection, self.registry, branch_row, ledger, facts)
        bulk.upsert(self.connection, change_set, [asdict(it) for it in changed])
        _drop(self.connection, self.contact.branch, done)
        came = Arrived.of(self.registry, ledger)
        came.records |= rejected
        log.info("held_again", branch=branch_row.id, tried=len(offers), decided=len(done))
        return {(it.device, it.number): json.loads(it.result) for it in changed}, came


def _stored(
    connection: Connection, rows: Sequence[Row[Any]]
) -> Mapping[tuple[str | None, str], list[Kept]]:
    """Return, by user and set id, every number under which the branch has these sets."""
    ids = bulk.among(connection, change_set.c.set_id, {it.set_id for it in rows})
    users = change_set.c.user.in_(sorted({it.user for it in rows}))
    found: dict[tuple[str | None, str], list[Kept]] = defaultdict(list)
    for row in connection.execute(select(change_set).where(users, ids)) if rows else ():
        found[row.user, row.set_id].append(Kept(**row._mapping))
    return found


def _later(connection: Connection, rows: Sequence[Row[Any]]) -> Mapping[str, frozenset[str]]:
    """Return, by set id, the sets that a device of the same user has sent with a greater number."""
    behind = change_set.alias("behind")
    query = select(change_set.c.set_id, behind.c.set_id.label("later")).where(
        change_set.c.user == rows[0].user,
        bulk.among(connection, change_set.c.set_id, {it.set_id for it in rows}),
        behind.c.device == change_set.c.device,
        behind.c.number > change_set.c.number,
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(query):
        found[row.set_id].add(row.later)
    return {it.set_id: frozenset(found[it.set_id]) for it in rows}


def _drop(connection: Connection, branch_id: str, rows: Sequence[Row[Any]]) -> None:
    """Note that sets are held no more."""
    if rows:
        mine = (and_(held.c.device == it.device, held.c.number == it.number) for it in rows)
        connection.execute(delete(held).where(or_(*mine)))
        _count(connection, branch_id, -len(rows))


def _count(connection: Connection, branch_id: str, more: int) -> None:
    mine = branch.c.id == branch_id
    connection.execute(update(branch).where(mine).values(held=branch.c.held + more))


def _text(result: SetResult) -> str:
    return json.dumps(result.as_json(), ensure_ascii=False, separators=(",", ":"))
