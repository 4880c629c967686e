"""The app of two schema versions ago: what it was made with, and did not know yet (protocol.md, section 9)."""

from __future__ import annotations

from dataclasses import replace

from schemas.declare import Field, KeyedMap, RecordType, Registry
from schemas.registry import REGISTRY

OLDEST = REGISTRY.schema - 2


def as_of(schema: int) -> Registry:
    """Return the product's record types without what came after a version."""
    return Registry(
        [_as_of(it, schema) for it in REGISTRY.types.values() if it.since <= schema], schema
    )


def _as_of(declared: RecordType, schema: int) -> RecordType:
    fields: list[Field | KeyedMap] = []
    for it in declared.fields:
        if it.since > schema:
            continue
        if isinstance(it, KeyedMap):
            leaves = {name: leaf for name, leaf in it.leaves.items() if leaf.since <= schema}
            fields.append(replace(it, leaves=leaves))
        else:
            fields.append(it)
    return replace(declared, fields=tuple(fields), guards=(), follow_up=None)
