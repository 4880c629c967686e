"""Locking, unlocking and wiping tablets (protocol.md, section 10), with who did it in the branch's log.

A locked tablet delivers, into quarantine, and is given nothing; a wiped one destroys what it holds as soon as
it is heard. Both are said in the tablet's record too (`active`), so that the log and its history name who
decided.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Row, select, update

from schemas import problems
from schemas.declare import SERVER, Registry
from schemas.words import Lang, say
from server import decisions, office, store
from server.accounts import account, device
from server.offers import Contact
from server.settings import Settings
from server.store import branch
from server.tokens import Bearer
from sync.scope import Actor

Json = Any
Wish = Literal["lock", "unlock", "wipe"]
WISHES: tuple[Wish, ...] = ("lock", "unlock", "wipe")
STATES: dict[Wish, str] = {"lock": "locked", "unlock": "active", "wipe": "wiped"}
log = structlog.get_logger()


def tablets(connection: Connection, branch_id: str | None) -> Sequence[Row[Any]]:
    """Return the tablets of a branch (None: of all), with the names of their users and branches."""
    query = (
        select(device, account.c.username, account.c.name.label("user_name"), branch.c.code.label("branch_code"))
        .join(account, account.c.id == device.c.user)
        .join(branch, branch.c.id == device.c.branch)
        .where(device.c.kind == "tablet")
        .order_by(branch.c.code, device.c.created_at, device.c.id)
    )  # fmt: skip
    if branch_id is not None:
        query = query.where(device.c.branch == branch_id)
    return connection.execute(query).all()


def as_json(row: Row[Any]) -> dict[str, Json]:
    """Return a tablet as `GET /api/v1/devices` lists it."""
    return {
        "id": row.id, "user": row.user, "code": row.code, "name": row.name, "state": row.state,
        "last_contact_at": row.last_contact_at, "clean_at": row.clean_at,
        "skew_seconds": row.skew_ms // 1000,
        "waiting": json.loads(row.waiting) if row.waiting else None,
    }  # fmt: skip


def decide(
    connection: Connection,
    registry: Registry,
    settings: Settings,
    device_id: str,
    wish: Wish,
    by: Bearer | None,
    now: datetime,
    language: Lang = "en",
) -> Row[Any]:
    """Lock, unlock or wipe a tablet and return it; what is so already stays so.

    Args:
        by: the supervisor, whose branch the tablet has to be of; None: an administrator, of any branch.

    Raises:
        problems.NotFoundError: there is no such tablet; or it was wiped, which nothing takes back.
    """
    state = STATES[wish]
    mine = [device.c.id == device_id, device.c.kind == "tablet"]
    if by is not None:
        mine.append(device.c.branch == by.branch)
    row = connection.execute(select(device).where(*mine).with_for_update()).first()
    if row is None:
        raise problems.NotFoundError
    if row.state == state:
        return row
    if row.state == "wiped":
        raise problems.NotFoundError(say("refusal.wiped", language))
    connection.execute(update(device).where(*mine).values(state=state))
    contact = _contact(connection, settings, row.branch, by, now)
    change = {
        "op": "update", "type": "device", "id": device_id, "customer": None,
        "set": {"active": state == "active"},
    }  # fmt: skip
    decisions.refused_or(office.submit(connection, registry, contact, f"device.{wish}", [change]))
    log.info(
        "device_decided", wish=wish, device=device_id, user=row.user, by=by.user if by else None
    )
    return connection.execute(select(device).where(*mine)).one()


def _contact(
    connection: Connection, settings: Settings, branch_id: str, by: Bearer | None, now: datetime
) -> Contact:
    """Return the server's contact, in the name of the supervisor who decided."""
    if by is None:
        return office.server_contact(store.lock_branch(connection, branch_id), settings, now)
    contact = decisions.web_contact(connection, by, settings, now)
    actor = Actor(by.user, SERVER, contact.actor.device, whole_branch=True)
    return replace(contact, actor=actor)
