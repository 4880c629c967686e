"""Rules over a whole record, as data: the wire, the engine and both devices evaluate the same ones.

The vocabulary is closed, so that every check of the product can be written out for the tablet app
(`plain.check_json`). A field is *there* when it is not null, not false and not empty; 0 is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.declare import Fields, Json, Problem
from schemas.values import parse_date


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


@dataclass(frozen=True)
class Within:
    """The date *then* is at most *months* months after the date *first*, where both are there.

    The same day of the last month counts still; a day that the month lacks is its last one.
    """

    first: str
    then: str
    months: int
    reason: str

    def __call__(self, fields: Fields) -> Problem | None:
        first, then = fields.get(self.first), fields.get(self.then)
        if first is None or then is None or _months_between(first, then) <= (self.months, 0):
            return None
        return Problem(self.then, "invalid-value", self.reason)


def _months_between(first: str, then: str) -> tuple[int, int]:
    """Return the whole months from one date to another by the calendar's pages, and 1 for days over."""
    start, end = parse_date(first), parse_date(then)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months, int(end.day > start.day)


@dataclass(frozen=True)
class Adds:
    """The whole numbers *member* of the list *of* add up to *total*, where both are there."""

    of: str
    member: str
    total: str
    reason: str

    def __call__(self, fields: Fields) -> Problem | None:
        rows, total = fields.get(self.of), fields.get(self.total)
        if not rows or total is None or sum(it.get(self.member) or 0 for it in rows) == total:
            return None
        return Problem(self.of, "invalid-value", self.reason)


@dataclass(frozen=True)
class Differ:
    """No two of *fields* that are there are equal; the later of the two is to blame.

    *rule*: the rule of domain.md, section 4, that says so.
    """

    fields: tuple[str, ...]
    reason: str | None = None
    rule: str | None = None

    def __call__(self, fields: Fields) -> Problem | None:
        seen: list[Json] = []
        for name in self.fields:
            value = fields.get(name)
            if value is not None and value in seen:
                code = "not-permitted" if self.rule else "invalid-value"
                return Problem(name, code, self.reason, self.rule)
            seen.append(value)
        return None
