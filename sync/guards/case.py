"""One change as a guard sees it, and what a guard says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.messages import Change
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.scope import Actor

Json = Any


@dataclass(frozen=True)
class Refusal:
    """Why a change is not allowed: a code of the protocol, the reason's key, the rule of domain.md."""

    code: str
    field: str | None = None
    reason: str | None = None
    rule: str | None = None


def forbidden(rule: str | None, reason: str | None = None, field: str | None = None) -> Refusal:
    """Return the refusal of what somebody else must do."""
    return Refusal("not-permitted", field, reason, rule)


def not_yet(reason: str, field: str | None = "state", rule: str | None = None) -> Refusal:
    """Return the refusal of a move for which something is missing."""
    return Refusal("invalid-transition", field, reason, rule)


@dataclass(frozen=True)
class Case:
    """One change: who, what, the record's fields before the set (none of a new one) and after it."""

    actor: Actor
    change: Change
    before: Mapping[str, Json]
    after: RecordState
    sight: Sight
    is_new: bool

    @property
    def fields(self) -> Mapping[str, Json]:
        """The fields after the set."""
        return self.after.fields

    def sets(self, *names: str) -> bool:
        """Tell whether the set changed one of the fields."""
        return any(self.before.get(it) != self.fields.get(it) for it in names)

    def moves_to(self, *states: str) -> bool:
        """Tell whether the set moved the record into one of the states."""
        return self.sets("state") and self.fields.get("state") in states


@dataclass(frozen=True)
class Guard:
    """A rule over other records.

    Attributes:
        says: why the change is not allowed, or None.
        needs: the types that it looks at beside the record: those of its customer, of connected ones,
            and of the branch.
        concerns: whether a change may be one that it is about, as far as the change alone tells.
    """

    says: Callable[[Case], Refusal | None]
    needs: frozenset[str] = frozenset()
    concerns: Callable[[Change], bool] = lambda change: True


def setting(*names: str) -> Callable[[Change], bool]:
    """Return a `concerns`: the change sets one of the fields, or a leaf of one of the maps."""
    wanted = frozenset(names)
    return lambda change: any(it.partition(".")[0] in wanted for it in change.set)


def moving_to(*states: str) -> Callable[[Change], bool]:
    """Return a `concerns`: the change moves the record into one of the states."""
    return lambda change: change.set.get("state") in states
