"""How sets and records cross from one schema version to another (protocol.md, section 9).

What a version brought is said where it belongs: a type or a field has a `since`. What adding cannot say
is a step (steps.py). Sets are lifted to today's form, records are lowered to a device's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.declare import Field, KeyedMap, RecordType, Registry
from schemas.messages import Change, Fault
from schemas.steps import Divided, Filled, Renamed, Step

Json = Any
Fields = Mapping[str, Json]
SPOKEN = 3
"""How many versions a server speaks: today's and the two before."""


# --------------------------------------------------------------------------------- what is known


def spoken(registry: Registry) -> list[int]:
    """Return the versions in which a device may pull, the oldest first."""
    return list(range(max(1, registry.schema - SPOKEN + 1), registry.schema + 1))


def since_of(declared: RecordType, path: str) -> int | None:
    """Return the version that brought a field or leaf under the name it has today; None: there is none."""
    found = declared.field(path)
    if found is None:
        return None
    held = declared.by_name.get(path.partition(".")[0])
    return max(found.since, held.since if isinstance(held, KeyedMap) else 1)


def knows(registry: Registry, declared: RecordType, path: str, schema: int) -> bool:
    """Tell whether a type had a field of this name in a version."""
    for step in _steps(registry, declared.name, schema):
        if isinstance(step, Renamed | Divided) and step.old == path and step.since <= schema:
            return True
    since = since_of(declared, path)
    return since is not None and since <= schema


def hidden_types(registry: Registry, schema: int) -> list[str]:
    """Return the types that a version does not know."""
    return [name for name, it in registry.types.items() if it.since > schema]


def _steps(registry: Registry, type_name: str, above: int) -> list[Step]:
    """Return the steps of a type above a version, the oldest first."""
    found = [it for it in registry.steps if it.type == type_name and it.schema > above]
    return sorted(found, key=lambda it: it.schema)


# ------------------------------------------------------------------------------------------ lifting


def made_in(raw: Mapping[str, Json], registry: Registry) -> int:
    """Return the version in which a raw set was made; today's where it says none, or a later one."""
    said = raw.get("schema")
    if isinstance(said, bool) or not isinstance(said, int) or said < 1:
        return registry.schema
    return min(said, registry.schema)


def lift(raw: Mapping[str, Json], registry: Registry) -> tuple[Mapping[str, Json], list[Fault]]:
    """Return a raw set in today's form, and what its own version did not know of it.

    It never raises, and leaves alone what cannot be read. In a set that settles a conflict every name of
    today is good: the conflict may be about a field that its device has never heard of.
    """
    schema, changes = made_in(raw, registry), raw.get("changes")
    if schema == registry.schema or not isinstance(changes, list):
        return raw, []
    settles = any(isinstance(it, dict) and it.get("type") == "conflict" for it in changes)
    lifted, faults = [], list[Fault]()
    for index, change in enumerate(changes):
        if not isinstance(change, dict):
            lifted.append(change)
            continue
        if not settles:
            faults += _unheard_of(index, change, registry, schema)
        after, found = _lift_raw(change, registry, schema)
        faults += [replace(it, change=index) for it in found]
        lifted.append(after)
    return {**raw, "changes": lifted}, faults


def lift_change(change: Change, registry: Registry, schema: int) -> Change:
    """Return a change that was made in a version in today's form, as far as it can be lifted."""
    for step in _steps(registry, change.type, schema):
        if step.fault(change) is None:
            change = step.lift(change)
    return change


def _unheard_of(
    index: int, change: Mapping[str, Json], registry: Registry, schema: int
) -> Iterator[Fault]:
    declared = registry.get(change["type"]) if isinstance(change.get("type"), str) else None
    if declared is None:
        return
    if declared.since > schema:
        yield Fault(index, None, "unknown-type")
        return
    values = change.get("set")
    once = {it.old for it in _steps(registry, declared.name, 1) if not isinstance(it, Filled)}
    for path in values if isinstance(values, dict) else ():
        other = path in once or declared.field(path) is not None  # of the rest the wire says so
        if other and not knows(registry, declared, path, schema):
            yield Fault(index, path, "unknown-field")


def _lift_raw(
    raw: Mapping[str, Json], registry: Registry, schema: int
) -> tuple[Mapping[str, Json], list[Fault]]:
    kind, values, over = raw.get("type"), raw.get("set", {}), raw.get("over", {})
    steps = _steps(registry, kind, schema) if isinstance(kind, str) else []
    if not steps or not isinstance(values, dict) or not isinstance(over, dict):
        return raw, []
    change = Change(raw.get("op"), str(kind), "", None, values, over)  # type: ignore[arg-type]
    declared, faults = registry.get(str(kind)), []
    for step in steps:
        if found := step.fault(change):
            faults.append(found)
            change = replace(
                change, set={k: it for k, it in change.set.items() if k != found.field}
            )
        else:
            change = step.lift(change)
    units = {declared.unit(k) if declared else k: it for k, it in change.over.items()}
    kept = {**raw, **({"set": dict(change.set)} if "set" in raw or change.set else {})}
    return {**kept, **({"over": units} if "over" in raw else {})}, faults


# ----------------------------------------------------------------------------------------- lowering


def lower(
    registry: Registry, type_name: str, fields: Fields, schema: int, whole: Fields | None = None
) -> Fields:
    """Return *fields* of a record in the form of a version, without what it does not know.

    *whole*: all that the record has, where *fields* are but some of them.
    """
    if schema >= registry.schema:
        return fields
    declared = registry[type_name]
    shown = _backwards(registry, type_name, fields, schema, whole)
    if type_name == "conflict":
        shown = _lower_conflict(registry, shown, fields if whole is None else whole, schema)
    return {name: it for name, it in shown.items() if knows(registry, declared, name, schema)}


def old_name(registry: Registry, type_name: str, unit: str, schema: int) -> str:
    """Return what a version called a unit."""
    for step in reversed(_steps(registry, type_name, schema)):
        unit = step.old_name(unit)
    return unit


def lower_faults(
    registry: Registry, raw: Mapping[str, Json], faults: Sequence[Fault]
) -> list[Fault]:
    """Return what is wrong with a set, as it came or lifted, in the words of the version it was made in."""
    schema, changes = made_in(raw, registry), raw.get("changes")
    if schema == registry.schema or not registry.steps or not isinstance(changes, list):
        return list(faults)
    types = [it.get("type") if isinstance(it, dict) else None for it in changes]
    return [_lower_fault(registry, types, it, schema) for it in faults]


def _lower_fault(registry: Registry, types: Sequence[Json], fault: Fault, schema: int) -> Fault:
    place, field = fault.change, fault.field
    kind = types[place] if place is not None and place < len(types) else None
    if not isinstance(kind, str) or field is None:
        return fault
    return replace(fault, field=old_name(registry, kind, field, schema))


def _backwards(
    registry: Registry, type_name: str, fields: Fields, schema: int, whole: Fields | None = None
) -> dict[str, Json]:
    """Return *fields* with the names and values of a version, and whatever it does not know as well."""
    shown, known = dict(fields), dict(fields if whole is None else whole)
    for step in reversed(_steps(registry, type_name, schema)):
        shown, known = step.lower(shown, known), step.lower(known, known)
    return shown


def _lower_conflict(
    registry: Registry, shown: Mapping[str, Json], whole: Fields, schema: int
) -> dict[str, Json]:
    """Return a conflict that names the field, and fields in its values, as the version does."""
    about, found = whole.get("record_type"), dict(shown)
    if not isinstance(about, str) or about not in registry.types:
        return found
    if found.get("field") is not None:
        found["field"] = old_name(registry, about, found["field"], schema)
    if whole.get("kind") in ("invalid", "late"):
        for name in ("kept", "others"):
            found |= {name: _entries(registry, about, found[name], schema)} if name in found else {}
    return found


def _entries(registry: Registry, about: str, value: Json, schema: int) -> Json:
    if isinstance(value, list):
        return [_entries(registry, about, it, schema) for it in value]
    if isinstance(value, dict) and isinstance(value.get("value"), dict):
        return {**value, "value": _backwards(registry, about, value["value"], schema)}
    return value


# -------------------------------------------------------------------------------------------- news


@dataclass(frozen=True)
class News:
    """What a version shows that an earlier one hid: whole types, and fields of others."""

    whole: frozenset[str] = frozenset()
    fields: Mapping[str, tuple[int, int]] | None = None

    @property
    def types(self) -> list[str]:
        """The types of which something is new."""
        return sorted({*self.whole, *(self.fields or ())})

    def shows(self, declared: RecordType, path: str) -> bool:
        """Tell whether a field of a type is new."""
        above, to = (self.fields or {}).get(declared.name, (0, 0))
        since = since_of(declared, path)
        return since is not None and above < since <= to


NOTHING = News()


def news(registry: Registry, seen: int, schema: int) -> News:
    """Return what *schema* shows and *seen*, an earlier one, hid; a type with another form counts as new."""
    if seen >= schema:
        return NOTHING
    whole = {name for name, it in registry.types.items() if seen < it.since <= schema}
    moved = [it for it in registry.steps if seen < it.schema <= schema]
    reshaped = {it.type for it in moved if not isinstance(it, Filled)}
    whole |= reshaped | ({"conflict"} if reshaped else set())  # which name its fields
    some = {
        name: (seen, schema)
        for name, it in registry.types.items()
        if name not in whole and any(seen < since <= schema for since in _sinces(it))
    }
    return News(frozenset(whole), some)


def _sinces(declared: RecordType) -> Iterator[int]:
    for it in declared.fields:
        if isinstance(it, Field):
            yield it.since
        else:
            yield from (max(it.since, leaf.since) for leaf in it.leaves.values())
