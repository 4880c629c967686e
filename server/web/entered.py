"""A value typed into a form, by the kind of its field: which input asks for it, and what was meant; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.declare import (
    Choice,
    Date,
    Flag,
    Integer,
    Kind,
    NationalId,
    RecordType,
    Text,
    Value,
)  # fmt: skip
from schemas.person import PHONE
from schemas.words import REASONS, label_of, pick
from server.web.shown import UNITS
from server.web.speech import Speech, scaled

Json = Any
_SEPARATORS = re.compile(r"[\s,，¥]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,16}(\.[0-9]{0,8})?", re.ASCII)


@dataclass(frozen=True)
class Input:
    """One input of the form: its name, label, sort, unit, hint and what stands in it."""

    name: str
    label: str
    sort: str
    value: str = ""
    unit: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    fault: str | None = None


class NotReadableError(ValueError):
    """What was typed is no value of the field; the text says what to do."""


def inputs(
    declared: RecordType | None,
    said: Speech,
    unit: str | None,
    typed: Mapping[str, str],
    held: Json,
) -> list[Input] | None:
    """Return the inputs for a value of one's own, or None where a form cannot ask for it.

    *typed* is what the visitor sent before; *held* what stands now, from which a group's members and
    a text start.
    """
    if declared is None or unit is None:
        return None
    members = declared.group(unit) or (unit,)
    found = [
        _input(declared, said, it, typed, held if declared.group(unit) else None) for it in members
    ]
    return None if None in found else [it for it in found if it is not None]


def _input(
    declared: RecordType, said: Speech, path: str, typed: Mapping[str, str], held: Json
) -> Input | None:
    field = declared.field(path)
    if field is None or field.policy == "state":
        return None
    sort = _sort(field.kind)
    if sort is None:
        return None
    name = f"value-{path}"
    start = _written(field.kind, (held or {}).get(path)) if isinstance(held, dict) else ""
    hint = pick(field.hint, said.lang) if field.hint and not _unit_word(field.kind) else ""
    return Input(
        name, label_of(declared, path, said.lang) or path, sort, typed.get(name, start),
        said.t(word) if (word := _unit_word(field.kind)) else "", hint, _options(field.kind, said),
    )  # fmt: skip


def _sort(kind: Kind) -> str | None:
    match kind:
        case Choice() | Flag():
            return "choice"
        case Integer(unit=unit):
            return "decimal" if unit in ("fen", *UNITS) and unit != "m" else "whole"
        case Date():
            return "date"
        case Text(many_lines=many_lines):
            return "tel" if kind == PHONE else "area" if many_lines else "text"
        case NationalId() | Value():
            return "text"
    return None


def _unit_word(kind: Kind) -> str | None:
    if not isinstance(kind, Integer) or kind.unit is None:
        return None
    return "unit.fen" if kind.unit == "fen" else UNITS[kind.unit][0] if kind.unit in UNITS else None


def _options(kind: Kind, said: Speech) -> tuple[tuple[str, str], ...]:
    if isinstance(kind, Choice):
        return tuple((key, pick(it, said.lang)) for key, it in kind.options.items())
    return (("yes", said.t("yes")), ("no", said.t("no"))) if isinstance(kind, Flag) else ()


def _written(kind: Kind, value: Json) -> str:
    """Return a stored value as one would type it."""
    if value is None:
        return ""
    if isinstance(kind, Integer) and not isinstance(value, bool) and isinstance(value, int):
        per, places = _scale(kind)
        return scaled(value, per, places).replace(",", "")
    if isinstance(kind, Flag):
        return "yes" if value else "no"
    return str(value)


def _scale(kind: Integer) -> tuple[int, int]:
    return (100, 2) if kind.unit == "fen" else UNITS.get(kind.unit or "", ("", 1, 0))[1:]


def read(
    declared: RecordType, said: Speech, unit: str, typed: Mapping[str, str], sample: Json
) -> tuple[Json, dict[str, str]]:
    """Return the value that was typed, and for each input that cannot be read what to do about it.

    *sample* is a value of the conflict: an answer without a kind of its own is read like it.
    """
    members = declared.group(unit)
    value: dict[str, Json] = {}
    faults: dict[str, str] = {}
    for path in members or (unit,):
        field = declared.field(path)
        name = f"value-{path}"
        try:
            value[path] = _read(field.kind if field else Text(), typed.get(name, ""), sample)
        except NotReadableError as error:
            faults[name] = _fault(said, str(error), field.hint if field else None)
    if not members and value.get(unit) is None and not faults:
        faults[f"value-{unit}"] = said.t("fill-value")
    return (value if members else value.get(unit)), faults


def _fault(said: Speech, reason: str, hint: Any) -> str:
    return pick(hint or REASONS[reason], said.lang)


def _read(kind: Kind, text: str, sample: Json) -> Json:
    text = tidy(text)
    if not text:
        return None
    value = _meant(kind, text, sample)
    if (reason := kind.problem(value)) is not None:
        raise NotReadableError(reason)
    return value


def _meant(kind: Kind, text: str, sample: Json) -> Json:
    match kind:
        case Integer():
            return _number(kind, text)
        case Flag():
            return text == "yes"
        case Value() if isinstance(sample, bool):
            return text.lower() in ("yes", "true", "是", "y")
        case Value() if isinstance(sample, int):
            return _number(Integer(), text)
        case NationalId():
            return _SEPARATORS.sub("", text).upper()
    return _SEPARATORS.sub("", text) if kind == PHONE else text


def _number(kind: Integer, text: str) -> int:
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(digits):
        raise NotReadableError("not-integer")
    exact = Decimal(digits) * _scale(kind)[0]
    if exact != int(exact):
        raise NotReadableError("not-integer")
    return int(exact)


def tidy(text: str) -> str:
    """Return what was typed as it is stored: NFC, plain line ends, nothing blank around it."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
