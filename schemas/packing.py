"""The declarations as the tablet's first load carries them: without what is usual, and without words.

The words follow in the order of the walk, one list a language, so that a tablet fetches those of the
language in use; `field_client/app/src/schemas/unpacked.ts` walks the same way and puts both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas import plain
from schemas.declare import MAX_INTEGER, RecordType

Json = Any

TYPE: Mapping[str, Json] = {
    "title_field": None, "parent": None, "reference": None, "users": [], "create_only": False,
    "deletable": False, "late_fact": False, "states": None, "checks": [],
}  # fmt: skip
FIELD: Mapping[str, Json] = {
    "hint": None, "policy": "manual", "group": None, "sensitive": False, "required": False,
    "required_by": [], "default": None, "write": ["officer", "supervisor"], "authority": [],
}  # fmt: skip
MOVE: Mapping[str, Json] = {"roles": [], "offline": False}
KINDS: Mapping[str, Mapping[str, Json]] = {
    "text": {"longest": 4000, "shortest": 0, "pattern": None, "lines": False},
    "integer": {"least": -MAX_INTEGER, "most": MAX_INTEGER, "unit": None},
    "ref": {"to": None, "scope": None},
    "list": {"most": 500, "least": 0},
    "set": {"most": 500, "least": 0},
    "record": {"required": []},
}
"""What is usual, and therefore left out; unpacked.ts has the same tables."""


@dataclass
class Packed:
    """The shapes by type name, and the words of each language in the order of the walk."""

    types: dict[str, Json] = field(default_factory=dict)
    en: list[str] = field(default_factory=list)
    zh: list[str] = field(default_factory=list)

    def type(self, document: Mapping[str, Json]) -> Json:
        """Return a type's shape; its words are noted: its own, its fields', its moves'."""
        self._say(document["title"])
        shape = _unusual(document, TYPE, ("title", "fields", "states"))
        shape["fields"] = {name: self._entry(it) for name, it in document["fields"].items()}
        if document["states"] is not None:
            moves = [self._move(it) for it in document["states"]["transitions"]]
            shape["states"] = {**document["states"], "transitions": moves}
        return shape

    def _entry(self, document: Mapping[str, Json]) -> Json:
        self._say(document["title"])
        if "leaves" in document:
            leaves = {name: self._entry(it) for name, it in document["leaves"].items()}
            return {"key_pattern": document["key_pattern"], "leaves": leaves}
        shape = _unusual(document, FIELD, ("title", "hint", "kind"))
        if document["hint"] is not None:
            self._say(document["hint"])
            shape["hint"] = 1
        return {**shape, "kind": self._kind(document["kind"])}

    def _move(self, document: Mapping[str, Json]) -> Json:
        named = document["title"] is not None
        if named:
            self._say(document["title"])
        return _unusual(document, MOVE, ("title",)) | ({} if named else {"title": None})

    def _kind(self, document: Mapping[str, Json]) -> Json:
        name = document["kind"]
        if name == "choice":
            for label in document["options"].values():
                self._say(label)
            return {"kind": name, "options": list(document["options"])}
        shape = _unusual(document, KINDS.get(name, {}), ("of", "members", "titles"))
        if "of" in document:
            shape["of"] = self._kind(document["of"])
        if "members" in document:
            members = document["members"].items()
            shape["members"] = {it: self._kind(member) for it, member in members}
        if "titles" in document:
            shape["titles"] = list(document["titles"])
            for label in document["titles"].values():
                self._say(label)
        return shape if len(shape) > 1 else name

    def _say(self, label: Mapping[str, str]) -> None:
        self.en.append(label["en"])
        self.zh.append(label["zh"])


def pack(types: Iterable[RecordType]) -> Packed:
    """Return declarations packed; a check or a kind that is no data is a TypeError."""
    packed = Packed()
    for declared in types:
        packed.types[declared.name] = packed.type(plain.type_json(declared))
    return packed


def _unusual(
    document: Mapping[str, Json], usual: Mapping[str, Json], left_out: tuple[str, ...]
) -> dict[str, Json]:
    return {
        name: it
        for name, it in document.items()
        if name not in left_out and not (name in usual and usual[name] == it)
    }
