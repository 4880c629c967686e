"""What the engine decides over: record states, their history, and earlier sets.

A `Ledger` holds what one request touches, whoever loaded it: the server's store, a test, the
simulator. A `Draft` (draft.py) collects what one set does to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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


REHOMED = frozenset({"merge", "move"})
"""What the merge of two customers does to records: nobody edited them, so no edit is concurrent with it."""


@dataclass(frozen=True)
class Entry:
    """One row of the branch log: what one change did to one record.

    `made_at` is the corrected device time (UTC, ISO 8601), `stamp` the clamped HLC; `timer` marks moves
    that the server made by itself when something fell due. `op` is the change's, or `revive`, or `merge`
    (the record became an alias of the customer named in `customer`) or `move` (it went from the customer
    in `note` to that in `customer`).
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

    @property
    def edits(self) -> bool:
        """Tell whether it changed what a record says, and not only whose it is."""
        return self.altered and self.op not in REHOMED

    def alters(self, unit: str) -> bool:
        """Tell whether it changed the stored value of *unit*."""
        return unit in self.units and self.units[unit].altered

    def sent_again(self, device: str) -> Entry:
        """Return a person's entry as that of the *device* which sent its set again."""
        return self if self.user is None else replace(self, device=device)


@dataclass
class RecordState:
    """The stored state of one record. `fields` has only set fields, by dotted path; `marks` go by unit.

    `alias`: the customer into whom this one was merged; its own fields stay as they were.
    """

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
    alias: str | None = None

    def copy(self) -> RecordState:
        """Return a copy whose fields and marks may be changed."""
        return replace(self, fields=dict(self.fields), marks=dict(self.marks))

    def touch(self, unit: str, position: int, device: str) -> None:
        """Note that *device* changed a unit at *position*."""
        held = self.marks.get(unit)
        self.marks[unit] = held.moved(position, device) if held else Mark(position, device)

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
    held_creates: set[str] = field(default_factory=set)
    conflicts: dict[tuple[str, str | None], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    written: list[Entry] = field(default_factory=list)
    touched: dict[str, RecordState] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    reheld: set[str] = field(default_factory=set)
    unadopted: dict[str, RecordState] = field(default_factory=dict)

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

    def adopt(self, set_ids: Collection[str], device: str) -> None:
        """Count sets that *device* sent again, and another sent first, as its own (section 8)."""
        for record, entries in self.history.items() if set_ids else ():
            own = [it.sent_again(device) if it.set_id in set_ids else it for it in entries]
            if own != entries:
                self.history[record] = own
                if record in self.records:
                    self.unadopted[record] = self.records[record]
                    self.records[record] = _adopted(self.records[record], own, device)

    def as_logged(self, record: str) -> RecordState:
        """Return a record with the marks that the log alone gives, whatever was adopted."""
        stored = self.unadopted.get(record)
        if stored is None:
            return self.records[record]
        real = replace(
            self.records[record].copy(), marks=dict(stored.marks), mark=stored.mark,
            created_device=stored.created_device,
        )  # fmt: skip
        for entry in self.written:
            if entry.record == record and entry.altered:
                if entry.edits:
                    real.mark = real.mark.moved(entry.position, entry.device)
                for unit in filter(entry.alters, entry.units):
                    real.touch(unit, entry.position, entry.device)
        return real


def _adopted(state: RecordState, entries: Sequence[Entry], device: str) -> RecordState:
    """Return *state* with the marks that follow from its newest *entries*.

    Below the first of them lies what every base here has seen. Whether anybody else was there at all
    is unknown, and counts as yes (position 1); below a create is nothing.
    """
    below = 0 if entries[0].op == "create" else 1

    def again(mark: Mark, altering: Sequence[Entry]) -> Mark:
        last = altering[-1] if altering else None
        if last is None or last.position != mark.position or last.device != device:
            return mark
        others = [it.position for it in altering if it.device != device]
        return Mark(mark.position, device, max(others, default=min(mark.other, below)))

    mine = state.copy()
    if entries[0].op == "create":
        mine.created_device = entries[0].device
    mine.mark = again(mine.mark, [it for it in entries if it.edits])
    for unit, mark in state.marks.items():
        mine.marks[unit] = again(mark, [it for it in entries if it.alters(unit)])
    return mine
