"""The quarantine: sets that were not accepted, kept for ever for whoever may act on them (protocol.md, section 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from schemas.declare import Registry
from schemas.words import Lang
from server.exchange import worded
from server.store import change_set

Json = Any
KEPT = ("rejected", "held")
WITHDRAWN = '%"code":"withdrawn"%'


def listed(
    connection: Connection,
    branch_id: str,
    withdrawn: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Row[Any]]:
    """Return the sets of a branch that lie in quarantine, oldest first.

    *withdrawn*: those only that their users took back and nobody has to look at; False: all others.
    """
    query = (
        select(change_set)
        .where(*_kept(branch_id), *([] if withdrawn is None else [_is_withdrawn(withdrawn)]))
        .order_by(change_set.c.received_at, change_set.c.device, change_set.c.number)
        .limit(limit)
        .offset(offset)
    )
    return connection.execute(query).all()


def count(connection: Connection, branch_id: str, withdrawn: bool = False) -> int:
    """Return how many sets lie in quarantine: those that may need someone, or the *withdrawn* ones."""
    query = select(func.count()).where(*_kept(branch_id), _is_withdrawn(withdrawn))
    return int(connection.execute(query).scalar_one())


def as_json(registry: Registry, row: Row[Any], language: Lang) -> dict[str, Json]:
    """Return a set as `GET /api/v1/quarantine` lists it; one that is held has no faults."""
    return {
        "device": row.device, "user": row.user, "number": row.number,
        "received_at": row.received_at,
        "errors": [worded(registry, dict(it), language) for it in faults_of(row)],
        "set": json.loads(row.content),
    }  # fmt: skip


def faults_of(row: Row[Any]) -> Sequence[Mapping[str, Json]]:
    """Return the stored faults of a set."""
    found: Sequence[Mapping[str, Json]] = json.loads(row.result).get("errors", ())
    return found


def _kept(branch_id: str) -> tuple[ColumnElement[bool], ...]:
    return change_set.c.branch == branch_id, change_set.c.status.in_(KEPT)


def _is_withdrawn(wanted: bool) -> ColumnElement[bool]:
    found = change_set.c.result.like(WITHDRAWN)
    return found if wanted else ~found
