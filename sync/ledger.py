"""What the engine decides over: record states, their history, earlier sets, and a draft on top.

A `Ledger` holds what one request touches, whoever loaded it (the server's store, a test, the simulator).
A `Draft` collects what one set does to it; it is kept whole or thrown away whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from schemas.messages import Status
from schemas.values import json_equal

Json = Any
HolderRole = Literal["primary", "cover", "inspector"]


@dataclass(frozen=True)
class Mark:
    """Where something was last changed, by which device, and the last position of any *other* device.

    With these three, "did another device change it above b?" is exact without reading the history.
    """

    position: int
    device: str
    other: int = 0

    def moved(self, position: int, device: str) -> Mark:
        """Return the mark after *device* changed it at *position*."""
        other = self.other if device == self.device else self.position
        return Mark(position, device, other)

    def by_other(self, device: str, above: int) -> bool:
        """Tell whether a device other than *device* changed it above the position *above*."""
        return (self.other if device == self.device else self.position) > above


@dataclass(frozen=True)
class Holding:
    """A user's hold on a customer by an assignment, from one log position to another (None: still)."""

    user: str
    role: HolderRole
    assignment: str
    since: int
    ended: int | None = None


@dataclass(frozen=True)
class Written:
    """What one entry did to one unit: the value before, the value sent, the value that stands after."""

    before: Json
    sent: Json
    kept: Json

    @property
    def altered(self) -> bool:
        """Tell whether the stored value changed."""
        return not json_equal(self.before, self.kept)


@dataclass(frozen=True)
class Entry:
    """One row of the branch log: what one change did to one record.

    `made_at` is the corrected device time (UTC, ISO 8601), `stamp` the clamped HLC; `timer` marks moves
    that the server made by itself when something fell due.
    """

    position: int
    record: str
    type: str
    customer: str | None
    op: str
    device: str
    number: int
    set_id: str
    user: str | None
    role: str
    made_at: str
    stamp: str
    units: Mapping[str, Written]
    altered: bool
    timer: bool = False
    note: str | None = None


@dataclass
class RecordState:
    """The stored state of one record. `fields` has only set fields, by dotted path; `marks` go by unit."""

    type: str
    id: str
    customer: str | None
    version: int = 0
    fields: dict[str, Json] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    mark: Mark = Mark(0, "")
    created_position: int = 0
    created_device: str = ""
    created_by: str | None = None
    changed_by: str | None = None
    changed_at: str = ""
    deleted: bool = False
    holders: tuple[Holding, ...] = ()

    def copy(self) -> RecordState:
        """Return a copy whose fields and marks may be changed."""
        return replace(self, fields=dict(self.fields), marks=dict(self.marks))

    def holds(self, user: str) -> bool:
        """Tell whether *user* holds this customer now."""
        return any(it.user == user and it.ended is None for it in self.holders)

    def users(self) -> list[str]:
        """Return the users who hold this customer now, each once."""
        return list(dict.fromkeys(it.user for it in self.holders if it.ended is None))


@dataclass(frozen=True)
class Trail:
    """What later sets inherit through `over` from a set's value of one unit (protocol, section 3).

    `ancestor` counts only where `has_ancestor`: the value submitted in the nearest set of the chain that
    was stored. `stored_at` is the position where this set's own value was stored, or None.
    """

    base: int
    stored_at: int | None
    sent: Json = None
    has_ancestor: bool = False
    ancestor: Json = None


@dataclass
class Decided:
    """A set of this device that was decided before: what `over` needs to know of it."""

    number: int
    status: Status
    trails: dict[tuple[str, str], Trail] = field(default_factory=dict)
    creates: frozenset[str] = frozenset()
    stand_in: bool = False
    base: int = 0


@dataclass(frozen=True)
class Move:
    """A customer that came into a user's scope or left it, at a position."""

    customer: str
    user: str
    kind: Literal["in", "left"]


@dataclass
class Ledger:
    """The loaded part of one branch, and everything that has been decided on top of it."""

    head: int
    records: dict[str, RecordState] = field(default_factory=dict)
    history: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    decided: dict[int, Decided] = field(default_factory=dict)
    rejected_creates: set[str] = field(default_factory=set)
    conflicts: dict[tuple[str, str | None], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    written: list[Entry] = field(default_factory=list)
    touched: dict[str, RecordState] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    reheld: set[str] = field(default_factory=set)

    def load(self, states: Iterable[RecordState], entries: Iterable[Entry] = ()) -> None:
        """Add stored states and history entries (each record's in log order)."""
        for state in states:
            self.records[state.id] = state
            self.index(state)
        for entry in entries:
            self.history[entry.record].append(entry)

    def index(self, state: RecordState) -> None:
        """Make a conflict findable by what it is about."""
        if state.type == "conflict":
            about = (state.fields["record"], state.fields.get("field"))
            if state.id not in self.conflicts[about]:
                self.conflicts[about].append(state.id)

    def draft(self) -> Draft:
        """Begin deciding one set."""
        return Draft(self)


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

    def position(self) -> int:
        """Hand out the next position of the branch log."""
        self.head += 1
        return self.head

    def record(self, record_id: str | None) -> RecordState | None:
        """Return the state of a record, tombstones included, or None; never change what it returns."""
        if record_id is None:
            return None
        return self.records.get(record_id) or self.ledger.records.get(record_id)

    def writable(self, state: RecordState) -> RecordState:
        """Return a copy of *state* that belongs to this draft."""
        if self.records.get(state.id) is not state:
            self.records[state.id] = state.copy()
        return self.records[state.id]

    def put(self, state: RecordState) -> None:
        """Add a new record."""
        self.records[state.id] = state
        if state.type == "conflict":
            self.new_conflicts.append(state)

    def history(self, record_id: str, above: int) -> list[Entry]:
        """Return the entries of a record above a position, oldest first."""
        before = self.ledger.history.get(record_id, ())
        own = (it for it in self.entries if it.record == record_id)
        return [it for it in (*before, *own) if it.position > above]

    def conflicts_on(self, record_id: str, unit: str | None) -> list[RecordState]:
        """Return the conflicts about a record's unit, oldest first."""
        ids = list(self.ledger.conflicts.get((record_id, unit), ()))
        known = (self.record(it) for it in ids)
        new = (
            it
            for it in self.new_conflicts
            if (it.fields["record"], it.fields.get("field")) == (record_id, unit)
        )
        return [it for it in (*known, *new) if it is not None]

    def live_children(self, record_id: str) -> Sequence[str]:
        """Return the ids of the live records that name *record_id* as their parent."""
        known = (self.record(it) for it in self.ledger.children.get(record_id, ()))
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
        for entry in self.entries:
            ledger.history[entry.record].append(entry)
        ledger.written.extend(self.entries)
        ledger.moves.extend(self.moves)
        ledger.reheld |= {
            key
            for key, it in self.records.items()
            if it.type == "customer" and it.holders != before.get(key, it).holders
        }
