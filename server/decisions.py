"""What a supervisor decides on the web or through the API: conflicts, assignments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from schemas import problems
from schemas.declare import Registry
from schemas.messages import Fault
from schemas.values import derived_id
from schemas.wire.requests import AssignmentRequest, ResolveRequest
from server import office, store
from server.accounts import account
from server.offers import Contact
from server.settings import Settings
from server.store import record
from server.tokens import Bearer
from sync.choices import resolution
from sync.ledger import RecordState
from sync.scope import Actor

Json = Any


def web_contact(
    connection: Connection, bearer: Bearer, settings: Settings, now: datetime
) -> Contact:
    """Return the contact of a person at the web or the API: a device of its own, the whole branch in reach."""
    branch_row = store.lock_branch(connection, bearer.branch)
    contact = office.server_contact(branch_row, settings, now)
    device = derived_id("web", bearer.user, bearer.device)
    query = select(account.c.approval_tier).where(account.c.id == bearer.user)
    tier = connection.execute(query).scalar() or 0
    actor = Actor(bearer.user, bearer.role, device, whole_branch=True, tier=tier)
    return replace(contact, actor=actor)


def find_conflict(connection: Connection, branch: str, conflict_id: str) -> RecordState:
    """Return a conflict of the branch.

    Raises:
        problems.NotFoundError: there is none of that id.
    """
    query = select(record).where(
        record.c.branch == branch, record.c.id == conflict_id, record.c.type == "conflict"
    )
    row = connection.execute(query).first()
    if row is None:
        raise problems.NotFoundError
    return store.state_of(row)


def resolve_conflict(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    conflict_id: str,
    choice: ResolveRequest,
    base: int | None = None,
) -> dict[str, Json]:
    """Settle a conflict; *base* is the log position that the person saw (None: the head).

    Raises:
        problems.AlreadyResolvedError: with the standing resolution.
        problems.BadRequestError: the choice cannot be read, or the set was refused (with `errors`).
        problems.NotPermittedError: by rule SOD-8 or the role.
    """
    conflict = find_conflict(connection, contact.branch, conflict_id)
    if conflict.fields["status"] == "resolved":
        names = ("resolution", "chosen", "survivor", "resolved_by", "comment")
        standing = {name: conflict.fields.get(name) for name in names}
        raise problems.AlreadyResolvedError(standing=standing)
    try:
        changes = resolution(
            registry, conflict.id, conflict.customer, conflict.fields, choice.resolution,
            choice.chosen, choice.value, choice.comment, choice.survivor,
        )  # fmt: skip
    except LookupError as error:
        raise problems.BadRequestError from error
    result = office.submit(connection, registry, contact, "conflict.resolve", changes, base=base)
    return refused_or(result)


def reopen_conflict(
    connection: Connection, registry: Registry, contact: Contact, conflict_id: str
) -> dict[str, Json]:
    """Open a conflict again within seven days of its resolution."""
    conflict = find_conflict(connection, contact.branch, conflict_id)
    change = {
        "op": "update", "type": "conflict", "id": conflict.id, "customer": conflict.customer,
        "set": {"status": "open"},
    }  # fmt: skip
    return refused_or(office.submit(connection, registry, contact, "conflict.reopen", [change]))


def assign(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    wish: AssignmentRequest,
) -> dict[str, Json]:
    """Assign a customer to an officer (operations.md, `POST /api/v1/assignments`).

    A new primary ends the old one; an `until` that has passed ends what the officer holds in that role.

    Returns:
        The result of the set, and the id of the assignment.
    """
    query = select(account).where(
        account.c.username == wish.officer, account.c.branch == contact.branch
    )
    officer = connection.execute(query).first()
    row = connection.execute(
        select(record).where(
            record.c.branch == contact.branch,
            record.c.id == wish.customer,
            record.c.type == "customer",
        )
    ).first()
    if officer is None or row is None:
        raise problems.NotFoundError
    changes = [_assignment(contact, wish, officer.id)]
    if wish.until is not None and wish.until < contact.today:
        held = [
            it.assignment
            for it in store.state_of(row).holders
            if (it.user, it.role, it.ended) == (officer.id, wish.role, None)
        ]
        changes = [_ending(it, wish.until) for it in held] or changes
    result = office.submit(connection, registry, contact, "assignment", changes)
    return {**refused_or(result), "id": changes[0]["id"]}


def _assignment(contact: Contact, wish: AssignmentRequest, officer: str) -> dict[str, Json]:
    fields = {
        "officer_id": officer,
        "customer_id": wish.customer,
        "role": wish.role,
        "valid_from": wish.valid_from or contact.today,
        "valid_to": wish.until,
        "reason": wish.reason,
    }
    return {
        "op": "create", "type": "assignment", "id": office.new_id(contact.now), "customer": None,
        "set": {key: value for key, value in fields.items() if value is not None},
    }  # fmt: skip


def _ending(assignment: str, until: str) -> dict[str, Json]:
    return {
        "op": "update", "type": "assignment", "id": assignment, "customer": None,
        "set": {"valid_to": until},
    }  # fmt: skip


def refused_or(result: dict[str, Json]) -> dict[str, Json]:
    """Return a result that was stored.

    Raises:
        problems.NotPermittedError, problems.BadRequestError: for a rejected set, with its `errors`.
    """
    if result["status"] != "rejected":
        return result
    errors = result["errors"]
    forbidden = any(it["code"] == "not-permitted" for it in errors)
    kind = problems.NotPermittedError if forbidden else problems.BadRequestError
    raise kind(errors=[Fault(**it) for it in errors])


def open_conflicts(connection: Connection, branch: str, status: str | None) -> list[Row[Any]]:
    """Return the conflicts of a branch, oldest first."""
    query = select(record).where(record.c.branch == branch, record.c.type == "conflict")
    rows = connection.execute(query.order_by(record.c.version)).all()
    return [it for it in rows if status is None or it.fields.get("status") == status]
