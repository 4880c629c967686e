"""Rules over a whole record, as data: the wire, the engine and both devices evaluate the same ones.

The vocabulary is closed, so that every check of the product can be written out for the tablet app
(`plain.check_json`). A field is *there* when it is not null, not false and not empty; 0 is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.declare import Fields, Json, Problem


def is_there(value: Json) -> bool:
    """Tell whether a field holds anything: not null, not false, no empty text, list or object."""
    return value is not None and value is not False and not (
        isinstance(value, str | list | tuple | Mapping) and not value
    )  # fmt: skip


@dataclass(frozen=True)
class When:
    """Where a rule applies: every condition that is given must hold.

    Attributes:
        is_: field to the words of which it has one; a field that is absent counts as None.
        has: fields that must be there.
        lacks: fields of which none may be there.
    """

    is_: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def holds(self, fields: Fields) -> bool:
        """Tell whether the rule applies to a record of these *fields*."""
        return (
            all(fields.get(name) in words for name, words in self.is_.items())
            and all(is_there(fields.get(it)) for it in self.has)
            and not any(is_there(fields.get(it)) for it in self.lacks)
        )


@dataclass(frozen=True)
class Needs:
    """Where *when* holds, all of *fields* must be there; the first that is not is `required`."""

    fields: tuple[str, ...]
    when: When
    reason: str | None = None

    def __call__(self, fields: Fields) -> Problem | None:
        if not self.when.holds(fields):
            return None
        missing = next((it for it in self.fields if not is_there(fields.get(it))), None)
        return Problem(missing, "required", self.reason) if missing else None


@dataclass(frozen=True)
class OneOf:
    """Exactly one of *fields* is there; otherwise the value of *at* is to blame."""

    fields: tuple[str, ...]
    at: str
    reason: str

    def __call__(self, fields: Fields) -> Problem | None:
        there = [it for it in self.fields if is_there(fields.get(it))]
        return None if len(there) == 1 else Problem(self.at, "invalid-value", self.reason)


@dataclass(frozen=True)
class Before:
    """The date *first* is before the date *then*, where both are there; *then* is to blame."""

    first: str
    then: str
    reason: str

    def __call__(self, fields: Fields) -> Problem | None:
        first, then = fields.get(self.first), fields.get(self.then)
        if first is None or then is None or first < then:
            return None
        return Problem(self.then, "invalid-value", self.reason)
