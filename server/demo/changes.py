"""Changes as a tablet or the office writes them (protocol.md, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.values import format_instant
from server.demo.dice import Dice

Json = Any
Change = dict[str, Json]


def create(type_name: str, record: str, customer: str | None, fields: Mapping[str, Json]) -> Change:
    """Return the creation of a record with the fields that are given."""
    given = {name: it for name, it in fields.items() if it is not None}
    return {"op": "create", "type": type_name, "id": record, "customer": customer, "set": given}


def update(type_name: str, record: str, customer: str | None, fields: Mapping[str, Json]) -> Change:
    """Return an edit of a record; null clears a field."""
    return {
        "op": "update", "type": type_name, "id": record, "customer": customer, "set": dict(fields),
    }  # fmt: skip


def delete(type_name: str, record: str, customer: str | None, reason: str) -> Change:
    """Return the deletion of a record."""
    return {
        "op": "delete", "type": type_name, "id": record, "customer": customer, "reason": reason,
    }  # fmt: skip


def attachment(
    dice: Dice, moment: datetime, customer: str, record_type: str, record: str, kind: str
) -> Change:
    """Return what is known of a photo or paper; its bytes are still on the way."""
    fields = {
        "record_type": record_type, "record": record, "kind": kind,
        "sha256": dice.randbytes(32).hex(), "size": dice.randint(40_000, 400_000),
        "media_type": "image/jpeg", "captured_at": format_instant(moment),
    }  # fmt: skip
    return create("attachment", dice.new_id(moment), customer, fields)
