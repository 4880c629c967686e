"""The branch as its server keeps it, in memory: log, records, history, results, index (protocol, 7 and 8).

A request works on a ledger of its own (`ledger`), and `commit` takes over what it decided, or
nothing does: that is the transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import Registry
from sync.engine import Moment
from sync.ledger import Decided, Entry, Ledger, Move, RecordState
from sync.scope import Actor, owners

Json = Any


@dataclass(frozen=True)
class Kept:
    """A set as the server keeps it for ever: what came, what became of it, what later sets inherit."""

    device: str
    number: int
    user: str | None
    raw: dict[str, Json]
    result: dict[str, Json]
    decided: Decided

    @property
    def set_id(self) -> str:
        """The set's id, or a stand-in that no other set has."""
        return str(self.raw["id"])


@dataclass(frozen=True)
class Row:
    """What an owner (a user, or the whole branch) may pull: one row a record, at its newest position.

    `since`: where the record came into the owner's scope.
    """

    record: str
    customer: str | None
    position: int
    since: int
    live: bool = True
    left: bool = False
    type: str = "customer"


@dataclass(frozen=True)
class Held:
    """A set that waits for what a restored server has lost: whose, when it was made, what it names."""

    actor: Actor
    raw: dict[str, Json]
    moment: Moment
    names: frozenset[str]


@dataclass
class Contact:
    """What the server remembers of a device: its last number and its last contacts with nothing waiting."""

    known: int = 0
    clean_ms: int | None = None
    earlier_clean_ms: int | None = None


@dataclass
class Store:
    """Everything that a server of one branch keeps. `restores`: the epoch before each, and the head then."""

    registry: Registry
    branch: str
    head: int = 0
    records: dict[str, RecordState] = field(default_factory=dict)
    history: dict[str, list[Entry]] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)
    conflicts: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    sets: dict[str, dict[int, Kept]] = field(default_factory=dict)
    by_id: dict[tuple[str | None, str], Kept] = field(default_factory=dict)
    feed: dict[str, dict[tuple[str, bool], Row]] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    purged: int = 0
    purges: int = 0
    epoch: str = "epoch-1"
    restores: tuple[tuple[str, int], ...] = ()
    locked: frozenset[str] = frozenset()
    wiped: frozenset[str] = frozenset()
    held: dict[tuple[str, int], Held] = field(default_factory=dict)

    def copy(self) -> Store:
        """Return a store that goes on from here alone; records and rows are never changed in place."""
        return replace(
            self,
            records=dict(self.records),
            history=_lists(self.history),
            log=list(self.log),
            conflicts=_lists(self.conflicts),
            children=_lists(self.children),
            sets={key: dict(it) for key, it in self.sets.items()},
            by_id=dict(self.by_id),
            feed={key: dict(it) for key, it in self.feed.items()},
            contacts={key: replace(it) for key, it in self.contacts.items()},
            held=dict(self.held),
        )

    def known(self, device: str) -> int:
        """Return the greatest number that the server has from a device."""
        return max(self.sets.get(device, ()), default=0)

    # ---------------------------------------------------------------------------- the transaction

    def ledger(self, device: str) -> Ledger:
        """Return what the engine may look at to decide sets of *device*: here, the whole branch."""
        mine = self.sets.get(device, {}).values()
        rejected, held = (
            {made for it in mine if it.result["status"] == word for made in creates_of(it.raw)}
            for word in ("rejected", "held")
        )
        return Ledger(
            self.head,
            records=dict(self.records),
            history=defaultdict(list, _lists(self.history)),
            decided={it.number: it.decided for it in mine},
            rejected_creates=rejected,
            held_creates=held,
            conflicts=defaultdict(list, _lists(self.conflicts)),
            children=defaultdict(list, _lists(self.children)),
        )

    def commit(self, ledger: Ledger, kept: Iterable[Kept]) -> None:
        """Take over what was decided: log, records, index, head, and the sets with their results."""
        for one in kept:
            self.sets.setdefault(one.device, {})[one.number] = one
            first = self.by_id.setdefault((one.user, one.set_id), one)
            if (first.device, first.number) == (one.device, one.number):
                self.by_id[one.user, one.set_id] = one
        if not ledger.written and not ledger.moves:
            return
        for entry in ledger.written:
            self.history.setdefault(entry.record, []).append(entry)
            self.log.append(entry)
        for key in dict.fromkeys([*ledger.touched, *sorted(ledger.reheld)]):
            self.records[key] = ledger.as_logged(key)
        for entry in ledger.written:
            if entry.op == "create" or (entry.op == "move" and entry.type == "conflict"):
                self._find_by(self.records[entry.record])
        self._index(ledger)
        self.head = ledger.head

    def _find_by(self, state: RecordState) -> None:
        """Make a new record findable by what it is about, and by its parent."""
        parent = self.registry[state.type].parent
        if state.type == "conflict":
            about = (state.fields["record"], state.fields.get("field"))
            known = self.conflicts.setdefault(about, [])
            if state.id not in known:
                known.append(state.id)
        elif parent is not None and parent[1] in state.fields:
            self.children.setdefault(state.fields[parent[1]], []).append(state.id)

    # ---------------------------------------------------------------------------------- the index

    def _index(self, ledger: Ledger) -> None:
        fresh = {it.record for it in ledger.written if it.op in ("create", "revive", "move")}
        moves = [
            it for it in ledger.moves if ledger.records[it.customer].created_position <= self.head
        ]
        moved_in = {(it.user, it.customer) for it in moves if it.kind == "in"}
        for key in ledger.touched:
            state = self.records[key]
            for owner in self._owners(state):
                if (owner, state.customer) not in moved_in:
                    self._show(owner, state, anew=state.id in fresh)
        self._hide_lost(ledger)
        self._move(ledger, moves)

    def _owners(self, state: RecordState) -> list[str]:
        if state.type == "conflict" and state.customer is None:
            about = self.records.get(state.fields["record"])
            return self._owners(about) if about else []
        customer = self.records.get(state.customer) if state.customer else None
        return owners(self.registry, state, customer, self.branch)

    def _show(self, owner: str, state: RecordState, anew: bool) -> None:
        rows = self.feed.setdefault(owner, {})
        before = rows.get((state.id, False))
        since = state.version if anew or before is None else before.since
        rows[state.id, False] = Row(
            state.id, state.customer, state.version, since, not state.deleted, type=state.type
        )

    def _hide_lost(self, ledger: Ledger) -> None:
        """Take a record about users from one whom it names no more."""
        for entry in ledger.written:
            for name in self.registry[entry.type].users:
                user = entry.units[name].before if entry.alters(name) else None
                state = self.records[entry.record]
                if user and user not in self._owners(state):
                    self._show(user, replace(state, deleted=True), anew=False)

    def _move(self, ledger: Ledger, moves: list[Move]) -> None:
        """Index what left and what came in, each record at a position of its own, the customer first."""
        leaving = {(it.user, it.customer) for it in moves if it.kind == "left"}
        for (user, customer), move in {(it.user, it.customer): it for it in moves}.items():
            rows = self.feed.setdefault(user, {})
            for key in [
                it for it, row in rows.items() if row.customer == customer and not row.left
            ]:
                del rows[key]
            if (user, customer) in leaving:
                ledger.head += 1
                at = ledger.head
                rows[customer, True] = Row(customer, customer, at, at, live=False, left=True)
            if move.kind == "in":
                for state in self._under(customer):
                    ledger.head += 1
                    at = ledger.head
                    rows[state.id, False] = Row(state.id, customer, at, at, type=state.type)

    def _under(self, customer: str) -> list[RecordState]:
        found = [it for it in self.records.values() if it.customer == customer and not it.deleted]
        return sorted(found, key=lambda it: (it.id != customer, it.created_position))

    def purge(self) -> None:
        """Forget the index rows of tombstones and moves, as it happens after 180 days."""
        for rows in self.feed.values():
            for key in [it for it, row in rows.items() if not row.live]:
                del rows[key]
        self.purged, self.purges = self.head, self.purges + 1


def creates_of(raw: dict[str, Json]) -> list[str]:
    """Return the ids that a set would create, as far as it can be read."""
    changes = raw.get("changes")
    found = [it for it in changes if isinstance(it, dict)] if isinstance(changes, list) else []
    return [it["id"] for it in found if it.get("op") == "create" and isinstance(it.get("id"), str)]


def _lists(of: Any) -> dict[Any, list[Any]]:
    return {key: list(it) for key, it in of.items()}
