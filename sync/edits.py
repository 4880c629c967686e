"""Create, update and delete of one record (protocol.md, sections 3, 4 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.declare import SERVER, Field, Problem, RecordType, Ref, SetOf, States
from schemas.messages import Change, ChangeResult, Status
from schemas.values import json_equal
from sync import conflicts
from sync.ledger import Entry, Mark, RecordState, Trail, Written
from sync.maps import undo_removals
from sync.merge import Meeting, Settled, settle
from sync.scope import Standing
from sync.states import settle_state
from sync.work import Seen, Work, current, put_unit, units_of, value_at

Json = Any


# ----------------------------------------------------------------------------------- what was seen


def seen(
    work: Work, index: int, change: Change, state: RecordState, declared: RecordType, unit: str
) -> Seen:
    """Work out base and ancestor of one unit, through `over` where it is given."""
    trail = work.draft.trails.get((change.id, unit)) or _named(work, index, change, unit)
    base = work.change_set.base
    if trail is None or (trail.stored_at is not None and trail.stored_at <= base):
        return Seen(base, value_at(work.draft, state, declared, unit, base), None)
    base = min(base, trail.base)
    if trail.stored_at is not None:
        return Seen(base, trail.sent, trail)
    if trail.has_ancestor:
        return Seen(base, trail.ancestor, trail)
    return Seen(base, value_at(work.draft, state, declared, unit, base), trail)


def _named(work: Work, index: int, change: Change, unit: str) -> Trail | None:
    number = change.over.get(unit)
    if number is None:
        return None
    decided = work.draft.ledger.decided
    earlier = decided.get(number) if number < work.change_set.number else None
    trail = earlier.trails.get((change.id, unit)) if earlier else None
    if earlier is not None and trail is None and earlier.stand_in:
        trail = Trail(earlier.base, None)
    newer = any(
        number < it.number < work.change_set.number
        and it.status != "rejected"
        and (change.id, unit) in it.trails
        for it in decided.values()
    )
    if trail is None or newer:
        raise work.fault(index, "bad-change", unit, "over-names-nothing")
    return trail


# ------------------------------------------------------------------------------------------ checks


def may_write(field: Field, role: str, first: bool) -> bool:
    """Tell whether *role* may set *field*; *first*: its first value (policy `once`)."""
    if role == SERVER or field.policy == "state":
        return True
    if field.policy == "authority" or (field.policy == "once" and not first):
        return role in field.authority
    return role in field.write


def check_references(work: Work, index: int, change: Change, declared: RecordType) -> None:
    """Refuse a reference to a record that is unknown to the actor, or of another type."""
    for path, value in change.set.items():
        field = declared.field(path)
        kind = field.kind if field else None
        target = kind.of if isinstance(kind, SetOf) else kind
        if not isinstance(target, Ref) or target.scope == "branch":
            continue
        named = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            named = value.get("add", [])
        for one in named:
            if one is not None and one != change.customer:
                _check_reference(work, index, path, one, target.to)


def _check_reference(work: Work, index: int, path: str, target: str, to: str | None) -> None:
    state = work.draft.record(target)
    if state is None or not work.sees(state) or (to is not None and state.type != to):
        raise work.unknown(index, target, path)


def record_problem(declared: RecordType, fields: Mapping[str, Json]) -> Problem | None:
    """Return the first fault of a whole record, or None."""
    return next((found for check in declared.checks if (found := check(fields))), None)


def check_moves(
    work: Work, index: int, machine: States, declared: RecordType, before: Json, state: RecordState
) -> None:
    """Refuse a state move whose required fields are missing."""
    moves = machine.moves(before, state.fields.get(machine.field))
    names = {it.name for it in moves}
    for field in declared.plain_fields():
        if names & set(field.required_by) and state.fields.get(field.name) is None:
            raise work.fault(index, "required", field.name)


# ------------------------------------------------------------------------------------------ create


def create(work: Work, index: int, change: Change, held_as: Standing) -> ChangeResult:
    """Create a record; a known id becomes an edit with base 0 (protocol, "Same id twice")."""
    declared = work.registry[change.type]
    if work.actor.role != SERVER and work.actor.role not in declared.made_by:
        raise work.fault(index, "not-permitted")
    if held_as == "late" and not declared.late_fact:
        raise work.fault(index, "out-of-scope")
    existing = work.draft.record(change.id)
    if existing is not None:
        return _create_again(work, index, change, existing, declared)
    _check_parent(work, index, change, declared)
    check_references(work, index, change, declared)
    position = work.draft.position()
    fields, written = _first_values(work, index, change, declared, position)
    state = RecordState(
        change.type, change.id, change.customer, position, fields,
        {unit: Mark(position, work.actor.device) for unit in written},
        Mark(position, work.actor.device), position, work.actor.device, work.actor.user,
        work.actor.user, work.made_at,
    )  # fmt: skip
    if found := record_problem(declared, fields):
        raise work.fault(index, found.code, found.field, found.reason, found.rule)
    work.draft.put(state)
    work.entry(state, "create", written, True, position)
    for unit, it in written.items():
        work.draft.trails[change.id, unit] = Trail(work.change_set.base, position, it.sent)
    return ChangeResult(change.id, position, "applied")


def _first_values(
    work: Work, index: int, change: Change, declared: RecordType, position: int
) -> tuple[dict[str, Json], dict[str, Written]]:
    for path in change.set:
        field = declared.field(path)
        if field is None or not may_write(field, work.actor.role, first=True):
            raise work.fault(index, "not-permitted", path)
    sent = units_of(declared, change.set)
    fields: dict[str, Json] = {}
    for path, value in change.set.items():
        field = declared.field(path)
        first = Settled(value)
        if field is not None and field.policy == "set":
            first = settle(field, Meeting(path, None, value, None, (), "", "", ""))
        if first.value is not None:
            fields[path] = first.value
    _fill_defaults(work, index, declared, fields, position)
    kept = units_of(declared, fields)
    return fields, {
        unit: Written(None, sent.get(unit), kept.get(unit)) for unit in {**sent, **kept}
    }


def _fill_defaults(
    work: Work, index: int, declared: RecordType, fields: dict[str, Json], position: int
) -> None:
    for field in declared.plain_fields():
        if field.default is not None and field.name not in fields:
            filled = {
                "@user": work.actor.user,
                "@number": f"{work.prefix}{position:07d}",
                "@today": work.today,
            }.get(field.default, field.default) if isinstance(field.default, str) else field.default  # fmt: skip
            if filled is not None:
                fields[field.name] = filled
    machine = declared.states
    if machine is not None:
        state = fields.setdefault(machine.field, machine.initial[0])
        if state not in machine.initial and work.actor.role != SERVER:
            raise work.fault(index, "invalid-transition", machine.field)


def _create_again(
    work: Work, index: int, change: Change, state: RecordState, declared: RecordType
) -> ChangeResult:
    if not work.sees(state):
        raise work.unknown(index, change.id)
    if state.type != change.type or state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    sent = units_of(declared, change.set)
    same = all(json_equal(current(state, declared, unit), it) for unit, it in sent.items())
    if same and not state.deleted:
        return ChangeResult(change.id, state.version, "applied")
    if declared.create_only:
        raise work.fault(index, "create-only")
    return edit(work, index, change, state, declared, base=0)


def _check_parent(work: Work, index: int, change: Change, declared: RecordType) -> None:
    if declared.parent is None or declared.parent[1] not in change.set:
        return
    parent_type, field = declared.parent
    parent = work.draft.record(change.set[field])
    if parent is None or parent.type != parent_type or parent.customer != change.customer:
        raise work.unknown(index, str(change.set[field]), field)
    if parent.deleted:
        if not deleted_unseen(work, parent):
            raise work.unknown(index, parent.id, field)
        conflicts.revive(work, index, parent, dict(change.set))


def deleted_unseen(work: Work, state: RecordState) -> bool:
    """Tell whether another device deleted *state* above the base of this set."""
    return state.mark.by_other(work.actor.device, work.change_set.base)


# ------------------------------------------------------------------------------------------ update


def find(work: Work, index: int, change: Change) -> tuple[RecordState, RecordType]:
    """Return the record that a change is about, or refuse it."""
    state = work.draft.record(change.id)
    late = work.draft.record(change.customer)
    mine = late is not None and state is not None and state.customer == late.id
    if state is None or not (mine or work.sees(state)):
        raise work.unknown(index, change.id)
    if state.type != change.type or state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    return state, work.registry[change.type]


def update(work: Work, index: int, change: Change) -> ChangeResult:
    """Edit a record, each unit by its policy."""
    state, declared = find(work, index, change)
    if declared.create_only:
        raise work.fault(index, "create-only")
    if state.deleted and not deleted_unseen(work, state):
        raise work.unknown(index, change.id)
    check_references(work, index, change, declared)
    return edit(work, index, change, state, declared)


def edit(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    declared: RecordType,
    base: int | None = None,
) -> ChangeResult:
    """Settle every unit of a change, validate the whole and write it into the draft."""
    sent = units_of(declared, change.set)
    views: dict[str, Seen] = {}
    settled: dict[str, Settled] = {}
    for unit, value in sent.items():
        view = seen(work, index, change, state, declared, unit)
        views[unit] = view if base is None else Seen(base, None, None)
        settled[unit] = _settle_unit(work, index, change, state, declared, unit, value, views[unit])
    lowest = min([it.base for it in views.values()], default=work.change_set.base)
    restored = undo_removals(work, change, state, lowest, settled)
    if state.deleted:
        state, revived = conflicts.revive(work, index, state, dict(change.set))
    else:
        revived = []
    return _write(work, index, change, state, declared, views, settled, restored, lowest, revived)


def _settle_unit(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    declared: RecordType,
    unit: str,
    value: Json,
    view: Seen,
) -> Settled:
    members = declared.group(unit)
    field = declared.field(members[0] if members else unit)
    if field is None or not may_write(field, work.actor.role, first=view.ancestor is None):
        raise work.fault(index, "not-permitted", unit)
    held = current(state, declared, unit)
    if field.required and not members and value is None:
        raise work.fault(index, "required", unit)
    above = [it for it in work.draft.history(change.id, view.base) if unit in it.units]
    meeting = Meeting(
        unit, held, value, view.ancestor, above, work.actor.device, work.actor.role, work.stamp
    )
    if conflicts.settled_already(work, change, unit):
        return Settled(held, "outranked")
    if field.policy != "state" or declared.states is None:
        return settle(field, meeting)
    if view.over is not None and view.over.stored_at is None:
        if not conflicts.open_on(work.draft, change.id, unit):
            raise work.fault(index, "depends-on-rejected", unit)
        return Settled(held, "conflict")
    result = settle_state(declared.states, meeting)
    if result.way == "refused":
        raise work.fault(index, "invalid-transition", unit)
    return result


def _write(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    declared: RecordType,
    views: Mapping[str, Seen],
    settled: Mapping[str, Settled],
    restored: Mapping[str, Json],
    lowest: int,
    opened: list[str],
) -> ChangeResult:
    sent = units_of(declared, change.set)
    before = {unit: current(state, declared, unit) for unit in {**sent, **restored}}
    after = {**{unit: it.value for unit, it in settled.items()}, **restored}
    candidate = state.copy()
    for unit, value in after.items():
        put_unit(candidate, declared, unit, value)
    unseen = state.mark.by_other(work.actor.device, lowest)
    if found := record_problem(declared, candidate.fields):
        if not unseen or _invalid_alone(work, state, declared, change, lowest):
            raise work.fault(index, found.code, found.field, found.reason, found.rule)
        return conflicts.invalid(work, index, change, state)
    machine = declared.states
    if machine is not None and machine.field in after:
        check_moves(work, index, machine, declared, before.get(machine.field), candidate)
    units = {unit: Written(before[unit], sent.get(unit), value) for unit, value in after.items()}
    altered = any(it.altered for it in units.values())
    position = work.draft.position()
    if altered:
        mine = work.draft.writable(state)
        mine.fields = candidate.fields
        for unit, it in units.items():
            if it.altered:
                held = mine.marks.get(unit)
                fresh = Mark(position, work.actor.device)
                mine.marks[unit] = held.moved(position, work.actor.device) if held else fresh
        work.stamp_record(mine, position)
        state = mine
    entry = work.entry(state, "update", units, altered, position)
    status: Status = "merged" if unseen or any(it.way != "stored" for it in settled.values()) else "applied"  # fmt: skip
    for unit, it in settled.items():
        if it.way == "conflict":
            opened.append(conflicts.open_or_join(work, index, change, state, unit, views[unit]))
        work.draft.trails[change.id, unit] = _trail(views[unit], it, sent[unit], entry)
    if opened:
        status = "conflict"
    return ChangeResult(change.id, state.version, status, tuple(dict.fromkeys(opened)))


def _trail(view: Seen, settled: Settled, sent: Json, entry: Entry) -> Trail:
    if settled.way in ("stored", "merged"):
        return Trail(view.base, entry.position, sent)
    return Trail(view.base, None, sent, view.over is not None, view.ancestor)


def _invalid_alone(
    work: Work, state: RecordState, declared: RecordType, change: Change, base: int
) -> bool:
    """Tell whether the record as the sender saw it, with his edit, is already at fault."""
    view = state.copy()
    for unit in set(view.marks):
        put_unit(view, declared, unit, value_at(work.draft, state, declared, unit, base))
    for unit, value in units_of(declared, change.set).items():
        if not isinstance(value, dict) or declared.group(unit):
            put_unit(view, declared, unit, value)
    return record_problem(declared, view.fields) is not None


# ------------------------------------------------------------------------------------------ delete


def delete(work: Work, index: int, change: Change, held_as: Standing) -> ChangeResult:
    """Hide a record; an update that the deleter had not seen wins (protocol, section 4)."""
    state, declared = find(work, index, change)
    role = work.actor.role
    if not declared.deletable or (role != SERVER and role not in declared.made_by):
        raise work.fault(index, "not-permitted")
    if state.deleted:
        return ChangeResult(change.id, state.version, "applied")
    if work.draft.live_children(change.id):
        raise work.fault(index, "has-children")
    if held_as == "late" and state.created_device != work.actor.device:
        return conflicts.late(work, index, change)
    if state.mark.by_other(work.actor.device, work.change_set.base):
        return conflicts.deletion(work, index, change, state)
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.deleted = True
    work.stamp_record(mine, position)
    work.entry(mine, "delete", {}, True, position, change.reason)
    return ChangeResult(change.id, position, "applied")
