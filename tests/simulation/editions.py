"""Schema versions in a run: what a tablet of an older version knows, and how its work reads today.

Only versions that add are simulated; renaming and dividing are tests/server/test_schema_versions.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from schemas.declare import Field, KeyedMap, RecordType, Registry
from schemas.steps import Filled
from sync.ledger import RecordState

Json = Any


@cache
def edition(registry: Registry, schema: int) -> Registry:
    """Return a registry as it was in an earlier version: without what came later."""
    if schema >= registry.schema:
        return registry
    types = [_older(it, schema) for it in registry.types.values() if it.since <= schema]
    return Registry(types, schema, [it for it in registry.steps if it.schema <= schema])


def _older(declared: RecordType, schema: int) -> RecordType:
    fields: list[Field | KeyedMap] = []
    for one in declared.fields:
        if one.since > schema:
            continue
        if isinstance(one, KeyedMap):
            leaves = {name: it for name, it in one.leaves.items() if it.since <= schema}
            fields.append(replace(one, leaves=leaves))
        else:
            fields.append(one)
    return replace(declared, fields=tuple(fields))


def as_known(state: RecordState, registry: Registry, schema: int) -> dict[str, Json]:
    """Return what a tablet of a version may see of a record's fields."""
    declared = edition(registry, schema)[state.type]
    return {path: it for path, it in state.fields.items() if declared.field(path) is not None}


def as_today(
    registry: Registry, op: str, kind: str, fields: Mapping[str, Json], schema: int
) -> dict[str, Json]:
    """Return what somebody typed at an older version, with what today's asks for besides."""
    filled = dict(fields)
    for step in registry.steps:
        later = isinstance(step, Filled) and step.type == kind and step.schema > schema
        if later and op == "create" and isinstance(step, Filled):
            filled.setdefault(step.field, step.value)
    return filled
