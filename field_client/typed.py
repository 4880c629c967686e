"""Words typed at a prompt, turned into the values that a field holds: `phone=13800000000`, `tags=+脱贫户`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from field_client.faults import NotPossibleError
from schemas.declare import Field, Flag, Integer, Kind, ListOf, Record, RecordType, Value

Json = Any
YES = frozenset({"true", "yes", "y", "1", "是"})
NO = frozenset({"false", "no", "n", "0", "否"})
YUAN = "yuan"


def fields_of(declared: RecordType, pairs: Iterable[str], new: bool = False) -> dict[str, Json]:
    """Return the fields that `FIELD=VALUE` words set.

    An empty value clears a field. In an update of a set `+a` adds and `-a` removes an element,
    several with commas between. Lists and objects are JSON, or for lists words with commas between.

    Raises:
        NotPossibleError: a word has no `=`, or names no field, or its value cannot be read.
    """
    found: dict[str, Json] = {}
    for pair in pairs:
        path, sign, text = pair.partition("=")
        field = declared.field(path)
        if not sign or field is None:
            raise NotPossibleError(reason="no-such-field", word=path, type=declared.name)
        found[path] = None if text == "" else _value(field, text, new)
    return found


def _value(field: Field, text: str, new: bool) -> Json:
    if field.policy == "set" and not new and text[0] in "+-":
        return _set_edit(text)
    try:
        return read(field.kind, text)
    except ValueError as error:
        raise NotPossibleError(reason="unreadable-value", word=field.name, text=text) from error


def _set_edit(text: str) -> dict[str, list[str]]:
    edit: dict[str, list[str]] = {"add": [], "remove": []}
    for word in text.split(","):
        edit["remove" if word.startswith("-") else "add"].append(word.lstrip("+-"))
    return {name: words for name, words in edit.items() if words}


def read(kind: Kind, text: str) -> Json:
    """Return the value of a kind that *text* spells.

    Raises:
        ValueError: it spells none.
    """
    if isinstance(kind, Integer):
        return int(text)
    if isinstance(kind, Flag):
        return _flag(text)
    if isinstance(kind, ListOf):
        return json.loads(text) if text.startswith("[") else text.split(",")
    if isinstance(kind, Record):
        return json.loads(text)
    if isinstance(kind, Value):
        return answer(text)
    return text


def _flag(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(text)


def answer(text: str) -> Json:
    """Return a checklist answer: a whole number where it is one, else the words."""
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() else text


def fen(text: str) -> int:
    """Return the fen of an amount typed in yuan: `4600`, `4,600.00`.

    Raises:
        ValueError: it is no amount, or has parts of a fen.
    """
    plain = text.replace(",", "").removeprefix("¥")
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,2}))?", plain)
    if found is None:
        raise ValueError(f"no amount: {text}")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
