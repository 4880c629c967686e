"""One constructor for each merge policy, so that a type reads like its table in domain.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, Unpack

from schemas.declare import Choice, Field, Json, KeyedMap, Kind, Label, SetOf, Text, Transition

SUPERVISOR = ("supervisor",)
ADMIN = ("admin",)
STATE = Label("State", "状态")
NOBODY: tuple[str, ...] = ()
"""No role: only the server itself."""


def one_of(options: Mapping[str, tuple[str, str]]) -> Choice:
    """Return a closed list of words, each with its English and its Chinese label."""
    return Choice({key: Label(en, zh) for key, (en, zh) in options.items()})


class Rest(TypedDict, total=False):
    """What any field may say besides its name, labels, kind and policy (see `declare.Field`)."""

    write: tuple[str, ...]
    group: str | None
    sensitive: bool
    required: bool
    required_by: tuple[str, ...]
    default: Json
    hint: Label | None
    since: int
    rule: str | None


def manual(name: str, en: str, zh: str, kind: Kind, **rest: Unpack[Rest]) -> Field:
    """Return a field that never changes behind anybody's back (3W)."""
    return Field(name, Label(en, zh), kind, "manual", **rest)


def latest(name: str, en: str, zh: str, kind: Kind, **rest: Unpack[Rest]) -> Field:
    """Return a low-stakes field whose later value stands (LW)."""
    return Field(name, Label(en, zh), kind, "latest", **rest)


def highest(name: str, en: str, zh: str, kind: Kind, **rest: Unpack[Rest]) -> Field:
    """Return a field whose greater value stands (HI)."""
    return Field(name, Label(en, zh), kind, "highest", **rest)


def reserved(
    name: str, en: str, zh: str, kind: Kind, to: tuple[str, ...] = NOBODY, **rest: Unpack[Rest]
) -> Field:
    """Return a field that only the roles *to* may ever set; by default only the server (AW)."""
    rest.setdefault("write", to)
    return Field(name, Label(en, zh), kind, "authority", authority=to, **rest)


def once(
    name: str,
    en: str,
    zh: str,
    kind: Kind,
    then: tuple[str, ...] = SUPERVISOR,
    **rest: Unpack[Rest],
) -> Field:
    """Return a field whose first value is free and that afterwards only *then* may change (W1)."""
    return Field(name, Label(en, zh), kind, "once", authority=then, **rest)


def once_for_all(name: str, en: str, zh: str, kind: Kind, **rest: Unpack[Rest]) -> Field:
    """Return a field whose first value stands for good (W1(–))."""
    return Field(name, Label(en, zh), kind, "once", authority=NOBODY, **rest)


def many(name: str, en: str, zh: str, of: Kind, least: int = 0, **rest: Unpack[Rest]) -> Field:
    """Return a set that is edited element by element (SU); a new record names *least* of them."""
    return Field(name, Label(en, zh), SetOf(of, least=least), "set", **rest)


def prose(name: str, en: str, zh: str, examples: tuple[str, ...], **rest: Unpack[Rest]) -> Field:
    """Return a text of many lines that is merged sentence by sentence (TM)."""
    return Field(name, Label(en, zh), Text(many_lines=True, examples=examples), "text", **rest)


def fixed(name: str, en: str, zh: str, kind: Kind, **rest: Unpack[Rest]) -> Field:
    """Return a field of a create-only record (AO)."""
    return Field(name, Label(en, zh), kind, "append", **rest)


def keyed(
    name: str,
    en: str,
    zh: str,
    leaves: tuple[Field, ...],
    keys: str = r"[A-Za-z0-9_-]{1,64}",
    since: int = 1,
) -> KeyedMap:
    """Return a map of entries with the fields *leaves*, each merged by its own policy (KM)."""
    return KeyedMap(name, Label(en, zh), {it.name: it for it in leaves}, keys, since)


def state(
    options: Choice,
    write: tuple[str, ...],
    name: str = "state",
    label: Label = STATE,
) -> Field:
    """Return the field of a state machine (TR); *write*: who makes the record or a move."""
    return Field(name, label, options, "state", write=write)


def move(
    name: str,
    source: str,
    target: str,
    roles: tuple[str, ...],
    en: str,
    zh: str,
    *,
    offline: bool = False,
    rule: str | None = None,
) -> Transition:
    """Return a named move from any of the states in *source* (blanks between) to *target*."""
    return Transition(name, tuple(source.split()), target, roles, offline, Label(en, zh), rule)
