"""The history of a record: every submitted and stored value, by whom, on which device, when."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, select

from server.store import log

Json = Any


def of_record(connection: Connection, branch: str, record_id: str) -> list[dict[str, Json]]:
    """Return what happened to a record, oldest first, refused sets included."""
    query = select(log).where(log.c.branch == branch, log.c.record == record_id)
    rows = connection.execute(query.order_by(log.c.position)).all()
    return [_shown(it) for it in rows]


def _shown(row: Row[Any]) -> dict[str, Json]:
    payload = json.loads(row.payload) if row.payload else {}
    return {
        "position": row.position, "op": row.op, "by": row.user, "role": row.role,
        "device": row.device, "number": row.set_number, "made_at": row.made_at,
        "device_made_at": row.device_made_at, "received_at": row.received_at,
        "action": row.action, "altered": bool(row.altered),
        "fields": {
            unit: {"before": it[0], "submitted": it[1], "stored": it[2]}
            for unit, it in payload.get("units", {}).items()
        },
        **({"note": payload["note"]} if "note" in payload else {}),
    }  # fmt: skip
