"""What a device lets its user do: fields that his role may write, moves that lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.declare import RecordType
from sync.checks import may_write
from sync.rebase import View

Json = Any


def says_something(declared: RecordType, path: str, value: Json, shown: Mapping[str, Json]) -> bool:
    """Tell whether a typed value differs from what the form showed; members of a group go together."""
    one = declared.field(path)
    if one is not None and one.group is not None:
        return True
    return bool(shown.get(path) != value)


def may_set(
    declared: RecordType,
    edits: Mapping[str, Json],
    stored: Mapping[str, Json],
    shown: Mapping[str, Json],
    role: str,
) -> bool:
    """Tell whether a role may set these fields, over what is stored, and make the move, from what is shown."""
    for path in edits:
        one = declared.field(path)
        names = declared.group(one.group or "") if one and one.group else (path,)
        first = all(stored.get(it) is None for it in names)
        if one is None or not may_write(one, role, first):
            return False
    return may_move(declared, edits, shown, role)


def may_move(
    declared: RecordType, edits: Mapping[str, Json], shown: Mapping[str, Json], role: str
) -> bool:
    """Tell whether a state that an edit names can be reached by this role from the one shown."""
    machine = declared.states
    if machine is None or machine.field not in edits:
        return True
    stands, wanted = shown.get(machine.field), edits[machine.field]
    return stands == wanted or any(role in it.roles for it in machine.moves(stands, wanted))


def as_edit(declared: RecordType, path: str, value: Json, view: View) -> Json:
    """Return a chosen value as an update sends it: a list of a set as what it adds and removes."""
    one = declared.field(path)
    if one is None or one.policy != "set" or isinstance(value, dict):
        return value
    held, wanted = list(view.fields.get(path) or ()), list(value or ())
    return {
        "add": [it for it in wanted if it not in held],
        "remove": [it for it in held if it not in wanted],
    }
