"""Sets made on the server's side: by a web session, by an import or set-up, by the server itself.

They go through the same parser, engine and log as a tablet's; only their numbers are given here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from schemas.declare import SERVER, Registry
from schemas.values import derived_id, format_instant, to_millis, uuid7
from server import push, store
from server.offers import Contact, read_offer
from server.settings import Settings
from sync.scope import Actor

Json = Any


def server_contact(branch_row: Any, settings: Settings, now: datetime) -> Contact:
    """Return the server's own contact in a branch: it may write every field of every record."""
    actor = Actor(None, SERVER, derived_id("server", branch_row.id), whole_branch=True)
    return Contact(actor, branch_row.id, branch_row.code, now, settings.today(now).isoformat())


def submit(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    action: str,
    changes: Sequence[Mapping[str, Json]],
    base: int | None = None,
    made_at: datetime | None = None,
) -> dict[str, Json]:
    """Apply one set of the contact's device with the next number; *base* defaults to the log's head.

    Returns:
        The result of the set, as in an answer of `POST /api/v1/sync`.
    """
    return submit_all(connection, registry, contact, [(action, changes)], base, made_at)[0]


def submit_all(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    sets: Sequence[tuple[str, Sequence[Mapping[str, Json]]]],
    base: int | None = None,
    made_at: datetime | None = None,
) -> list[dict[str, Json]]:
    """Apply several sets of the contact's device, in order, in the caller's transaction."""
    branch_row = store.lock_branch(connection, contact.branch)
    known = last_number(connection, contact.actor.device)
    moment = made_at or contact.now
    raw = [
        {
            "number": known + place,
            "id": new_id(moment),
            "epoch": branch_row.epoch,
            "schema": registry.schema,
            "base": branch_row.head if base is None else base,
            "action": action,
            "made_at": format_instant(moment),
            "changes": list(changes),
        }
        for place, (action, changes) in enumerate(sets, 1)
    ]
    offers = [read_offer(it, registry, contact.actor.role == SERVER) for it in raw]
    return push.apply(connection, registry, contact, offers, known).results


def last_number(connection: Connection, device: str) -> int:
    """Return the greatest number that the server has from a device."""
    query = select(func.max(store.change_set.c.number)).where(store.change_set.c.device == device)
    return connection.execute(query).scalar() or 0


def new_id(now: datetime) -> str:
    """Return a fresh record or set id."""
    return uuid7(to_millis(now), secrets.token_bytes(10))
