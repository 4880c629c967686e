"""What is checked of every change, whatever the client claims (protocol.md, section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.declare import SERVER, Field, Problem, RecordType, Ref, Registry, SetOf
from schemas.messages import Change
from sync.ledger import RecordState
from sync.work import Work, members_of

Json = Any


def may_write(field: Field, role: str, first: bool) -> bool:
    """Tell whether *role* may set *field*; *first*: its first value (policy `once`)."""
    if role == SERVER or field.policy == "state":
        return True
    if field.policy == "authority" or (field.policy == "once" and not first):
        return role in field.authority
    return role in field.write


def apart(registry: Registry, type_name: str, role: str) -> str | None:
    """Return the rule by which *role* keeps away from a type of business records, or None.

    Whether an auditor's own inspections are concerned is a guard's to say (sync/guards/inspections.py).
    """
    business = registry[type_name].reference is None
    return "SOD-11" if business and role in ("admin", "auditor") else None


def check_writer(
    work: Work,
    index: int,
    declared: RecordType,
    unit: str,
    first: bool,
    instead_of: str | None = None,
) -> Field:
    """Refuse a unit that the actor may not set; return the declaration of its (first) field.

    *instead_of*: the role in whose place he acts here.
    """
    fields = [declared.field(it) for it in members_of(declared, unit)]
    role = instead_of or work.actor.role
    if fields[0] is None or any(it is None or not may_write(it, role, first) for it in fields):
        rule = apart(work.registry, declared.name, role) or (fields[0].rule if fields[0] else None)
        raise work.fault(index, "not-permitted", unit, rule=rule)
    return fields[0]


def deleted_unseen(work: Work, state: RecordState) -> bool:
    """Tell whether another device deleted *state* above the base of this set."""
    return state.mark.by_other(work.actor.device, work.change_set.base)


def find(work: Work, index: int, change: Change, late: bool) -> tuple[RecordState, RecordType]:
    """Return the record that a change is about, or refuse it."""
    state = work.draft.record(change.id)
    if state is None or not work.reaches(state, change.customer, late):
        raise work.unknown(index, change.id)
    if state.type != change.type or state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    return state, work.registry[change.type]


def check_references(
    work: Work, index: int, change: Change, declared: RecordType, late: bool
) -> None:
    """Refuse a reference to a record that is unknown to the actor, or of another type."""
    for path, value in change.set.items():
        field = declared.field(path)
        kind = field.kind if field else None
        target = kind.of if isinstance(kind, SetOf) else kind
        if not isinstance(target, Ref) or target.scope == "branch":
            continue
        for named in _named(value):
            if named is not None and named != change.customer:
                state = work.draft.record(named)
                if state is None or not _may_name(work, state, change, target, late):
                    raise work.unknown(index, named, path)


def _named(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return list(value.get("add", ()))
    return value if isinstance(value, list) else [value]


def _may_name(work: Work, state: RecordState, change: Change, target: Ref, late: bool) -> bool:
    there = not state.deleted or deleted_unseen(work, state)
    fits = target.to is None or state.type == target.to
    return there and fits and work.reaches(state, change.customer, late)


def record_problem(declared: RecordType, fields: Mapping[str, Json]) -> Problem | None:
    """Return the first fault of a whole record, or None."""
    return next((found for check in declared.checks if (found := check(fields))), None)


def move_problem(declared: RecordType, before: Json, fields: Mapping[str, Json]) -> Problem | None:
    """Return the first field that a move from the state *before* needs and the record lacks, or None."""
    machine = declared.states
    moves = machine.moves(before, fields.get(machine.field)) if machine else ()
    names = {it.name for it in moves}
    for field in declared.plain_fields() if names else ():
        if names & set(field.required_by) and fields.get(field.name) is None:
            return Problem(field.name, "required")
    return None
