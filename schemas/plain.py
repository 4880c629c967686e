"""Declarations as plain JSON values, for whoever does not run Python: the schema document, the tablet.

`type_json` has the shape of `TypeDoc` in `field_client/app/src/schemas/declare.ts`, and says all that
is declared; `export.schema_document` has that of operations.md, with JSON Schema in place of kinds.
"""

from __future__ import annotations

from typing import Any

from schemas.checks import Adds, Before, Differ, Needs, OneOf, When, Within
from schemas.declare import (
    AnyJson,
    Check,
    Choice,
    Date,
    Field,
    Flag,
    FreeObject,
    Id,
    Instant,
    Integer,
    KeyedMap,
    Kind,
    Label,
    ListOf,
    NationalId,
    Record,
    RecordType,
    Ref,
    SetOf,
    States,
    Text,
    Value,
)

Json = Any


def label_json(label: Label) -> dict[str, str]:
    """Return both languages of a label."""
    return {"en": label.en, "zh": label.zh}


def outline_json(declared: RecordType) -> dict[str, Json]:
    """Return what a record type says of itself, without its fields and its checks."""
    parent = declared.parent
    return {
        "title": label_json(declared.title),
        "title_field": declared.title_field,
        "parent": {"type": parent[0], "field": parent[1]} if parent else None,
        "reference": declared.reference,
        "users": list(declared.users),
        "create_only": declared.create_only,
        "deletable": declared.deletable,
        "late_fact": declared.late_fact,
        "made_by": list(declared.made_by),
        "states": _states_json(declared.states) if declared.states else None,
    }


def _states_json(states: States) -> dict[str, Json]:
    moves = [
        {
            "name": it.name,
            "title": label_json(it.label) if it.label else None,
            "from": list(it.source),
            "to": it.target,
            "roles": list(it.roles),
            "offline": it.offline,
        }
        for it in states.transitions
    ]
    return {"field": states.field, "initial": list(states.initial), "transitions": moves}


def rights_json(declared: Field) -> dict[str, Json]:
    """Return what a field says of itself, without what it may hold."""
    return {
        "title": label_json(declared.label),
        "hint": label_json(declared.hint) if declared.hint else None,
        "policy": declared.policy,
        "group": declared.group,
        "sensitive": declared.sensitive,
        "required": declared.required,
        "required_by": list(declared.required_by),
        "default": declared.default,
        "write": list(declared.write),
        "authority": list(declared.authority),
    }


# --------------------------------------------------------------------------------------- for the tablet


def type_json(declared: RecordType) -> dict[str, Json]:
    """Return all that a record type declares; a check that is no data is a TypeError."""
    return {
        **outline_json(declared),
        "checks": [check_json(it) for it in declared.checks],
        "fields": {it.name: _entry_json(it) for it in declared.fields},
    }


def _entry_json(declared: Field | KeyedMap) -> dict[str, Json]:
    if isinstance(declared, Field):
        return {**rights_json(declared), "kind": kind_json(declared.kind)}
    return {
        "title": label_json(declared.label),
        "key_pattern": declared.key_pattern,
        "leaves": {name: _entry_json(leaf) for name, leaf in declared.leaves.items()},
    }


def kind_json(kind: Kind) -> dict[str, Json]:
    """Return what a value may be; a kind that the tablet does not know is a TypeError."""
    match kind:
        case Text():
            return {
                "kind": "text", "longest": kind.longest, "shortest": kind.shortest,
                "pattern": kind.pattern, "lines": kind.many_lines,
            }  # fmt: skip
        case Integer():
            return {"kind": "integer", "least": kind.least, "most": kind.most, "unit": kind.unit}
        case Choice():
            options = {word: label_json(label) for word, label in kind.options.items()}
            return {"kind": "choice", "options": options}
        case Ref():  # before Id, which it is as well
            return {"kind": "ref", "to": kind.to, "scope": kind.scope}
        case ListOf():
            name = "set" if isinstance(kind, SetOf) else "list"
            of = kind_json(kind.of)
            return {"kind": name, "of": of, "most": kind.most, "least": kind.least}
        case Record():
            members = {name: kind_json(it) for name, it in kind.members.items()}
            shape = {"kind": "record", "members": members, "required": list(kind.required)}
            titles = {name: label_json(it) for name, it in kind.titles.items()}
            return {**shape, "titles": titles} if titles else shape
        case _ if type(kind) in _BARE:
            return {"kind": _BARE[type(kind)]}
        case _:
            raise TypeError(f"a kind that the tablet does not know: {kind!r}")


_BARE: dict[type[Kind], str] = {
    NationalId: "national_id",
    Flag: "flag",
    Date: "date",
    Instant: "instant",
    Id: "id",
    Value: "value",
    FreeObject: "object",
    AnyJson: "any",
}
"""The kinds that have nothing to say but their name."""


def check_json(check: Check) -> dict[str, Json]:
    """Return a rule over a whole record; one that is not in the vocabulary is a TypeError."""
    match check:
        case Needs():
            return {
                "check": "needs", "fields": list(check.fields), "when": _when_json(check.when),
                "reason": check.reason,
            }  # fmt: skip
        case OneOf():
            fields = list(check.fields)
            return {"check": "one_of", "fields": fields, "at": check.at, "reason": check.reason}
        case Before():
            return {
                "check": "before", "first": check.first, "then": check.then, "reason": check.reason,
            }  # fmt: skip
        case Within():
            return {
                "check": "within", "first": check.first, "then": check.then,
                "months": check.months, "reason": check.reason,
            }  # fmt: skip
        case Adds():
            return {
                "check": "adds", "of": check.of, "member": check.member, "total": check.total,
                "reason": check.reason,
            }  # fmt: skip
        case Differ():
            return {
                "check": "differ", "fields": list(check.fields), "reason": check.reason,
                "rule": check.rule,
            }  # fmt: skip
        case _:
            raise TypeError(f"a check that is no data: {check!r}")


def _when_json(when: When) -> dict[str, Json]:
    conditions = {
        "is": {name: list(words) for name, words in when.is_.items()},
        "has": list(when.has),
        "lacks": list(when.lacks),
    }
    return {name: it for name, it in conditions.items() if it}
