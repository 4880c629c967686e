"""Two customers who may be one person, side by side: what differs, and what a merge would take over; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.declare import RecordType, map_key
from schemas.values import json_equal
from schemas.words import label_of
from server.web.shown import Shown, shown
from server.web.speech import Speech
from sync.checks import may_write

Json = Any
TAKE = "take-"
"""The beginning of the names of the boxes that are ticked for what is taken over."""


@dataclass(frozen=True)
class Twin:
    """One of the two customers: the fields of the record, and the name of whoever looks after it."""

    id: str
    fields: Mapping[str, Json]
    officer: str


@dataclass(frozen=True)
class Take:
    """Something that can be taken over from the record that does not stay: the box's name and label."""

    name: str
    label: str


def rows(
    declared: RecordType, said: Speech, pair: Sequence[Twin], at: int, names: Mapping[str, str]
) -> list[Shown]:
    """Return the lines of one of a pair, what differs first; both sides have the same lines."""
    paths = _paths(declared, pair)
    ordered = sorted(paths, key=lambda it: _is_equal(pair, [it]))
    return [
        shown(said, _label(declared, said, it), field.kind, pair[at].fields.get(it), names)
        for it in ordered
        if (field := declared.field(it)) is not None
    ]


def takes(declared: RecordType, said: Speech, pair: Sequence[Twin]) -> list[Take]:
    """Return what a supervisor may have the record that stays take over."""
    return [
        Take(TAKE + unit, said.t("comma").join(_label(declared, said, it) for it in members))
        for unit, members in _units(declared, pair).items()
        if not _is_equal(pair, members) and all(_may_take(declared, it) for it in members)
    ]


def taken(
    declared: RecordType, pair: Sequence[Twin], survivor: str, typed: Mapping[str, str]
) -> dict[str, Json]:
    """Return the fields that the record that stays takes over, as a form's ticked boxes say."""
    other = next(it for it in pair if it.id != survivor)
    found: dict[str, Json] = {}
    for unit, members in _units(declared, pair).items():
        has = any(other.fields.get(it) is not None for it in members)
        if TAKE + unit in typed and has and all(_may_take(declared, it) for it in members):
            found |= {it: _sent(declared, it, other.fields.get(it)) for it in members}
    return found


def choice_of(choice: str, pair: Sequence[Twin]) -> tuple[str, str | None] | None:
    """Return the resolution that a choice of the form means, and who stays, or None."""
    if choice == "keep":
        return "keep", None
    stays = next((it.id for at, it in enumerate(pair) if choice == f"merge-{at}"), None)
    return ("merge", stays) if stays and len(pair) == 2 else None


def _paths(declared: RecordType, pair: Sequence[Twin]) -> list[str]:
    """Return the fields that either has: in the order of the declaration, then those of maps."""
    held = {path for it in pair for path in it.fields}
    plain = [it.name for it in declared.plain_fields() if it.name in held]
    return plain + sorted(held - set(plain))


def _units(declared: RecordType, pair: Sequence[Twin]) -> dict[str, list[str]]:
    """Return what is taken as one: a field, a group's members, the leaves of a map's key."""
    units: dict[str, list[str]] = {}
    for path in _paths(declared, pair):
        key = map_key(path)
        unit = ".".join(key) if key else declared.unit(path)
        members = list(declared.group(unit)) or [path]
        units[unit] = list(dict.fromkeys([*units.get(unit, ()), *members]))
    return units


def _is_equal(pair: Sequence[Twin], paths: Sequence[str]) -> bool:
    first = pair[0].fields
    return all(json_equal(it.fields.get(path), first.get(path)) for it in pair for path in paths)


def _may_take(declared: RecordType, path: str) -> bool:
    field = declared.field(path)
    ours = field is not None and field.policy != "state" and path != declared.identity
    return ours and field is not None and may_write(field, "supervisor", first=True)


def _sent(declared: RecordType, path: str, value: Json) -> Json:
    field = declared.field(path)
    return {"add": value or []} if field is not None and field.policy == "set" else value


def _label(declared: RecordType, said: Speech, path: str) -> str:
    return label_of(declared, path, said.lang) or path
