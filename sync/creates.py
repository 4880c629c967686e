"""Making a record; a known id becomes an edit with base 0 (protocol.md, section 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.declare import SERVER, Field, RecordType
from schemas.messages import Change, ChangeResult, Status
from schemas.values import json_equal
from sync import conflicts, late
from sync.checks import apart, check_references, deleted_unseen, may_write, record_problem
from sync.edits import edit
from sync.ledger import Mark, RecordState, Trail, Written
from sync.merge import unique
from sync.work import Work, current, units_of

Json = Any


def create(work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
    """Make a record, or treat the change as an edit where the id is known."""
    declared = work.registry[change.type]
    if work.actor.role != SERVER and work.actor.role not in declared.made_by:
        rule = apart(work.registry, change.type, work.actor.role)
        raise work.fault(index, "not-permitted", rule=rule)
    existing = work.draft.record(change.id)
    if existing is not None:
        return _create_again(work, index, change, existing, declared, is_late)
    if is_late and not declared.late_fact:
        raise work.fault(index, "out-of-scope")
    revived = _check_parent(work, index, change, declared, is_late)
    check_references(work, index, change, declared, is_late)
    position = _put(work, index, change, declared)
    status: Status = "conflict" if revived else "applied"
    return ChangeResult(change.id, position, status, tuple(revived))


def _put(work: Work, index: int, change: Change, declared: RecordType) -> int:
    position = work.draft.position()
    fields, written = _first_values(work, index, change, declared, position)
    if found := record_problem(declared, fields):
        raise work.fault(index, found.code, found.field, found.reason, found.rule)
    mark = Mark(position, work.actor.device)
    state = RecordState(
        change.type, change.id, change.customer, position, fields, dict.fromkeys(written, mark),
        mark, position, work.actor.device, work.actor.user, work.actor.user, work.made_at,
    )  # fmt: skip
    work.draft.put(state, fields.get(declared.parent[1]) if declared.parent else None)
    work.entry(state, "create", written, True, position)
    for unit, sent in units_of(declared, change.set).items():
        work.draft.trails[change.id, unit] = Trail(work.change_set.base, position, sent)
    return position


def _first_values(
    work: Work, index: int, change: Change, declared: RecordType, position: int
) -> tuple[dict[str, Json], dict[str, Written]]:
    fields: dict[str, Json] = {}
    for path, value in change.set.items():
        field = declared.field(path)
        if field is None or not may_write(field, work.actor.role, first=True):
            rule = apart(work.registry, change.type, work.actor.role)
            raise work.fault(index, "not-permitted", path, rule=rule)
        first = unique(value or []) or None if field.policy == "set" else value
        if first is not None:
            fields[path] = first
    _fill_defaults(work, index, declared, fields, position)
    sent, kept = units_of(declared, change.set), units_of(declared, fields)
    return fields, {
        unit: Written(None, sent.get(unit), kept.get(unit)) for unit in {**sent, **kept}
    }


def _fill_defaults(
    work: Work, index: int, declared: RecordType, fields: dict[str, Json], position: int
) -> None:
    for field in declared.plain_fields():
        filled = None if field.name in fields else _default(work, field, position)
        if filled is not None:
            fields[field.name] = filled
    machine = declared.states
    if machine is not None:
        state = fields.setdefault(machine.field, machine.initial[0])
        if state not in machine.initial and work.actor.role != SERVER:
            raise work.fault(index, "invalid-transition", machine.field)


def _default(work: Work, field: Field, position: int) -> Json:
    if not isinstance(field.default, str):
        return field.default
    words = {
        "@user": work.actor.user,
        "@number": f"{work.prefix}{position:07d}",
        "@today": work.today,
    }
    return words.get(field.default, field.default)


def _check_parent(
    work: Work, index: int, change: Change, declared: RecordType, is_late: bool
) -> list[str]:
    """Refuse a parent that is not there; bring back one that was deleted unseen."""
    if declared.parent is None or declared.parent[1] not in change.set:
        return []
    parent_type, field = declared.parent
    parent = work.draft.record(change.set[field])
    if (
        parent is None
        or parent.type != parent_type
        or parent.customer != change.customer
        or not work.reaches(parent, change.customer, is_late)
        or (parent.deleted and not deleted_unseen(work, parent))
    ):
        raise work.unknown(index, str(change.set[field]), field)
    return conflicts.revive(work, index, parent, dict(change.set))[1] if parent.deleted else []


# ------------------------------------------------------------------------------- the same id twice


def _create_again(
    work: Work, index: int, change: Change, state: RecordState, declared: RecordType, is_late: bool
) -> ChangeResult:
    if not work.reaches(state, change.customer, is_late):
        raise work.unknown(index, change.id)
    if state.type != change.type or state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    sent = {
        unit: unique(value or []) or None if _is_set(declared, unit) else value
        for unit, value in units_of(declared, change.set).items()
    }
    same = all(json_equal(current(state, declared, unit), it) for unit, it in sent.items())
    if same and not state.deleted:
        for unit, value in sent.items():
            stored = state.marks[unit].position if unit in state.marks else state.version
            work.draft.trails[change.id, unit] = Trail(work.change_set.base, stored, value)
        return ChangeResult(change.id, state.version, "applied")
    if declared.create_only:
        raise work.fault(index, "create-only")
    if state.deleted and not deleted_unseen(work, state):
        raise work.unknown(index, change.id)
    if is_late and late.is_wish(work, state):
        return late.wish(work, index, change)
    check_references(work, index, change, declared, is_late)
    return edit(work, index, _as_edit(change, declared), state, declared, base=0)


def _as_edit(change: Change, declared: RecordType) -> Change:
    """Return a create as the update that it counts as: the list of a set adds its elements."""
    fields = {
        path: {"add": value or []} if _is_set(declared, path) else value
        for path, value in change.set.items()
    }
    return replace(change, set=fields)


def _is_set(declared: RecordType, path: str) -> bool:
    field = declared.field(path)
    return field is not None and field.policy == "set"
