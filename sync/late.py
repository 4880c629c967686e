"""Work for a customer who has left the device's scope since its base (protocol.md, section 7)."""

from __future__ import annotations

from typing import Any

from schemas.declare import RecordType
from schemas.messages import Change, ChangeResult
from schemas.values import json_equal
from sync import conflicts
from sync.checks import check_references, check_writer, deleted_unseen, find
from sync.ledger import RecordState, Written
from sync.merge import alone, settle_highest, settle_set
from sync.over import not_stored, seen
from sync.work import Work, current, members_of, units_of

Json = Any


def is_wish(work: Work, state: RecordState) -> bool:
    """Tell whether a late change is for another to accept: the record is not this device's alone."""
    device = work.actor.device
    return state.created_device != device or state.mark.by_other(device, 0)


def wish(work: Work, index: int, change: Change) -> ChangeResult:
    """Keep a late edit or deletion for the new officer or the supervisor to accept."""
    state, declared = find(work, index, change, True)
    if change.op == "delete":
        value = {"deleted": True, "reason": change.reason}
        joined = conflicts.join_settled(work, change, state, None, value)
        return joined or conflicts.keep_whole(work, index, change, state, "late", value)
    if change.op == "update" and declared.create_only:
        raise work.fault(index, "create-only")
    if state.deleted and not deleted_unseen(work, state):
        raise work.unknown(index, change.id)
    check_references(work, index, change, declared, True)
    for unit, sent in units_of(declared, change.set).items():
        view = seen(work, index, change, state, declared, unit)
        check_writer(work, index, declared, unit, view.first)
        work.draft.trails[change.id, unit] = not_stored(view, sent)
    return _kept(work, index, change, state)


def _kept(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    """Let what a late resolution writes join its conflict; the rest becomes one of kind `late`."""
    declared = work.registry[change.type]
    rest = {
        unit: sent
        for unit, sent in units_of(declared, change.set).items()
        if not _stands(state, declared, unit, sent)
    }
    whole = rest and conflicts.join_settled(work, change, state, None, dict(change.set))
    if whole:
        return _logged(work, change, state, list(whole.conflicts))
    ids: list[str] = []
    for unit, sent in list(rest.items()):
        joined = conflicts.join_settled(work, change, state, unit, sent)
        if joined is not None:
            ids += joined.conflicts
            del rest[unit]
    if not rest:
        return _logged(work, change, state, ids)
    paths = [path for unit in rest for path in members_of(declared, unit)]
    value = {path: change.set.get(path) for path in paths}
    opened = conflicts.keep_whole(work, index, change, state, "late", value)
    return ChangeResult(change.id, state.version, "conflict", (*ids, *opened.conflicts))


def _stands(state: RecordState, declared: RecordType, unit: str, sent: Json) -> bool:
    """Tell whether a value that arrives late is the one that stands: never a conflict."""
    held = current(state, declared, unit)
    field = declared.field(unit)
    if field is not None and field.policy == "set":
        sent = settle_set(alone(held, sent)).value
    elif field is not None and field.policy == "highest":
        sent = settle_highest(alone(held, sent)).value
    return json_equal(held, sent)


def _logged(work: Work, change: Change, state: RecordState, ids: list[str]) -> ChangeResult:
    declared = work.registry[change.type]
    units = units_of(declared, change.set).items()
    held = {unit: current(state, declared, unit) for unit, _ in units}
    written = {unit: Written(held[unit], it, held[unit]) for unit, it in units}
    work.entry(state, change.op, written, False, work.draft.position())
    return ChangeResult(change.id, state.version, "conflict" if ids else "merged", tuple(ids))
