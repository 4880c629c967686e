"""Updating a record, each unit by its policy (protocol.md, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import Problem, RecordType
from schemas.messages import Change, ChangeResult, Status
from sync import conflicts, sealed
from sync.checks import (
    apart,
    check_references,
    check_writer,
    deleted_unseen,
    find,
    move_problem,
    record_problem,
)
from sync.held import left_to_say
from sync.ledger import RecordState, Trail, Written
from sync.maps import undo_removals
from sync.merge import Meeting, Settled, alone, settle
from sync.over import Seen, not_stored, seen
from sync.states import barring, refused, settle_state
from sync.work import Work, current, put_unit, units_of, value_at

Json = Any


def update(work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
    """Edit a record that the actor has in reach."""
    state, declared = find(work, index, change, is_late)
    if declared.create_only:
        raise work.fault(index, "create-only")
    if state.deleted and not deleted_unseen(work, state):
        raise work.unknown(index, change.id)
    check_references(work, index, change, declared, is_late)
    return edit(work, index, change, state, declared)


@dataclass
class Edit:
    """One change in the course of being settled, unit by unit."""

    work: Work
    index: int
    change: Change
    declared: RecordType
    sent: Mapping[str, Json]
    views: dict[str, Seen] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)

    @property
    def lowest(self) -> int:
        """Return the lowest base of any unit: what the sender can have seen of the record."""
        return min([it.base for it in self.views.values()], default=self.work.change_set.base)


def edit(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    declared: RecordType,
    base: int | None = None,
) -> ChangeResult:
    """Settle every unit of a change, validate the whole and write it into the draft."""
    change, kept = sealed.set_apart(work, index, change, state, declared)
    if kept is not None and not change.set:
        return kept
    result = _settle(work, index, change, state, declared, base)
    if kept is None:
        return result
    ids = tuple(dict.fromkeys((*kept.conflicts, *result.conflicts)))
    return replace(result, status="conflict", conflicts=ids)


def _settle(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    declared: RecordType,
    base: int | None,
) -> ChangeResult:
    one = Edit(work, index, change, declared, units_of(declared, change.set))
    for unit in one.sent:
        if base is None:
            one.views[unit] = seen(work, index, change, state, declared, unit)
        else:
            one.views[unit] = Seen(base, None, _never_own(work, change, unit))
        one.settled[unit] = _settle_unit(one, state, unit)
    restored = undo_removals(work, change, state, one.lowest, one.settled)
    unseen = state.mark.by_other(work.actor.device, one.lowest)
    opened: list[str] = []
    if state.deleted:
        state, opened = conflicts.revive(work, index, state, dict(change.set))
    after = {**{unit: it.value for unit, it in one.settled.items()}, **restored}
    return _write(one, state, after, opened, unseen)


def _never_own(work: Work, change: Change, unit: str) -> bool:
    """Tell whether this device has stored no value of a unit yet, of a record made a second time."""
    entries = work.draft.history(change.id, 0)
    return not any(it.device == work.actor.device and it.alters(unit) for it in entries)


def _settle_unit(one: Edit, state: RecordState, unit: str) -> Settled:
    work, view, sent = one.work, one.views[unit], one.sent[unit]
    role = "supervisor" if conflicts.passed_up(work, state.id, unit) else None
    declaration = check_writer(work, one.index, one.declared, unit, view.first, role)
    held = current(state, one.declared, unit)
    if declaration.required and declaration.group is None and sent is None:
        raise work.fault(one.index, "required", unit)
    if conflicts.settled_already(work, state.id, unit):
        return Settled(held, "outranked")
    rest, is_left = left_to_say(work, state.id, unit, declaration.policy == "set", sent)
    if not is_left:
        return Settled(held, "outranked")
    above = [it for it in work.draft.above(state.id, view.base) if unit in it.units]
    meeting = Meeting(
        unit, held, rest, view.ancestor, above, work.actor.device, work.actor.role, work.stamp,
        view.first,
    )  # fmt: skip
    if declaration.policy == "state" and one.declared.states is not None:
        return _settle_move(one, state, meeting, view)
    found = settle(declaration, meeting)
    return found if rest == sent else replace(found, way="merged")


def _settle_move(one: Edit, state: RecordState, meeting: Meeting, view: Seen) -> Settled:
    """Settle a move; one over a move that was not stored joins that move's open conflict."""
    machine = one.declared.states
    assert machine is not None
    again = one.change.op == "create" and meeting.sent in machine.initial
    if again and meeting.held != meeting.sent:
        return Settled(meeting.held, "outranked")  # the other maker's record has moved on since
    if view.over is None or view.over.stored_at is not None or meeting.held == meeting.sent:
        result = settle_state(machine, meeting)
        if isinstance(result, Settled):
            return result
        mine = apart(one.work.registry, one.change.type, meeting.role)
        rule = barring(machine, meeting) or mine if result == "not-permitted" else None
        raise one.work.fault(one.index, result, meeting.unit, rule=rule)
    joins = conflicts.open_on(one.work.draft, state.id, meeting.unit) is not None
    if view.rejected or not joins:
        raise one.work.fault(one.index, "depends-on-rejected", meeting.unit)
    refusal = refused(machine, view.over.sent, meeting.sent, meeting.role)
    if refusal is not None:
        raise one.work.fault(one.index, refusal, meeting.unit)
    return Settled(meeting.held, "conflict")


# ----------------------------------------------------------------------------------------- writing


def _write(
    one: Edit, state: RecordState, after: Mapping[str, Json], opened: list[str], unseen: bool
) -> ChangeResult:
    work, declared, change = one.work, one.declared, one.change
    candidate = state.copy()
    for unit, value in after.items():
        put_unit(candidate, declared, unit, value)
    if found := _problem(one, state, candidate):
        if _invalid_alone(one, state):
            raise work.fault(one.index, found.code, found.field, found.reason, found.rule)
        for unit, sent in one.sent.items():
            work.draft.trails[change.id, unit] = not_stored(one.views[unit], sent)
        kept = conflicts.keep_whole(work, one.index, change, state, "invalid", dict(change.set))
        return ChangeResult(change.id, kept.version, "conflict", (*opened, *kept.conflicts))
    state, position = _store(one, state, after)
    for unit, it in one.settled.items():
        if it.way == "conflict":
            view = one.views[unit]
            opened.append(
                conflicts.open_or_join(work, one.index, change, state, unit, view.ancestor)
            )
        work.draft.trails[change.id, unit] = _trail(one.views[unit], it, one.sent[unit], position)
    status: Status = "merged" if unseen else "applied"
    if any(it.way != "stored" for it in one.settled.values()):
        status = "merged"
    ids = tuple(dict.fromkeys(opened))
    return ChangeResult(change.id, state.version, "conflict" if ids else status, ids)


def _store(one: Edit, state: RecordState, after: Mapping[str, Json]) -> tuple[RecordState, int]:
    """Put the units into the draft's record and log; return the record and the log position."""
    work, declared = one.work, one.declared
    before = {unit: current(state, declared, unit) for unit in after}
    units = {unit: Written(before[unit], one.sent.get(unit), it) for unit, it in after.items()}
    altered = [unit for unit, it in units.items() if it.altered]
    position = work.draft.position()
    if altered:
        state = work.draft.writable(state)
        for unit in altered:
            put_unit(state, declared, unit, after[unit])
            state.touch(unit, position, work.actor.device)
        work.stamp_record(state, position)
    work.entry(state, "update", units, bool(altered), position)
    return state, position


def _trail(view: Seen, settled: Settled, sent: Json, position: int) -> Trail:
    if settled.way in ("stored", "merged"):
        return Trail(view.base, position, sent)
    return not_stored(view, sent)


def _problem(one: Edit, before: RecordState, after: RecordState) -> Problem | None:
    """Return what is wrong with the record as a whole, or with its move to another state."""
    field = one.declared.states.field if one.declared.states else ""
    return record_problem(one.declared, after.fields) or move_problem(
        one.declared, before.fields.get(field), after.fields
    )


def _invalid_alone(one: Edit, state: RecordState) -> bool:
    """Tell whether the record as its sender saw it, own later values on top, is at fault already."""
    declared = one.declared
    view = state.copy()
    for unit in set(view.marks):
        put_unit(view, declared, unit, _in_view(one, state, unit))
    typed = view.copy()
    for unit, value in one.sent.items():
        put_unit(typed, declared, unit, _as_typed(one, state, unit, value))
    return _problem(one, view, typed) is not None


def _in_view(one: Edit, state: RecordState, unit: str) -> Json:
    work = one.work
    mine = [
        it.units[unit].kept
        for it in work.draft.above(state.id, one.lowest)
        if it.device == work.actor.device and it.alters(unit)
    ]
    return mine[-1] if mine else value_at(work.draft, state, one.declared, unit, one.lowest)


def _as_typed(one: Edit, state: RecordState, unit: str, value: Json) -> Json:
    declared = one.declared.field(unit)
    if declared is None or declared.policy != "set":
        return value
    shown = _in_view(one, state, unit)
    return settle(declared, alone(shown, value)).value
