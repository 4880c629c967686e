"""Audit events (domain.md, section 5.7): acts that change no record, in the branch's hash chain.

An event is a row of the log that alters nothing (`altered` 0, type `audit_event`); `record` is what the
events of one kind share, so that `GET /api/v1/records/<id>/history` reads them by an index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from schemas.messages import Fault
from schemas.values import canonical_json, derived_id, format_instant, to_millis
from server import chain, office, store
from server.offers import Contact
from server.store import branch, log

Json = Any
TYPE = "audit_event"
REFUSED = "set.refused"
MOST_NAMED = 50
"""How many changes of a refused set are named; it may have had hundreds."""


def refused_acts(branch_id: str) -> str:
    """Return the id under which the refused acts of a branch stand together."""
    return derived_id(TYPE, "refused", branch_id)


def keep(
    connection: Connection, contact: Contact, record: str, action: str, said: Mapping[str, Json]
) -> int:
    """Write an event of the contact into the chain, in the caller's transaction; return its position."""
    row = store.lock_branch(connection, contact.branch)
    actor, now = contact.actor, format_instant(contact.now)
    payload = canonical_json({"units": {}, "note": dict(said)})
    key, commitment = chain.commit(payload)
    event: dict[str, Json] = {
        "branch": row.id, "position": row.head + 1, "set_device": actor.device, "set_number": 0,
        "set_id": office.new_id(contact.now), "device": actor.device, "user": actor.user,
        "role": actor.role, "record": record, "type": TYPE, "customer": None, "op": "event",
        "altered": 0, "timer": 0, "made_at": now, "device_made_at": None, "received_at": now,
        "stamp": f"{to_millis(contact.now):012x}-0000-{actor.device}", "action": action,
        "payload": payload, "payload_key": key, "commitment": commitment,
    }  # fmt: skip
    event["hash"] = chain.link(str(row.head_hash), event)
    connection.execute(insert(log).values(event))
    connection.execute(
        update(branch)
        .where(branch.c.id == row.id)
        .values(head=event["position"], head_hash=event["hash"])
    )
    return int(event["position"])


def keep_refused(
    connection: Connection,
    contact: Contact,
    action: str,
    changes: Sequence[Mapping[str, Json]],
    faults: Sequence[Fault],
) -> int:
    """Write that somebody's set was refused: what it was about and why, none of its values."""
    said = {
        "action": action,
        "changes": len(changes),
        "about": [_about(it) for it in changes[:MOST_NAMED]],
        "errors": [it.as_json() for it in faults[:MOST_NAMED]],
    }
    return keep(connection, contact, refused_acts(contact.branch), REFUSED, said)


def _about(change: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a change is about; what is no short text names nothing and is left out."""
    named = {it: change.get(it) for it in ("op", "type", "id", "customer")}
    short = {name: it for name, it in named.items() if isinstance(it, str) and len(it) <= 64}
    written = change.get("set")
    fields = (
        sorted(it for it in written if len(it) <= 200)[:MOST_NAMED]
        if isinstance(written, dict)
        else []
    )
    return {**short, "fields": fields}


def events(
    connection: Connection, branch_id: str, record: str, limit: int, offset: int = 0
) -> Sequence[Row[Any]]:
    """Return the events that stand together, the newest first."""
    query = select(log).where(log.c.branch == branch_id, log.c.record == record)
    query = query.order_by(log.c.position.desc()).limit(limit).offset(offset)
    return connection.execute(query).all()
