"""What an edit was made over: the base that counts, and the value its sender built on (section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.declare import RecordType, Registry
from schemas.messages import Change, ChangeSet
from sync.ledger import Decided, Ledger, RecordState, Trail
from sync.work import Work, units_of, value_at

Json = Any


@dataclass(frozen=True)
class Seen:
    """What the sender of one unit had in view.

    Attributes:
        base: the position that counts; ancestor: the value built on.
        first: there was no value at the base yet (policy `once`).
        over: what is inherited of the own earlier value that this one was made over, or None.
        rejected: the set of that earlier value was rejected, or is held.
    """

    base: int
    ancestor: Json
    first: bool = False
    over: Trail | None = None
    rejected: bool = False


def seen(
    work: Work, index: int, change: Change, state: RecordState, declared: RecordType, unit: str
) -> Seen:
    """Work out what was in view of one unit, through `over` where it is given."""
    named, rejected = _named(work, index, change, unit)
    within = work.draft.trails.get((change.id, unit))
    trail = within or named
    base = work.change_set.base
    if trail is None or (trail.stored_at is not None and trail.stored_at <= base):
        held = value_at(work.draft, state, declared, unit, base)
        filled = _filled_in(work, state, unit) if held is None else None
        return Seen(base, held if filled is None else filled, held is None)
    base = min(base, trail.base)
    held = value_at(work.draft, state, declared, unit, base)
    ancestor = held
    if trail.stored_at is not None:
        ancestor = trail.sent
    elif trail.has_ancestor:
        ancestor = trail.ancestor
    return Seen(base, ancestor, held is None, trail, rejected and within is None)


def _filled_in(work: Work, state: RecordState, unit: str) -> Json:
    """Return what the server filled in where this very device made the record above the base."""
    if state.created_device != work.actor.device:
        return None
    made = work.draft.history(state.id, work.change_set.base)
    if not made or made[0].op != "create" or unit not in made[0].units:
        return None
    return made[0].units[unit].kept if made[0].units[unit].sent is None else None


def _named(work: Work, index: int, change: Change, unit: str) -> tuple[Trail | None, bool]:
    """Return what the set that `over` names leaves to this one, and whether it was rejected or is held.

    In an earlier epoch a set may have been passed over because it was rejected, and have been stored since.
    """
    number = change.over.get(unit)
    if number is None:
        return None, False
    decided = work.draft.ledger.decided
    earlier = decided.get(number) if number < work.change_set.number else None
    names = _names(work, change.id, earlier, unit)
    trail = next((earlier.trails[it, unit] for it in names), None) if earlier else None
    if earlier is not None and trail is None and earlier.stand_in:
        trail = Trail(earlier.base, None)
    newer = not work.since.is_earlier and any(
        number < it.number < work.change_set.number
        and it.status != "rejected"
        and any((name, unit) in it.trails for name in {change.id, *names})
        for it in decided.values()
    )
    if earlier is None or trail is None or newer:
        raise work.fault(index, "bad-change", unit, "over-names-nothing")
    return trail, earlier.status in ("rejected", "held")


def _names(work: Work, record: str, earlier: Decided | None, unit: str) -> list[str]:
    """Return the id by which an earlier set named a record: the same, or that of who was merged into it."""
    if earlier is None or (record, unit) in earlier.trails:
        return [record] if earlier else []
    state = work.draft.record(record)
    known = [it for it, named in earlier.trails if named == unit and work.draft.record(it) is state]
    return known if state is not None else []


def not_stored(view: Seen, sent: Json) -> Trail:
    """Return what a value that was not stored leaves to those made over it: it is passed over.

    It leaves an ancestor only where a set of its chain was stored; otherwise it is the value at the base
    that counts, which may be a lower one than this set's: a form that had been open longer.
    """
    chain = view.over
    stored = chain is not None and (chain.stored_at is not None or chain.has_ancestor)
    return Trail(view.base, None, sent, stored, view.ancestor if stored else None)


def of_refused(
    registry: Registry, change_set: ChangeSet, ledger: Ledger
) -> dict[tuple[str, str], Trail]:
    """Return what a rejected or held set leaves to those made over it: its base, and no stored value."""
    trails: dict[tuple[str, str], Trail] = {}
    for change in change_set.changes:
        declared = registry.get(change.type)
        units = units_of(declared, change.set) if declared else change.set
        for unit, sent in units.items():
            number = change.over.get(unit, 0)
            earlier = ledger.decided.get(number) if number < change_set.number else None
            trails[change.id, unit] = _passed(change_set.base, change.id, unit, earlier, sent)
    return trails


def _passed(base: int, record: str, unit: str, earlier: Decided | None, sent: Json) -> Trail:
    trail = earlier.trails.get((record, unit)) if earlier else None
    if trail is None or (trail.stored_at is not None and trail.stored_at <= base):
        return Trail(base, None, sent)
    base = min(base, trail.base)
    if trail.stored_at is not None:
        return Trail(base, None, sent, True, trail.sent)
    return Trail(base, None, sent, trail.has_ancestor, trail.ancestor)
