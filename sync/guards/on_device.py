"""The rules that a device asks by itself, so that little of its work comes back (domain.md, section 6, "Off").

A device knows its own dossiers and what serves the branch, and not how others stand to them. Only rules are
asked that refuse for what is known, never for what is not; the server asks all of them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from schemas.declare import Registry
from schemas.messages import Change
from sync.draft import Draft
from sync.guards import checking
from sync.guards.case import Case, Guard, Refusal
from sync.guards.inspections import inspectors
from sync.guards.sight import Sight
from sync.ledger import Holding, Ledger, RecordState
from sync.scope import Actor

Json = Any
Fields = Mapping[str, Json]

ASKED = (
    "RSP-2", "asked-until-submitted", "restructure", "SOD-5-application", "SOD-4-named", "complete",
    "SOD-4", "policy", "group-frozen", "guarantors", "watchlist", "SOD-9", "cash", "task", "finding",
    "own-signature", "sealed", "SOD-7", "SOD-5-inspection", "SOD-11", "SOD-6", "offered", "case", "signal",
    "own-deposit", "class-floor", "plan",
)  # fmt: skip
"""By the name that record types declare."""

OFFICERS_ONLY = frozenset({"SOD-9"})
"""For others it turns on who made a record, which a device is not told."""

SIGNABLE = ("draft", "returned")


def needed(registry: Registry, changes: Iterable[Change]) -> frozenset[str]:
    """Return the types that the rules asked of *changes* look at; none where no rule is concerned."""
    found: set[str] = set()
    for change in changes:
        for _, guard in _asked(registry, change):
            found |= {*guard.needs, change.type}
    return frozenset(found & set(registry.types))


def is_asked(registry: Registry, changes: Iterable[Change]) -> bool:
    """Tell whether any rule is asked of *changes*."""
    return any(True for change in changes for _ in _asked(registry, change))


def refusal(
    registry: Registry,
    actor: Actor,
    changes: Sequence[Change],
    before: Mapping[str, Fields],
    after: Iterable[RecordState],
    today: str,
) -> tuple[int, Refusal] | None:
    """Return the first of *changes* that a rule forbids, by its place, and why; None: nothing is known against it.

    Args:
        before: the fields of the changed records as they were shown, by id; a new one is not there.
        after: all records that the device knows and that the rules look at, as the set leaves them.
    """
    ledger = Ledger(0)
    ledger.load(_held_by(actor, it) for it in after)
    sight = Sight(Draft(ledger), today)
    for place, change in enumerate(changes):
        state = ledger.records.get(change.id)
        if state is None:
            continue
        case = Case(actor, change, before.get(change.id, {}), state, sight, change.id not in before)
        for name, guard in _asked(registry, change):
            if name in OFFICERS_ONLY and actor.role != "officer":
                continue
            if found := _said(guard, case):
                return place, found
    return None


def _asked(registry: Registry, change: Change) -> Iterator[tuple[str, Guard]]:
    declared = registry.get(change.type)
    for name in declared.guards if declared else ():
        guard = checking.GUARDS[name]
        if name in ASKED and guard.concerns(change):
            yield name, guard


def _said(guard: Guard, case: Case) -> Refusal | None:
    """Ask a rule; one that meets papers that cannot be is the server's to judge."""
    try:
        return guard.says(case)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return None


def _held_by(actor: Actor, state: RecordState) -> RecordState:
    """Let a customer on the device be one whom its user holds; in which role, it is not told."""
    if state.type == "customer" and actor.user is not None:
        state.holders = (Holding(actor.user, "cover", "", 0),)
    return state


def signed_by_all(note: RecordState, stored: Fields) -> bool:
    """Tell whether the server will call a note signed: each inspector has signed since it was last returned.

    Args:
        stored: the fields that the server is known to hold; what it returned, it had with its signatures.
    """
    standing = note.fields.get("state")
    if standing not in SIGNABLE:
        return False
    earlier = stored if standing == "returned" else {}
    signed = {
        it
        for path, it in note.fields.items()
        if path.startswith("signed_by.") and path.endswith(".user") and path not in earlier
    }
    wanted = inspectors(note)
    return bool(wanted) and wanted <= signed
