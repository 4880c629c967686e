"""Whether the content of one change is as its type is declared; pure, for wire and device alike.

Nothing here knows who asks or what is stored: roles, scope and states are the engine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from schemas.declare import Field, KeyedMap, RecordType, SetOf
from schemas.messages import Fault, Op

Json = Any


def field_faults(
    index: int | None, op: Op, declared: RecordType, fields: Mapping[str, Json]
) -> Iterator[Fault]:
    """Yield every fault of the *fields* that a create or an update of *declared* sets.

    *index* is the change's place in its set. Members of a group that a create leaves out count as
    null; an update carries all of them.
    """
    for path, value in fields.items():
        field = declared.field(path)
        if field is None:
            yield Fault(index, shown(path), "unknown-field")
        elif value is not None:
            yield from _value_faults(index, op, path, field, value)
        elif field.required and op == "update":
            yield Fault(index, path, "required")
    if op == "create":
        yield from missing(index, declared, fields)
    else:
        yield from _torn_groups(index, declared, fields)


def _value_faults(
    index: int | None, op: Op, path: str, field: Field, value: Json
) -> Iterator[Fault]:
    if op == "update" and field.policy == "set" and isinstance(field.kind, SetOf):
        if isinstance(value, list):
            yield Fault(index, path, "bad-change", "not-add-remove")
            return
        reason = field.kind.problem_of_edit(value)
    else:
        reason = field.kind.problem(value)
    if reason is not None:
        yield Fault(index, path, "invalid-value", reason)


def missing(index: int | None, declared: RecordType, fields: Mapping[str, Json]) -> Iterator[Fault]:
    """Yield a fault for every field that a new record must have and *fields* lacks."""
    for field in declared.plain_fields():
        if field.required and fields.get(field.name) is None:
            yield Fault(index, field.name, "required")


def _torn_groups(
    index: int | None, declared: RecordType, fields: Mapping[str, Json]
) -> Iterator[Fault]:
    named = {declared.unit(path) for path in fields}
    for group in sorted(named - fields.keys()):
        if set(declared.group(group)) - fields.keys():
            yield Fault(index, group, "group-incomplete")


def shown(name: str) -> str:
    """Return a name that somebody made up in a form that can be stored and read."""
    return name[:100].replace("\x00", "\ufffd")


def is_unit(declared: RecordType, name: str) -> bool:
    """Tell whether *name* is a group, or a field that belongs to none: what `over` may name."""
    field = declared.field(name)
    return field.group is None if field is not None else bool(declared.group(name))


def record_faults(
    declared: RecordType, fields: Mapping[str, Json], needed: Collection[str] | None = None
) -> list[Fault]:
    """Return every fault of a whole new record: its fields one by one, then its own checks.

    *needed*: the only required fields that must be there, of a record carried over.
    """
    found = list(field_faults(None, "create", declared, fields))
    if needed is not None:
        found = [it for it in found if it.code != "required" or it.field in needed]
    if not found:
        problems = (check(fields) for check in declared.checks)
        found = [Fault(None, it.field, it.code, it.reason, it.rule) for it in problems if it]
    return found


def leaves(declared: RecordType) -> Iterator[tuple[str, Field]]:
    """Yield every field and every leaf of every map, a leaf by its map: `answers.*.value`."""
    for it in declared.fields:
        if isinstance(it, KeyedMap):
            for name, leaf in it.leaves.items():
                yield f"{it.name}.*.{name}" if name else f"{it.name}.*", leaf
        else:
            yield it.name, it
