"""Replaying the log: the chain, the commitments, and the records that must follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from schemas.declare import Registry
from schemas.values import json_equal
from server import chain, store
from server.store import branch, feed, log, record
from sync.digest import term
from sync.ledger import Entry, Mark, RecordState
from sync.work import put_unit

BATCH = 2000


@dataclass(frozen=True)
class Finding:
    """The first thing of a branch that does not hold: at which position, and what."""

    branch: str
    position: int
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what was found (None: all is well)."""

    rows: int
    records: int
    finding: Finding | None


def verify(connection: Connection, registry: Registry) -> Verified:
    """Check every branch: chain, commitments, records and index against the log; stop at the first fault."""
    rows = records = 0
    for one in connection.execute(select(branch).order_by(branch.c.code)).all():
        check = BranchCheck(connection, registry, one)
        finding = next(iter(check.findings()), None)
        rows += check.rows
        records += len(check.states)
        if finding is not None:
            return Verified(rows, records, finding)
    return Verified(rows, records, None)


class BranchCheck:
    """One branch in the course of being checked."""

    def __init__(self, connection: Connection, registry: Registry, row: Row[Any]) -> None:
        self.connection, self.registry, self.row = connection, registry, row
        self.states: dict[str, RecordState] = {}
        self.rows = 0

    def findings(self) -> Iterator[Finding]:
        """Yield what does not hold, in the order of the log."""
        yield from self._chain()
        yield from self._records()
        yield from self._index()

    def _found(self, position: int, what: str) -> Finding:
        return Finding(self.row.code, position, what)

    def _log(self) -> Iterable[Row[Any]]:
        query = select(log).where(log.c.branch == self.row.id).order_by(log.c.position)
        streamed = self.connection.execution_options(yield_per=BATCH)
        return streamed.execute(query)

    def _chain(self) -> Iterator[Finding]:
        previous, last = "", 0
        for row in self._log():
            self.rows += 1
            if row.position <= last:
                yield self._found(row.position, "positions do not increase")
            if row.payload is not None and not _committed(row):
                yield self._found(row.position, "the payload is not the one committed to")
            if chain.link(previous, dict(row._mapping)) != row.hash:
                yield self._found(row.position, "the hash does not follow from the row before it")
            previous, last = row.hash, row.position
            if row.altered:
                self._replay(store.entry_of(row))
        if previous != self.row.head_hash or last > self.row.head:
            yield self._found(last, "the log does not end where the branch says")

    def _replay(self, entry: Entry) -> None:
        state = self.states.get(entry.record)
        if state is None:
            state = RecordState(entry.type, entry.record, entry.customer)
            self.states[entry.record] = state
        state.version = entry.position
        state.deleted = entry.op == "delete"
        declared = self.registry[entry.type]
        for unit, written in entry.units.items():
            if written.altered:
                put_unit(state, declared, unit, written.kept)
                held = state.marks.get(unit)
                moved = held.moved(entry.position, entry.device) if held else None
                state.marks[unit] = moved or Mark(entry.position, entry.device)

    def _records(self) -> Iterator[Finding]:
        query = select(record).where(record.c.branch == self.row.id)
        seen = set()
        for row in self.connection.execution_options(yield_per=BATCH).execute(query):
            seen.add(row.id)
            state = self.states.get(row.id)
            if state is None:
                yield self._found(row.version, f"record {row.id} is not in the log")
                continue
            same = (row.version, bool(row.deleted)) == (state.version, state.deleted)
            if not same or not json_equal(dict(row.fields), state.fields):
                yield self._found(state.version, f"record {row.id} differs from the log")
            held = {unit: it[0] for unit, it in json.loads(row.marks).items() if unit}
            replayed = {unit: it.position for unit, it in state.marks.items()}
            if {u: p for u, p in held.items() if u in replayed} != replayed:
                yield self._found(state.version, f"marks of record {row.id} differ from the log")
        for missing in set(self.states) - seen:
            version = self.states[missing].version
            yield self._found(version, f"record {missing} is missing")

    def _index(self) -> Iterator[Finding]:
        query = select(feed).where(feed.c.kind == "record", feed.c.live == 1)
        for row in self.connection.execution_options(yield_per=BATCH).execute(query):
            state = self.states.get(row.record)
            if state is None:
                continue
            value = term(state.id, state.version)
            if (row.hi, row.lo) != (value >> 32, value & 0xFFFFFFFF) or state.deleted:
                yield self._found(state.version, f"the index of record {row.record} differs")


def _committed(row: Row[Any]) -> bool:
    """Tell whether a row's payload is the one that its commitment was made for."""
    if row.payload_key is None:
        return False
    return chain.commitment(row.payload, row.payload_key) == str(row.commitment)
