"""Hiding a record; an update that the deleter had not seen wins (protocol.md, section 4)."""

from __future__ import annotations

from schemas.changes import leaves
from schemas.declare import SERVER, RecordType
from schemas.messages import Change, ChangeResult
from sync import conflicts, held, late
from sync.checks import apart, find
from sync.work import Work


def delete(work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
    """Hide a record; delete twice is `applied`, and the second reason stays in the history."""
    state, declared = find(work, index, change, is_late)
    role = work.actor.role
    if role != SERVER and (not declared.deletable or not _writes(declared, role)):
        raise work.fault(index, "not-permitted", rule=apart(work.registry, change.type, role))
    if state.deleted:
        work.entry(state, "delete", {}, False, work.draft.position(), change.reason)
        return ChangeResult(change.id, state.version, "applied")
    if conflicts.settled_already(work, state.id, None) or held.is_edited_since(work, state.id):
        work.entry(state, "delete", {}, False, work.draft.position(), change.reason)
        return ChangeResult(change.id, state.version, "merged")
    if work.draft.live_children(change.id):
        raise work.fault(index, "has-children")
    if is_late and late.is_wish(work, state):
        return late.wish(work, index, change)
    if state.mark.by_other(work.actor.device, work.change_set.base):
        return conflicts.deletion(work, index, change, state)
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.deleted = True
    work.stamp_record(mine, position)
    work.entry(mine, "delete", {}, True, position, change.reason)
    return ChangeResult(change.id, position, "applied")


def _writes(declared: RecordType, role: str) -> bool:
    """Tell whether *role* may write records of a type: make one, or set a field of one."""
    return role in declared.made_by or any(role in it.write for _, it in leaves(declared))
