"""What one set does to a ledger: it is kept whole or thrown away whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sync.ledger import Entry, Ledger, Move, RecordState, Trail


@dataclass(frozen=True)
class Crossing:
    """How an edit reaches a customer by an id that was merged into it, unseen by its sender (aliases.py).

    To the sender the history of *survivor* is that of *absorbed* up to the merge, and then `merge`, which
    changes every field.
    """

    absorbed: str
    survivor: str
    merge: Entry


class Draft:
    """What one set does. `keep` makes it part of the ledger; a draft that is dropped leaves no trace."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.head = ledger.head
        self.records: dict[str, RecordState] = {}
        self.entries: list[Entry] = []
        self.new_conflicts: list[RecordState] = []
        self.moves: list[Move] = []
        self.trails: dict[tuple[str, str], Trail] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.crossing: Crossing | None = None

    def position(self) -> int:
        """Hand out the next position of the branch log."""
        self.head += 1
        return self.head

    def record(self, record_id: str | None) -> RecordState | None:
        """Return the state of a record, tombstones included, or None; never change what it returns.

        Under the id of a customer that was merged into another one lies that other one.
        """
        found = self.stored(record_id)
        return found if found is None or found.alias is None else self.stored(found.alias)

    def stored(self, record_id: str | None) -> RecordState | None:
        """Return what is stored under an id itself, also where it is an alias."""
        if record_id is None:
            return None
        return self.records.get(record_id) or self.ledger.records.get(record_id)

    def writable(self, state: RecordState) -> RecordState:
        """Return a copy of *state* that belongs to this draft."""
        if self.records.get(state.id) is not state:
            self.records[state.id] = state.copy()
        return self.records[state.id]

    def put(self, state: RecordState, parent: str | None = None) -> None:
        """Add a new record, under its *parent* where it has one."""
        self.records[state.id] = state
        if parent is not None:
            self.children[parent].append(state.id)
        if state.type == "conflict":
            self.new_conflicts.append(state)

    def note_moved(self, state: RecordState) -> None:
        """Make a record findable where it is now, after its customer was merged into another."""
        if state.type == "conflict":
            self.new_conflicts.append(state)

    def history(self, record_id: str, above: int) -> list[Entry]:
        """Return the entries of a record above a position, oldest first."""
        before = self.ledger.history.get(record_id, ())
        own = (it for it in self.entries if it.record == record_id)
        return [it for it in (*before, *own) if it.position > above]

    def above(self, record_id: str, base: int) -> list[Entry]:
        """Return what happened to a record above *base*, as it looks to whoever sent the change at hand."""
        found, crossing = self.history(record_id, base), self.crossing
        if crossing is None or crossing.survivor != record_id:
            return found
        merge = crossing.merge
        before = [it for it in self.history(crossing.absorbed, base) if it.op != "merge"]
        return [*before, merge, *(it for it in found if it.position > merge.position)]

    def under(self, customer: str) -> list[RecordState]:
        """Return the records under a customer but its own, tombstones included, oldest first."""
        known = {**self.ledger.records, **self.records}.values()
        mine = [it for it in known if it.customer == customer and it.id != customer]
        return sorted(mine, key=lambda it: (it.created_position, it.id))

    def conflicts_on(self, record_id: str, unit: str | None) -> list[RecordState]:
        """Return the conflicts about a record's unit, oldest first."""
        ids = list(self.ledger.conflicts.get((record_id, unit), ()))
        known = (self.record(it) for it in ids)
        new = (
            it
            for it in self.new_conflicts
            if (it.fields["record"], it.fields.get("field")) == (record_id, unit)
        )
        return list({it.id: it for it in (*known, *new) if it is not None}.values())

    def live_children(self, record_id: str) -> Sequence[str]:
        """Return the ids of the live records that name *record_id* as their parent."""
        ids = (*self.ledger.children.get(record_id, ()), *self.children.get(record_id, ()))
        known = (self.record(it) for it in ids)
        return [it.id for it in known if it is not None and not it.deleted]

    def keep(self) -> None:
        """Make this draft part of the ledger."""
        ledger = self.ledger
        before = {key: ledger.records[key] for key in self.records if key in ledger.records}
        ledger.head = self.head
        ledger.records.update(self.records)
        changed = {it.record for it in self.entries if it.altered}
        ledger.touched.update({key: it for key, it in self.records.items() if key in changed})
        for state in self.new_conflicts:
            ledger.index(state)
        for parent, ids in self.children.items():
            ledger.children[parent].extend(ids)
        for entry in self.entries:
            ledger.history[entry.record].append(entry)
        ledger.written.extend(self.entries)
        ledger.moves.extend(self.moves)
        ledger.reheld |= {
            key
            for key, it in self.records.items()
            if it.type == "customer" and it.holders != before.get(key, it).holders
        }
