"""The declarations as documents: `GET /api/v1/schema`, JSON Schema and OpenAPI.

Everything follows from the declarations and from `wire/`, so that no shape is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, fields

from schemas import openapi, plain
from schemas.declare import (
    Field,
    KeyedMap,
    Kind,
    ListOf,
    RecordType,
    Ref,
    Registry,
)
from schemas.wire.day_close import CloseMessage
from schemas.wire.desk import DeskSetMessage
from schemas.wire.fields import Declared, Message, Part
from schemas.wire.handovers import HandoverMessage
from schemas.wire.postings import PostingMessage
from schemas.wire.repair import RepairMessage
from schemas.wire.requests import AssignmentMessage, LoginMessage, RefreshMessage, ResolveMessage
from schemas.wire.sync import ChangeMessage, SetMessage, SyncMessage

Json = Any


def schema_document(registry: Registry) -> dict[str, Json]:
    """Return the record types in the shape of operations.md, `GET /api/v1/schema`."""
    types = {name: _type_entry(it) for name, it in registry.types.items()}
    return {"schema": registry.schema, "types": types}


def _type_entry(declared: RecordType) -> dict[str, Json]:
    return {
        **plain.outline_json(declared),
        **_since(declared),
        "checks": [plain.check_json(it) for it in declared.checks],
        "groups": {name: list(members) for name, members in declared.groups.items()},
        "fields": {it.name: _entry(it) for it in declared.fields},
    }


def _entry(declared: Field | KeyedMap) -> dict[str, Json]:
    if isinstance(declared, Field):
        return _field_entry(declared)
    return {
        "title": plain.label_json(declared.label),
        **_since(declared),
        "key_pattern": f"^{declared.key_pattern}$",
        "map": {name: _field_entry(leaf) for name, leaf in declared.leaves.items()},
    }


def _field_entry(declared: Field) -> dict[str, Json]:
    ref = _reference(declared.kind)
    return {
        **plain.rights_json(declared),
        **_since(declared),
        "ref": (ref.to or "customer") if ref else None,
        "ref_any": ref is not None and ref.to is None,
        "ref_scope": ref.scope if ref else None,
        "json_schema": declared.kind.json_schema(),
    }


def _since(declared: RecordType | Field | KeyedMap) -> dict[str, Json]:
    """Return the schema version that brought it, of what was not there from the beginning."""
    return {"since": declared.since} if declared.since > 1 else {}


def _reference(kind: Kind) -> Ref | None:
    """Return what a field or the elements of its list point at; `ref_any`: of any type."""
    inner = kind.of if isinstance(kind, ListOf) else kind
    return inner if isinstance(inner, Ref) else None


# -------------------------------------------------------------------------------------- JSON Schema


def record_schema(declared: RecordType) -> dict[str, Json]:
    """Return the JSON Schema of a record's fields as they travel: maps by dotted paths."""
    plain = {it.name: it for it in declared.fields if isinstance(it, Field)}
    patterns = {
        _leaf_pattern(it, name): leaf.kind.json_schema()
        for it in declared.fields
        if isinstance(it, KeyedMap)
        for name, leaf in it.leaves.items()
    }
    schema: dict[str, Json] = {
        "type": "object",
        "title": declared.title.en,
        "properties": {name: it.kind.json_schema() for name, it in plain.items()},
        "additionalProperties": False,
    }
    return {**schema, "patternProperties": patterns} if patterns else schema


def _leaf_pattern(declared: KeyedMap, leaf: str) -> str:
    dotted = rf"\.{leaf}" if leaf else ""
    return rf"^{declared.name}\.{declared.key_pattern}{dotted}$"


def message_schema(message: Message) -> dict[str, Json]:
    """Return the JSON Schema of a message that comes in."""
    members = message.fields
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {name: _member_schema(it) for name, it in members.items()},
        "required": [name for name, it in members.items() if it.required],
    }
    if message.unknown != EXCLUDE:
        schema["additionalProperties"] = False
    return schema


def _member_schema(member: fields.Field[Any]) -> dict[str, Json]:
    if isinstance(member, Declared):
        schema = member.kind.json_schema()
        return _nullable(schema) if member.allow_none else schema
    if isinstance(member, Part) and isinstance(member.schema, Message):
        inner = message_schema(member.schema)
        return {"type": "array", "items": inner} if member.many else inner
    raise TypeError(f"a member of an unknown class: {type(member)}")


def _nullable(schema: Mapping[str, Json]) -> dict[str, Json]:
    return {"anyOf": [dict(schema), {"type": "null"}]} if schema else {}


def openapi_document(registry: Registry, version: str) -> dict[str, Json]:
    """Return the API as OpenAPI 3.1 (`GET /api/openapi.json`)."""
    bodies = {
        "LoginRequest": message_schema(LoginMessage()),
        "RefreshRequest": message_schema(RefreshMessage()),
        "AssignmentRequest": message_schema(AssignmentMessage()),
        "ResolveRequest": message_schema(ResolveMessage()),
        "PostingRequest": message_schema(PostingMessage()),
        "DeskSetRequest": _desk_set_schema(),
        "CloseRequest": message_schema(CloseMessage()),
        "HandoverRequest": message_schema(HandoverMessage()),
        "SyncRequest": _sync_schema(),
        "RepairRequest": message_schema(RepairMessage()),
        "ChangeSet": _set_schema(),
        "Change": message_schema(ChangeMessage()),
    }
    records = {openapi.record_name(it.name): record_schema(it) for it in registry.types.values()}
    return openapi.document(version, {**records, **bodies})


def _sync_schema() -> dict[str, Json]:
    schema = message_schema(SyncMessage())
    schema["properties"] |= {"sets": openapi.many("ChangeSet"), **openapi.SYNC_OPTIONS}
    return schema


def _set_schema() -> dict[str, Json]:
    schema = message_schema(SetMessage())
    schema["properties"]["changes"] = openapi.many("Change")
    return schema


def _desk_set_schema() -> dict[str, Json]:
    schema = message_schema(DeskSetMessage())
    schema["properties"]["changes"] |= openapi.many("Change")
    return schema
