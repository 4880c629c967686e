"""The vocabulary in which record types are declared.

A declaration is data: it says what a field may hold, how concurrent edits of it are settled, who may
write it and what people call it. Validation, merging, forms, the API description and the tablet's
types all follow from it (protocol.md, sections 4 to 6; operations.md, `GET /api/v1/schema`).
Constraints are pure predicates: the wire calls them on what comes in, the engine on what a merge made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from schemas import values

if TYPE_CHECKING:
    from schemas.steps import Step

Json = Any
Fields = Mapping[str, Json]
Policy = Literal[
    "latest", "manual", "authority", "once", "set", "text", "append", "highest", "state"
]
SERVER = "server"
"""The role of the server itself, of imports and of the set-up file: it may write every field."""

_SURROGATE = re.compile("[\ud800-\udfff]")

MAX_INTEGER = 2**53 - 1
MAX_MONEY_FEN = 10**15


@dataclass(frozen=True)
class Label:
    """What people call a thing, in English and in Simplified Chinese."""

    en: str
    zh: str


# --------------------------------------------------------------------------------------- kinds


@dataclass(frozen=True)
class Kind:
    """What a value may be. `problem` is None for a good value, else a sentence key of the catalogue."""

    def problem(self, value: Json) -> str | None:
        """Return the reason why *value* is not allowed, or None."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Json]:
        """Return JSON Schema 2020-12 that a stranger's program can generate values from."""
        raise NotImplementedError


def text_problem(value: Json) -> str | None:
    """Return why *value* is not storable text: not a string, not NFC, NUL or a lone surrogate in it."""
    if not isinstance(value, str):
        return "not-text"
    if "\x00" in value:
        return "has-nul"
    if value.isascii():
        return None
    if _SURROGATE.search(value):
        return "has-surrogate"
    if not unicodedata.is_normalized("NFC", value):
        return "not-nfc"
    return None


@dataclass(frozen=True)
class Text(Kind):
    """A string in NFC; *longest* counts characters. *many_lines* asks forms for a large box."""

    longest: int = 4000
    shortest: int = 0
    pattern: str | None = None
    many_lines: bool = False
    examples: tuple[str, ...] = ()

    def problem(self, value: Json) -> str | None:
        if found := text_problem(value):
            return found
        if len(value) > self.longest:
            return "too-long"
        if len(value) < self.shortest or (self.shortest and not value.strip()):
            return "too-short"
        if self.pattern and not re.fullmatch(self.pattern, value, re.ASCII):
            return "wrong-form"
        return None

    def json_schema(self) -> dict[str, Json]:
        schema: dict[str, Json] = {"type": "string", "maxLength": self.longest}
        if self.shortest:
            schema["minLength"] = self.shortest
        if self.pattern:
            schema["pattern"] = f"^{self.pattern}$"
        if self.examples:
            schema["examples"] = list(self.examples)
        return schema


@dataclass(frozen=True)
class NationalId(Kind):
    """An 18-character id number with its GB 11643 check digit (domain.md, section 2)."""

    def problem(self, value: Json) -> str | None:
        if found := text_problem(value):
            return found
        return None if values.is_national_id(value) else "wrong-national-id"

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "pattern": "^[0-9]{17}[0-9X]$",
            "examples": [
                "999901197805120013",
                "999901198509230028",
                "999901199011040037",
                "999901197203181046",
                "999901198811302053",
                "99990119950707306X",
                "999901196802294072",
                "999901200109155081",
            ],
        }


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number; never a float, a boolean or a string of digits."""

    least: int = -MAX_INTEGER
    most: int = MAX_INTEGER
    unit: str | None = None

    def problem(self, value: Json) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "not-integer"
        if value < self.least:
            return "too-small"
        return "too-large" if value > self.most else None

    def json_schema(self) -> dict[str, Json]:
        schema: dict[str, Json] = {
            "type": "integer", "minimum": self.least, "maximum": self.most,
        }  # fmt: skip
        if self.unit:
            schema["x-unit"] = self.unit
        return schema


def money(least: int = 0) -> Integer:
    """Return the kind of an amount in fen (1 yuan = 100 fen)."""
    return Integer(least, MAX_MONEY_FEN, "fen")


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""

    def problem(self, value: Json) -> str | None:
        return None if isinstance(value, bool) else "not-boolean"

    def json_schema(self) -> dict[str, Json]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Date(Kind):
    """A business date of the branch, `YYYY-MM-DD`."""

    examples: tuple[str, ...] = ("2026-06-16", "2026-07-01")

    def problem(self, value: Json) -> str | None:
        if found := text_problem(value):
            return found
        try:
            values.parse_date(value)
        except ValueError:
            return "not-date"
        return None

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date", "examples": list(self.examples)}


@dataclass(frozen=True)
class Instant(Kind):
    """A moment in UTC, ISO 8601 ending in `Z`."""

    def problem(self, value: Json) -> str | None:
        if found := text_problem(value):
            return found
        try:
            values.parse_instant(value)
        except ValueError:
            return "not-instant"
        return None

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "format": "date-time",
            "pattern": "Z$",
            "examples": ["2026-06-16T01:10:00.000Z", "2026-06-16T02:30:00.000Z"],
        }


@dataclass(frozen=True)
class Choice(Kind):
    """One of a closed list of words, each with its label."""

    options: Mapping[str, Label]

    def problem(self, value: Json) -> str | None:
        return None if isinstance(value, str) and value in self.options else "not-a-choice"

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "enum": list(self.options),
            "x-labels": {key: {"en": it.en, "zh": it.zh} for key, it in self.options.items()},
        }


@dataclass(frozen=True)
class Id(Kind):
    """The id of anything: a UUID in canonical lower-case form."""

    def problem(self, value: Json) -> str | None:
        return None if values.is_record_id(value) else "not-an-id"

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True)
class Ref(Id):
    """The id of a record of type *to* (None: of any type under the same customer).

    *scope* "branch" may name any customer of the branch, whether or not it exists (protocol, section 4).
    """

    to: str | None = None
    scope: Literal["branch"] | None = None


@dataclass(frozen=True)
class ListOf(Kind):
    """A list that is written and merged as one value."""

    of: Kind
    most: int = 500
    least: int = 0

    def problem(self, value: Json) -> str | None:
        if isinstance(value, list) and len(value) < self.least:
            return "too-few"
        return self.problem_of_elements(value)

    def problem_of_elements(self, value: Json) -> str | None:
        """Return why *value* is no list of such elements, however few."""
        if not isinstance(value, list):
            return "not-a-list"
        if len(value) > self.most:
            return "too-long"
        return next((found for one in value if (found := self.of.problem(one))), None)

    def json_schema(self) -> dict[str, Json]:
        schema = {"type": "array", "items": self.of.json_schema(), "maxItems": self.most}
        return {**schema, "minItems": self.least} if self.least else schema


@dataclass(frozen=True)
class SetOf(ListOf):
    """A set of values; an update sends `{"add": [...], "remove": [...]}` (policy `set`)."""

    def problem_of_edit(self, value: Json) -> str | None:
        """Return why *value* is not an add/remove edit of this set."""
        if not isinstance(value, dict) or not value or set(value) - {"add", "remove"}:
            return "not-add-remove"
        parts = value.values()
        return next((found for part in parts if (found := self.problem_of_elements(part))), None)

    def json_schema(self) -> dict[str, Json]:
        return {**super().json_schema(), "uniqueItems": True}


@dataclass(frozen=True)
class Record(Kind):
    """A small object that is written and merged as one value; *members* are its declared keys.

    *titles*: what people call members that they type; none where only the server writes it.
    """

    members: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    titles: Mapping[str, Label] = field(default_factory=dict)

    def problem(self, value: Json) -> str | None:
        if not isinstance(value, dict):
            return "not-an-object"
        if set(value) - set(self.members) or set(self.required) - set(value):
            return "wrong-members"
        pairs = ((self.members[key], one) for key, one in value.items() if one is not None)
        return next((found for kind, one in pairs if (found := kind.problem(one))), None)

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "object",
            "properties": {key: kind.json_schema() for key, kind in self.members.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Value(Kind):
    """Any plain value of a checklist answer: text, whole number, boolean, or a list of texts."""

    def problem(self, value: Json) -> str | None:
        if isinstance(value, bool):
            return None
        if isinstance(value, int):
            return Integer().problem(value)
        if isinstance(value, list):
            return ListOf(Text(200), 50).problem(value)
        return Text().problem(value)

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": ["string", "integer", "boolean"],
            "examples": ["yes", "no"],
            "maxLength": 4000,
        }


@dataclass(frozen=True)
class FreeObject(Kind):
    """A JSON object whose shape belongs to another declaration (conflict values, scores)."""

    def problem(self, value: Json) -> str | None:
        return None if isinstance(value, dict) else "not-an-object"

    def json_schema(self) -> dict[str, Json]:
        return {"type": "object"}


@dataclass(frozen=True)
class AnyJson(Kind):
    """Any JSON value; only the server writes such fields."""

    def problem(self, value: Json) -> str | None:
        return None

    def json_schema(self) -> dict[str, Json]:
        return {}


# -------------------------------------------------------------------------------------- fields

FIELD_ROLES = ("officer", "supervisor")


@dataclass(frozen=True)
class Field:
    """One field of a record type, or one leaf of a keyed map.

    Attributes:
        write: roles that may set it; empty: only the server.
        authority: for `authority`, and for `once` after the first value: roles, highest rank first.
        group: name of the group with which it is sent and decided as one.
        sensitive: its conflict is decided by someone who wrote neither side (rule SOD-8).
        required: needed at creation; `required_by`: names of transitions that check it.
        default: what whoever makes the record fills in when it is absent; the server does it as well.
        since: the schema version that brought it (versions.py).
        rule: the rule of domain.md, section 4, for which it is for its writers alone.
    """

    name: str
    label: Label
    kind: Kind
    policy: Policy = "manual"
    write: tuple[str, ...] = FIELD_ROLES
    authority: tuple[str, ...] = ()
    group: str | None = None
    sensitive: bool = False
    required: bool = False
    required_by: tuple[str, ...] = ()
    default: Json = None
    hint: Label | None = None
    since: int = 1
    rule: str | None = None


@dataclass(frozen=True)
class KeyedMap:
    """A map flattened to one field per key and leaf: `answers.F01.value`. A leaf "" is a plain value."""

    name: str
    label: Label
    leaves: Mapping[str, Field]
    key_pattern: str = r"[A-Za-z0-9_-]{1,64}"
    since: int = 1


@dataclass(frozen=True)
class Transition:
    """A named move of a state machine.

    Attributes:
        roles: who may make it; empty: only the server.
        offline: whether it may be recorded offline.
        rule: the rule of domain.md, section 4, for which it is for these roles alone.
    """

    name: str
    source: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    offline: bool = False
    label: Label | None = None
    rule: str | None = None


@dataclass(frozen=True)
class States:
    """A state machine over the field *field*; a new record is in one of *initial*."""

    field: str
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def moves(self, source: Json, target: Json) -> list[Transition]:
        """Return the transitions that lead from *source* to *target*."""
        return [it for it in self.transitions if source in it.source and it.target == target]


@dataclass(frozen=True)
class Problem:
    """One fault of a record's or a change's content."""

    field: str | None
    code: str
    reason: str | None = None
    rule: str | None = None


Check = Callable[[Fields], Problem | None]


@dataclass(frozen=True)
class RecordType:
    """One declared record type (operations.md, `GET /api/v1/schema`).

    Attributes:
        parent: None, or (type, field that names the parent record).
        reference: in whose scope a record without a customer is: "branch" (everyone's), "user" (of the
            users that the fields in `users` name), or None for a record under a customer.
        made_by: roles that may create one; empty: only the server.
        checks: pure predicates over the whole record, called after every merge; the product's are data
            (`checks.py`), so that the tablet has them as well.
        title_field: the field by which people recognise a record.
        identity: the field in which two records of one person are equal (protocol.md, section 4).
        guards: names of the rules over other records that the server asks of every change of one
            (sync/guards/).
        follow_up: name of what the server does by itself after one (sync/follow_ups.py).
        since: the schema version that brought the type.
    """

    name: str
    title: Label
    fields: tuple[Field | KeyedMap, ...]
    made_by: tuple[str, ...]
    parent: tuple[str, str] | None = None
    reference: Literal["branch", "user"] | None = None
    users: tuple[str, ...] = ()
    create_only: bool = False
    deletable: bool = False
    late_fact: bool = False
    states: States | None = None
    checks: tuple[Check, ...] = ()
    title_field: str | None = None
    identity: str | None = None
    guards: tuple[str, ...] = ()
    follow_up: str | None = None
    since: int = 1
    by_name: Mapping[str, Field | KeyedMap] = field(init=False, repr=False, compare=False)
    groups: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {it.name: it for it in self.fields})
        groups: dict[str, tuple[str, ...]] = {}
        for it in self.plain_fields():
            if it.group is not None:
                groups[it.group] = (*groups.get(it.group, ()), it.name)
        object.__setattr__(self, "groups", groups)

    def field(self, path: str) -> Field | None:
        """Return the declaration of the field or map leaf at the dotted *path*, or None."""
        found = self.by_name.get(path)
        if isinstance(found, Field):
            return found
        name, dot, rest = path.partition(".")
        held = self.by_name.get(name)
        if not dot or not isinstance(held, KeyedMap):
            return None
        key, dotted, leaf = rest.partition(".")
        if bool(dotted) != bool(leaf) or not re.fullmatch(held.key_pattern, key, re.ASCII):
            return None  # `scores.a.` would be a second name of the leaf `scores.a`
        return held.leaves.get(leaf)

    def group(self, name: str) -> tuple[str, ...]:
        """Return the names of the members of the group *name*; empty when there is no such group."""
        return self.groups.get(name, ())

    def unit(self, path: str) -> str:
        """Return the name under which *path* is decided: its group's, or its own."""
        found = self.field(path)
        return found.group if found and found.group else path

    def plain_fields(self) -> tuple[Field, ...]:
        """Return the declared fields that are no maps."""
        return tuple(it for it in self.fields if isinstance(it, Field))


def map_key(path: str) -> tuple[str, str] | None:
    """Return (map, key) of the dotted path of a keyed map's leaf, or None for a plain field."""
    name, dot, rest = path.partition(".")
    return (name, rest.partition(".")[0]) if dot else None


class Registry:
    """Every record type, looked up by name. It is an argument of the engine, so tests bring their own.

    *steps*: what schema versions changed beyond adding to it (steps.py).
    """

    def __init__(
        self, types: Sequence[RecordType], schema: int = 1, steps: Sequence[Step] = ()
    ) -> None:
        self.schema = schema
        self.steps = tuple(steps)
        self.types: Mapping[str, RecordType] = {it.name: it for it in types}
        if len(self.types) != len(types):
            raise ValueError("two record types with one name")

    def __getitem__(self, name: str) -> RecordType:
        return self.types[name]

    def get(self, name: str) -> RecordType | None:
        """Return the type *name*, or None."""
        return self.types.get(name)
