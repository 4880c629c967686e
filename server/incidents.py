"""What went wrong with devices and was put right, kept for whoever looks after a branch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select

from schemas.values import format_instant
from server import office
from server.models import IncidentRow

Json = Any
incident: Table = IncidentRow.__table__  # type: ignore[assignment]
DIGEST_MISMATCH = "digest-mismatch"
"""A device's copy was not equal to the server's (protocol.md, section 8)."""


def keep(
    connection: Connection,
    branch: str,
    kind: str,
    device: str,
    now: datetime,
    detail: Mapping[str, Json],
) -> None:
    """Keep one incident of a device."""
    row = {
        "id": office.new_id(now), "branch": branch, "kind": kind, "device": device,
        "at": format_instant(now), "detail": dict(detail),
    }  # fmt: skip
    connection.execute(insert(incident).values(row))


def count_by_kind(connection: Connection) -> dict[str, int]:
    """Return how many incidents of each kind there ever were, in all branches."""
    query = select(incident.c.kind, func.count().label("times")).group_by(incident.c.kind)
    return {it.kind: it.times for it in connection.execute(query)}


def count_by_device(connection: Connection, branch: str) -> dict[str, int]:
    """Return how many incidents each device of a branch has had; a device without any is not in it."""
    query = select(incident.c.device, func.count().label("times")).where(
        incident.c.branch == branch
    )
    return {it.device: it.times for it in connection.execute(query.group_by(incident.c.device))}


def since(
    connection: Connection, branch: str, kind: str, moment: datetime
) -> tuple[int, str | None]:
    """Return how many incidents of a kind a branch has had since *moment*, and when the last was."""
    query = select(func.count(), func.max(incident.c.at)).where(
        incident.c.branch == branch,
        incident.c.kind == kind,
        incident.c.at >= format_instant(moment),
    )
    count, last = connection.execute(query).one()
    return count, last


def newest(connection: Connection, branch: str, most: int = 50) -> list[Row[Any]]:
    """Return a branch's incidents, the newest first."""
    query = select(incident).where(incident.c.branch == branch)
    return list(connection.execute(query.order_by(incident.c.at.desc()).limit(most)))
