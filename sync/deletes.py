"""Hiding a record; an update that the deleter had not seen wins (protocol.md, section 4)."""

from __future__ import annotations

from schemas.declare import SERVER
from schemas.messages import Change, ChangeResult
from sync import conflicts, held, late
from sync.checks import find
from sync.work import Work


def delete(work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
    """Hide a record; delete twice is `applied`, and the second reason stays in the history."""
    state, declared = find(work, index, change, is_late)
    role = work.actor.role
    if role != SERVER and (not declared.deletable or role not in declared.made_by):
        raise work.fault(index, "not-permitted")
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
