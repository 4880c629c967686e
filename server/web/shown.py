"""A stored value as people read it: by its kind and label, phones and id numbers masked; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.declare import (
    Choice,
    Date,
    Flag,
    Id,
    Instant,
    Integer,
    Kind,
    ListOf,
    NationalId,
    RecordType,
    Text,
)  # fmt: skip
from schemas.person import PHONE
from schemas.values import is_record_id, parse_instant
from schemas.words import Lang, label_of, pick
from server.web.speech import Speech, scaled

Json = Any
TAIL = 4
UNITS = {
    "bps": ("unit.bps", 100, 2), "tenths of a mu": ("unit.mu", 10, 1),
    "e-6 degrees": ("unit.degrees", 1_000_000, 6), "m": ("unit.m", 1, 0),
}  # fmt: skip
"""How whole numbers of a unit are written: the word, how many make one, decimals."""


@dataclass(frozen=True)
class Shown:
    """One value: its label, its text, whether there is one, and what a mask hides."""

    label: str
    text: str
    empty: bool = False
    hidden: str | None = None
    number: bool = False
    long: bool = False


def rows_of(
    declared: RecordType | None,
    said: Speech,
    unit: str | None,
    value: Json,
    names: Mapping[str, str],
) -> list[Shown]:
    """Return the lines of a conflict's value: one for a field, one a member for a group or a change.

    *names* gives the names of people, villages and other records by id.
    """
    if isinstance(value, dict) and value.get("deleted") is True:
        reason = value.get("reason")
        text = said.t("deleted.because", reason=reason) if reason else said.t("deleted")
        return [Shown("", text)]
    if declared is None:
        return [Shown("", _plain(value))]
    if unit is not None and not declared.group(unit):
        label = label_of(declared, unit, said.lang) or unit
        return [shown(said, label, _kind(declared, unit), value, names)]
    members = declared.group(unit) if unit else tuple(value or ())
    held = value if isinstance(value, dict) else {}
    if unit is None and set(held) == {"customer"}:
        name = names.get(held["customer"], said.t("record-unknown"))
        return [Shown(pick(declared.title, said.lang), name)]
    return [
        shown(
            said, label_of(declared, it, said.lang) or it, _kind(declared, it), held.get(it), names
        )
        for it in members
    ]


def _kind(declared: RecordType, path: str) -> Kind:
    field = declared.field(path)
    return field.kind if field else Text()


def shown(said: Speech, label: str, kind: Kind, value: Json, names: Mapping[str, str]) -> Shown:
    """Return one value of a declared kind."""
    if value is None or value == "" or value == []:
        return Shown(label, said.t("not-set"), empty=True)
    if is_masked(kind) and isinstance(value, str) and len(value) > TAIL:
        return Shown(
            label, said.t("masked", tail=value[-TAIL:]), hidden=grouped(value), number=True
        )
    number = isinstance(kind, Integer | Date)
    text = text_of(said, kind, value, names)
    return Shown(label, text, number=number, long=isinstance(kind, Text) and kind.many_lines)


def is_masked(kind: Kind) -> bool:
    """Tell whether values of this kind are shown by their last digits only."""
    return isinstance(kind, NationalId) or kind == PHONE


def grouped(digits: str) -> str:
    """Return a phone or id number in groups that the eye can compare: 138 0000 4471."""
    if len(digits) == 11:
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if len(digits) == 18:
        return f"{digits[:6]} {digits[6:14]} {digits[14:]}"
    return digits


def text_of(said: Speech, kind: Kind, value: Json, names: Mapping[str, str]) -> str:
    """Return a value as text; one that is not of its kind comes as it is stored."""
    if kind.problem(value) is not None:
        return _plain(value)
    match kind:
        case Choice(options=options):
            return pick(options[value], said.lang)
        case Flag():
            return said.t("yes" if value else "no")
        case Date():
            return said.day(date.fromisoformat(value))
        case Instant():
            return said.moment(parse_instant(value))
        case Integer(unit="fen"):
            return said.money(value)
        case Integer(unit=unit) if unit in UNITS:
            word, per, places = UNITS[unit]
            return f"{scaled(value, per, places)} {said.t(word)}"
        case Id():
            return names.get(value, said.t("record-unknown"))
        case ListOf(of=of):
            return said.t("comma").join(text_of(said, of, it, names) for it in value)
    return _plain(value, said)


def _plain(value: Json, said: Speech | None = None) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) and said is not None:
        return said.t("yes" if value else "no")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def ids_in(values: Iterable[Json]) -> set[str]:
    """Return every record id in some values, however deep."""
    found: set[str] = set()
    for it in values:
        if isinstance(it, dict):
            found |= ids_in(it.values())
        elif isinstance(it, list):
            found |= ids_in(it)
        elif is_record_id(it):
            found.add(it)
    return found


def title_of(registry: Any, row: Any, lang: Lang) -> str | None:
    """Return what people call a stored record: its title field's value."""
    declared = registry.get(row.type)
    field = declared.title_field if declared else None
    value = row.fields.get(field) if field else None
    return str(value) if value else (pick(declared.title, lang) if declared else None)
