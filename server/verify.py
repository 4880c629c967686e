"""Replaying the log: the chain, the commitments, and the records and the index that must follow from it.

A payload that was erased with its key leaves the chain whole; what it held is then nobody's to compare.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from schemas.declare import Registry
from schemas.values import json_equal
from server import audit, chain, day_figures, store
from server.models import Account
from server.store import branch, feed, log, record
from sync.ledger import Entry, Holding, Ledger, Mark, RecordState
from sync.scope import ENGINE
from sync.work import put_unit

BATCH = 2000
ERASABLE = ("fields", "marks", "parent", "subject", "identity")
"""Columns of a record that nobody can tell any more once a payload of its history is erased."""


@dataclass(frozen=True)
class Finding:
    """The first thing of a branch that does not hold: at which position, and what."""

    branch: str
    position: int
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at, how many payloads had been erased, and what was found (None: all is well)."""

    rows: int
    records: int
    finding: Finding | None
    erased: int = 0


def verify(connection: Connection, registry: Registry) -> Verified:
    """Check every branch: chain, commitments, records and index against the log; stop at the first fault."""
    rows = records = erased = 0
    for one in connection.execute(select(branch).order_by(branch.c.code)).all():
        check = BranchCheck(connection, registry, one)
        finding = next(iter(check.findings()), None)
        rows += check.rows
        records += len(check.states)
        erased += check.erased
        if finding is not None:
            return Verified(rows, records, finding, erased)
    return Verified(rows, records, None, erased)


@dataclass
class BranchCheck:
    """One branch in the course of being checked.

    `given` are the log's positions; of the numbers between them each was given to a record that moved
    into somebody's scope. `closes` are the days that it says were closed, by position; `assigned` are the
    assignments of each customer, oldest first.
    """

    connection: Connection
    registry: Registry
    row: Row[Any]
    states: dict[str, RecordState] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    given: set[int] = field(default_factory=set)
    assigned: dict[str, list[str]] = field(default_factory=dict)
    closes: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    rows: int = 0
    erased: int = 0

    def findings(self) -> Iterator[Finding]:
        """Yield what does not hold: first in the log, then in the records, then in the index."""
        yield from self._chain()
        yield from self._records()
        yield from self._index()
        for position, what in day_figures.unlike_the_log(self.connection, self.row.id, self.closes):
            yield self._found(position, what)

    def _found(self, position: int, what: str) -> Finding:
        return Finding(self.row.code, position, what)

    def _streamed(self, query: Select[Any]) -> Iterator[Row[Any]]:
        with self.connection.execute(query.execution_options(yield_per=BATCH)) as rows:
            yield from rows

    # ------------------------------------------------------------------------------------ the log

    def _chain(self) -> Iterator[Finding]:
        previous, last = "", 0
        query = select(log).where(log.c.branch == self.row.id).order_by(log.c.position)
        for row in self._streamed(query):
            self.rows += 1
            if row.position <= last:
                yield self._found(row.position, "positions do not increase")
            if not self._is_committed(row):
                yield self._found(row.position, "the payload is not the one committed to")
            if chain.link(previous, dict(row._mapping)) != row.hash:
                yield self._found(row.position, "the hash does not follow from the row before it")
            previous, last = row.hash, row.position
            self.given.add(row.position)
            if (row.type, row.action) == (audit.TYPE, day_figures.CLOSED):
                self.closes[row.position] = (row.record, row.user, row.received_at)
            if row.payload is None:
                self.erased += 1
                self.unknown.add(row.record)
            if row.altered:
                self._replay(store.entry_of(row))
        if previous != self.row.head_hash or last > self.row.head:
            yield self._found(last, "the log does not end where the branch says")

    def _is_committed(self, row: Row[Any]) -> bool:
        """Tell whether a row's payload is the one committed to, or was erased together with its key."""
        if row.payload is None or row.payload_key is None:
            return row.payload is None and row.payload_key is None
        try:
            return chain.commitment(row.payload, row.payload_key) == str(row.commitment)
        except ValueError:
            return False

    def _replay(self, entry: Entry) -> None:
        state = self.states.get(entry.record)
        if state is None:
            state = self._created(entry)
        state.version = entry.position
        if entry.op == "move":
            state.customer = entry.customer
        else:
            self._stamp(state, entry)
        declared = self.registry[entry.type]
        for unit, written in entry.units.items():
            if written.altered:
                put_unit(state, declared, unit, written.kept)
            if written.altered or entry.op == "create":
                held = state.marks.get(unit)
                fresh = Mark(entry.position, entry.device)
                state.marks[unit] = held.moved(entry.position, entry.device) if held else fresh

    def _stamp(self, state: RecordState, entry: Entry) -> None:
        """Note what an entry other than a move says of the record as a whole."""
        state.deleted = entry.op in ("delete", "merge")
        if entry.op == "merge":
            state.alias = entry.customer
        if entry.edits:
            state.mark = state.mark.moved(entry.position, entry.device)
        state.changed_at = entry.made_at
        if entry.device != ENGINE.device:
            state.changed_by = entry.user

    def _created(self, entry: Entry) -> RecordState:
        state = RecordState(
            entry.type, entry.record, entry.customer,
            mark=Mark(entry.position, entry.device),
            created_position=entry.position, created_device=entry.device, created_by=entry.user,
        )  # fmt: skip
        self.states[entry.record] = state
        if entry.type == "assignment" and (named := entry.units.get("customer_id")):
            self.assigned.setdefault(named.kept, []).append(entry.record)
        return state

    # --------------------------------------------------------------------------------- the records

    def _records(self) -> Iterator[Finding]:
        seen = set()
        for row in self._streamed(select(record).where(record.c.branch == self.row.id)):
            seen.add(row.id)
            state = self.states.get(row.id)
            if state is None:
                yield self._found(row.version, f"record {row.id} is not in the log")
                continue
            held = _holders(row.holders)
            if held is None or not self._is_held_rightly(state, held):
                yield self._found(
                    state.version, f"the holders of record {row.id} differ from the log"
                )
                continue
            state.holders = held
            for column in self._differing(state, dict(row._mapping)):
                yield self._found(
                    state.version, f"{column} of record {row.id} differs from the log"
                )
        for missing in sorted(set(self.states) - seen):
            yield self._found(self.states[missing].version, f"record {missing} is missing")

    def _differing(self, state: RecordState, row: Mapping[str, Any]) -> Iterator[str]:
        expected = store.record_row(self.registry, self.row, state)
        for column, value in expected.items():
            if state.id in self.unknown and column in ERASABLE:
                continue
            if not _equal(row[column], value):
                yield column

    def _is_held_rightly(self, state: RecordState, held: tuple[Holding, ...]) -> bool:
        """Tell whether a customer's holders are those whom the assignments in the log name."""
        primaries = [it for it in held if it.role == "primary" and it.ended is None]
        endless = {
            it for it in self.assigned.get(state.id, ())
            if state.alias is None and it not in self.unknown and self.states[it].fields.get("valid_to") is None
        }  # fmt: skip
        return (
            len(primaries) <= 1
            and not (state.alias and any(it.ended is None for it in held))
            and endless <= {it.assignment for it in held if it.ended is None}
            and all(self._is_assigned(state.id, it) for it in held)
        )

    def _is_assigned(self, customer: str, held: Holding) -> bool:
        assignment = self.states.get(held.assignment)
        if assignment is None or assignment.type != "assignment":
            return False
        if held.assignment in self.unknown:
            return True
        fields = assignment.fields
        named = (fields["officer_id"], fields["role"], fields.get("customer_id"))
        is_over = held.ended is not None
        return (
            named == (held.user, held.role, customer)
            and held.since in self.given
            and assignment.created_position <= held.since <= assignment.version
            and (not is_over or (held.ended in self.given and fields.get("valid_to") is not None))
        )

    # ----------------------------------------------------------------------------------- the index

    def _index(self) -> Iterator[Finding]:
        expected = {
            (owner, state.id): state
            for state in self.states.values()
            for owner in self._owners(state)
            if not state.deleted
        }
        people = select(Account.id).where(Account.branch == self.row.id)
        mine = {self.row.id, *self.connection.execute(people).scalars()}
        query = select(feed).where(feed.c.owner.in_(mine)).order_by(feed.c.position)
        for row in self._streamed(query):
            if row.kind == "left":
                if not self._is_left_rightly(row):
                    yield self._found(row.position, f"the index of customer {row.record} differs")
                continue
            state = self.states.get(row.record)
            wanted = expected.pop((row.owner, row.record), None)
            if state is None or not self._is_shown_rightly(row, state, wanted is not None):
                where = state.version if state else row.position
                yield self._found(where, f"the index of record {row.record} differs")
        for (_, missing), state in expected.items():
            yield self._found(state.version, f"the index of record {missing} is missing")

    def _owners(self, state: RecordState) -> list[str]:
        return store.owners_of(self.registry, state, Ledger(0, self.states), self.row.id)

    def _is_shown_rightly(self, row: Row[Any], state: RecordState, is_owner: bool) -> bool:
        expected = store.feed_row(row.owner, state, row.since, row.position)
        if not state.deleted and not is_owner:
            return False  # shown to somebody whose it is not
        since = abs(row.since)
        moved = row.position > state.version and row.position not in self.given
        return (
            all(row._mapping[name] == value for name, value in expected.items())
            and (row.position == state.version or (moved and since == row.position))
            and 0 < since <= row.position <= self.row.head
        )

    def _is_left_rightly(self, row: Row[Any]) -> bool:
        state = self.states.get(row.record)
        if state is None or not any(it.user == row.owner for it in state.holders):
            return False
        expected = store.left_row(row.owner, row.record, row.position)
        fits = all(row._mapping[name] == value for name, value in expected.items())
        return fits and row.position not in self.given and row.position <= self.row.head


def _holders(text: str) -> tuple[Holding, ...] | None:
    try:
        return tuple(Holding(*it) for it in json.loads(text))
    except (ValueError, TypeError):
        return None


def _equal(stored: Any, expected: Any) -> bool:
    """Tell whether a column holds what it should; JSON texts are equal as values."""
    if isinstance(stored, str) and isinstance(expected, str) and stored != expected:
        try:
            return expected[:1] in "[{" and json_equal(json.loads(stored), json.loads(expected))
        except ValueError:
            return False
    return json_equal(stored, expected)
