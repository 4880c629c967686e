"""The set that settles a conflict, as every client builds it (protocol.md, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.declare import Registry

Json = Any


def chosen_entry(conflict: Mapping[str, Json], chosen: Mapping[str, Json] | None) -> Json:
    """Return the entry of a conflict that *chosen* `{device, number}` names; without it, the only other.

    Raises:
        LookupError: when it names none, or several could be meant.
    """
    others = conflict["others"]
    if chosen is None:
        if len(others) == 1:
            return others[0]
        raise LookupError("which of the values is meant must be said")
    for entry in (*others, conflict["kept"]):
        if (entry["device"], entry["number"]) == (chosen.get("device"), chosen.get("number")):
            return entry
    raise LookupError("the conflict has no such value")


def resolution(
    registry: Registry,
    conflict_id: str,
    customer: str | None,
    conflict: Mapping[str, Json],
    way: str,
    chosen: Mapping[str, Json] | None = None,
    value: Json = None,
    comment: str | None = None,
    survivor: str | None = None,
) -> list[dict[str, Json]]:
    """Return the changes that resolve a conflict: its own update and, unless it keeps, the write.

    Args:
        conflict: the conflict's fields.
        way: `keep`, `other` (with *chosen*), `custom` (with *value*), or for two customers `merge` (with
            *survivor*; *value*: what is to be written to that one in the same set, by path, or None).

    Raises:
        LookupError: `other` without a value that can be meant.
    """
    settled: dict[str, Json] = {"status": "resolved", "resolution": way}
    if comment:
        settled["comment"] = comment
    writes: list[dict[str, Json]] = []
    if way == "other":
        entry = chosen_entry(conflict, chosen)
        settled["chosen"] = {"device": entry["device"], "number": entry["number"]}
        writes = [_write(registry, customer, conflict, entry["value"])]
    elif way == "custom":
        writes = [_write(registry, customer, conflict, value)]
    elif way == "merge":
        settled["survivor"] = survivor
        taken = {"type": conflict["record_type"], "id": survivor, "customer": survivor}
        writes = [{"op": "update", **taken, "set": dict(value)}] if value else []
    update = {
        "op": "update", "type": "conflict", "id": conflict_id, "customer": customer, "set": settled,
    }  # fmt: skip
    return [update, *writes]


def _write(
    registry: Registry, customer: str | None, conflict: Mapping[str, Json], value: Json
) -> dict[str, Json]:
    named = {
        "type": conflict["record_type"], "id": conflict["record"], "customer": customer,
    }  # fmt: skip
    unit = conflict.get("field")
    if unit is None and isinstance(value, dict) and value.get("deleted"):
        return {"op": "delete", **named, "reason": value.get("reason") or "-"}
    if unit is None:
        return {"op": "update", **named, "set": dict(value or {})}
    members = registry[conflict["record_type"]].group(unit)
    if members:
        return {"op": "update", **named, "set": {it: (value or {}).get(it) for it in members}}
    return {"op": "update", **named, "set": {unit: value}}
