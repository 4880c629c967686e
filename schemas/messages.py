"""The messages of the sync protocol as frozen values (protocol.md, sections 1, 2 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
Status = Literal["applied", "merged", "conflict", "rejected", "held"]
Op = Literal["create", "update", "delete"]

SEVERITY: Mapping[str, int] = {"applied": 0, "merged": 1, "conflict": 2, "rejected": 3}


def worse(first: Status, second: Status) -> Status:
    """Return the graver of two statuses: a set is as good as its worst change."""
    return max(first, second, key=SEVERITY.__getitem__)


@dataclass(frozen=True)
class Change:
    """Create, update or delete of one record: the fields it sets.

    `over` names, for a field or group, the number of the device's own earlier set over whose value this
    one was made (protocol, section 3). `reason` belongs to a delete.
    """

    op: Op
    type: str
    id: str
    customer: str | None
    set: Mapping[str, Json] = field(default_factory=dict)
    over: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True)
class ChangeSet:
    """An ordered list of changes made by one user action; decided as a whole.

    `base` is the position of the view when the action began; `made_at` and `clock` are the device's own
    words about time, trusted for nothing but ties.
    """

    number: int
    id: str
    epoch: str | None
    schema: int
    base: int
    action: str
    made_at: str | None
    clock: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Fault:
    """Why a set was rejected: which change and field, a stable code, the reason's key, the rule's id."""

    change: int | None
    field: str | None
    code: str
    reason: str | None = None
    rule: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Return the stored form; the message is added in the reader's language when it is sent."""
        shape = {"change": self.change, "field": self.field, "code": self.code}
        extra = {"reason": self.reason, "rule": self.rule}
        return {**shape, **{key: value for key, value in extra.items() if value is not None}}


@dataclass(frozen=True)
class ChangeResult:
    """What became of one change; `version` is the record's version after it."""

    id: str
    version: int
    status: Status
    conflicts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return the wire form."""
        return {
            "id": self.id,
            "version": self.version,
            "status": self.status,
            "conflicts": list(self.conflicts),
        }


@dataclass(frozen=True)
class SetResult:
    """What became of a set (protocol, section 2, "Result of a set")."""

    number: int
    status: Status
    changes: tuple[ChangeResult, ...] = ()
    errors: tuple[Fault, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return the stored form, without `number` and `repeated`, which belong to one answer."""
        shape: dict[str, Json] = {"status": self.status}
        if self.status == "rejected":
            shape["errors"] = [it.as_json() for it in self.errors]
        else:
            shape["changes"] = [it.as_json() for it in self.changes]
        return shape
