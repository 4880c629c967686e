"""What a schema version did to a type beyond adding to it: renamed, divided, filled in (protocol.md, section 9).

A name that was once used is never used again for something else, so that a stored name needs no version
beside it. Steps are pure: `versions.py` applies them, forwards to sets and backwards to records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.declare import Kind
from schemas.messages import Change, Fault

Json = Any
Fields = Mapping[str, Json]


@dataclass(frozen=True)
class Renamed:
    """With *schema*, the field *old* of a type got the name *new*. *since*: what had brought *old*."""

    schema: int
    type: str
    old: str
    new: str
    since: int = 1

    def lift(self, change: Change) -> Change:
        """Return a change of the version before in the form of this one."""
        return replace(change, set=self._moved(change.set), over=self._moved(change.over))

    def _moved(self, values: Fields) -> dict[str, Json]:
        return {self.new if name == self.old else name: it for name, it in values.items()}

    def lower(self, fields: Fields, whole: Fields) -> dict[str, Json]:
        """Return *fields* of a record in the form of the version before; *whole*: all that it has."""
        return {self.old if name == self.new else name: it for name, it in fields.items()}

    def old_name(self, unit: str) -> str:
        """Return what the version before called a unit."""
        return self.old if unit == self.new else unit

    def fault(self, change: Change) -> Fault | None:
        """Return why a change of the version before cannot be lifted, without its place."""
        return None


@dataclass(frozen=True)
class Divided:
    """With *schema*, the field *old* became the fields *parts*.

    Attributes:
        kind: what *old* could hold; `divide` and `join` see no other values, and never None.
        divide: from a value of *old* to a value for every part, None where there is none.
        join: from the parts of a record, of which one at least has a value, to *old*.
    """

    schema: int
    type: str
    old: str
    parts: tuple[str, ...]
    kind: Kind
    divide: Callable[[Json], Fields]
    join: Callable[[Fields], Json]
    since: int = 1

    def lift(self, change: Change) -> Change:
        """Return a change of the version before in the form of this one."""
        values = dict(change.set)
        if self.old in values:
            value = values.pop(self.old)
            values |= dict.fromkeys(self.parts)
            if value is not None:
                values |= self.divide(value)
        over = {name: it for name, it in change.over.items() if name != self.old}
        if self.old in change.over:
            over |= dict.fromkeys(self.parts, change.over[self.old])
        return replace(change, set=values, over=over)

    def lower(self, fields: Fields, whole: Fields) -> dict[str, Json]:
        """Return *fields* of a record in the form of the version before; *whole*: all that it has."""
        kept = {name: it for name, it in fields.items() if name not in self.parts}
        if len(kept) < len(fields):
            found = {part: whole.get(part) for part in self.parts}
            empty = all(it is None for it in found.values())
            kept[self.old] = None if empty else self.join(found)
        return kept

    def old_name(self, unit: str) -> str:
        """Return what the version before called a unit."""
        return self.old if unit in self.parts else unit

    def fault(self, change: Change) -> Fault | None:
        """Return why a change of the version before cannot be lifted, without its place."""
        value = change.set.get(self.old)
        reason = None if value is None else self.kind.problem(value)
        return Fault(None, self.old, "invalid-value", reason) if reason else None


@dataclass(frozen=True)
class Filled:
    """With *schema*, a type got a *field* that must be there; a record of an older device gets *value*."""

    schema: int
    type: str
    field: str
    value: Json

    def lift(self, change: Change) -> Change:
        """Return a change of the version before in the form of this one."""
        if change.op != "create" or change.set.get(self.field) is not None:
            return change
        return replace(change, set={**change.set, self.field: self.value})

    def lower(self, fields: Fields, whole: Fields) -> dict[str, Json]:
        """Return *fields* as they are: the version before does not know the field anyway."""
        return dict(fields)

    def old_name(self, unit: str) -> str:
        """Return *unit*."""
        return unit

    def fault(self, change: Change) -> Fault | None:
        """Return None."""
        return None


Step = Renamed | Divided | Filled
