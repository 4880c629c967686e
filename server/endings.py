"""Temporary assignments end by themselves (protocol.md, section 7): logged as moves when they fall due.

Every request of a device asks, in the statement that notes its contact, whether anything in its branch has
fallen due; whoever comes first ends it for everybody, before anything else is decided or pulled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, delete, select

from schemas.declare import Registry
from server import bulk, office, store
from server.last_days import ending
from server.settings import Settings
from server.store import record
from sync.ledger import RecordState

Json = Any
log = structlog.get_logger()


def end_due(
    connection: Connection, registry: Registry, settings: Settings, branch_id: str, now: datetime
) -> None:
    """End what has fallen due in a branch, each in a set of the server's own.

    The last day itself still counts. An assignment that ended before, or lasts longer by now, is left alone.
    """
    contact = office.server_contact(store.lock_branch(connection, branch_id), settings, now)
    due = [ending.c.branch == contact.branch, ending.c.until < contact.today]
    ids = list(connection.execute(select(ending.c.assignment).where(*due)).scalars())
    over = [it for it in _states(connection, contact.branch, ids) if _is_over(it, contact.today)]
    customers = {
        it.id: it
        for it in _states(connection, contact.branch, [it.fields["customer_id"] for it in over])
    }
    wanted = [it for it in over if _still_holds(it, customers.get(it.fields["customer_id"]))]
    timer = replace(contact, actor=replace(contact.actor, timer=True))
    sets = [("assignment.end", [_again(it)]) for it in wanted]
    results = office.submit_all(connection, registry, timer, sets) if sets else []
    for state, result in zip(wanted, results, strict=True):
        event = log.error if result["status"] == "rejected" else log.info
        event("assignment_ended", assignment=state.id, status=result["status"])
    connection.execute(delete(ending).where(*due))


def _states(connection: Connection, branch: str, ids: Sequence[str]) -> list[RecordState]:
    query = select(record).where(
        record.c.branch == branch, bulk.among(connection, record.c.id, ids)
    )
    return [store.state_of(it) for it in connection.execute(query)] if ids else []


def _is_over(assignment: RecordState, today: str) -> bool:
    until = assignment.fields.get("valid_to")
    return until is not None and until < today and "customer_id" in assignment.fields


def _still_holds(assignment: RecordState, customer: RecordState | None) -> bool:
    held = customer.holders if customer else ()
    return any(it.assignment == assignment.id and it.ended is None for it in held)


def _again(assignment: RecordState) -> dict[str, Json]:
    """Return the change that says the last day once more: the engine finds that it has passed."""
    return {
        "op": "update", "type": "assignment", "id": assignment.id, "customer": None,
        "set": {"valid_to": assignment.fields["valid_to"]},
    }  # fmt: skip
