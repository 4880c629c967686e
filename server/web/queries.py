"""Every SQL statement of the pages; none of their number grows with the branch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select, update

from server import attachments, devices
from server.accounts import account, device
from server.attachments import blob
from server.readmodels import text_of
from server.store import branch, log, record
from server.tokens import Bearer

Rows = Sequence[Any]
SIGNED_OUT = "signed-out"


# ------------------------------------------------------------------------------------- sessions


def account_on(connection: Connection, user: str, session: str) -> Row[Any] | None:
    """Return the active account of a web session that was not ended, with its branch's name."""
    query = (
        select(account, branch.c.name.label("branch_name"))
        .join(device, and_(device.c.id == session, device.c.user == account.c.id))
        .join(branch, branch.c.id == account.c.branch)
        .where(account.c.id == user, account.c.active == 1, device.c.state == "active")
    )
    return connection.execute(query).first()


def close_web_device(connection: Connection, session: str) -> None:
    """Note that a web session was ended."""
    connection.execute(
        update(device)
        .where(device.c.id == session, device.c.kind == "web")
        .values(state=SIGNED_OUT)
    )


# --------------------------------------------------------------------------------------- people


def people_with_tablets(connection: Connection, branch_id: str) -> Rows:
    """Return the branch's accounts, each once for every tablet of theirs, by user name and code."""
    tablet = and_(
        device.c.user == account.c.id, device.c.kind == "tablet", device.c.state != "wiped"
    )
    query = (
        select(
            account.c.id, account.c.name, account.c.role, account.c.active,
            device.c.id.label("tablet"), device.c.code, device.c.state, device.c.last_contact_at,
            device.c.clean_at, device.c.skew_ms, device.c.waiting,
        )
        .outerjoin(device, tablet)
        .where(account.c.branch == branch_id)
        .order_by(account.c.username, device.c.code)
    )  # fmt: skip
    return connection.execute(query).all()


def names_of_people(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the names of some accounts by id."""
    query = select(account.c.id, account.c.name).where(account.c.id.in_(sorted(ids)))
    return {it.id: it.name for it in connection.execute(query)} if ids else {}


def deciders(connection: Connection, branch_id: str, roles: Collection[str]) -> Rows:
    """Return who in the branch may decide, by name."""
    query = select(account.c.id, account.c.name, account.c.role).where(
        account.c.branch == branch_id, account.c.active == 1, account.c.role.in_(sorted(roles))
    )
    return connection.execute(query.order_by(account.c.name)).all()


def staff(connection: Connection, branch_id: str, roles: Collection[str]) -> Rows:
    """Return the branch's active accounts of some roles, by name."""
    query = select(account.c.id, account.c.username, account.c.name, account.c.role).where(
        account.c.branch == branch_id, account.c.active == 1, account.c.role.in_(sorted(roles))
    )
    return connection.execute(query.order_by(account.c.name)).all()


def tablet_codes(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the codes of some tablets by device id."""
    query = select(device.c.id, device.c.code).where(
        device.c.id.in_(sorted(ids)), device.c.kind == "tablet"
    )
    return {it.id: it.code for it in connection.execute(query)} if ids else {}


# -------------------------------------------------------------------------------------- records


def visit_counts(connection: Connection, branch_id: str, today: str) -> dict[str, dict[str, int]]:
    """Return, by officer, how many visits are `planned` for today, `done` of them, and `late`."""
    day, state = text_of(record, "planned_on"), text_of(record, "state")
    kind = case(
        (day < today, "late"), (state.in_(("completed", "accepted")), "done"), else_="planned"
    )
    officer = text_of(record, "officer_id")
    query = (
        select(officer.label("officer"), kind.label("kind"), func.count().label("n"))
        .where(
            record.c.branch == branch_id,
            record.c.type == "visit",
            record.c.deleted == 0,
            or_(
                and_(day == today, state != "cancelled"),
                and_(day < today, state.in_(("planned", "in_progress"))),
            ),
        )
        .group_by(officer, kind)
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        counts = found.setdefault(row.officer or "", {"planned": 0, "done": 0, "late": 0})
        counts[row.kind] += row.n
        if row.kind == "done":
            counts["planned"] += row.n
    return found


def records_by_id(
    connection: Connection, branch_id: str, ids: Collection[str]
) -> dict[str, Row[Any]]:
    """Return some records of the branch by id, whatever their type."""
    query = select(record).where(record.c.branch == branch_id, record.c.id.in_(sorted(ids)))
    return {it.id: it for it in connection.execute(query)} if ids else {}


def attachments_of(
    connection: Connection, who: Bearer, customer: str, of: str | None, limit: int, offset: int
) -> Rows:
    """Return a customer's attachments that *who* may see, or those of one record, the newest first.

    `arrived` is None where the bytes have not come.
    """
    query = (
        select(record.c.id, record.c.fields, blob.c.hash.label("arrived"))
        .select_from(record)
        .outerjoin(blob, blob.c.hash == text_of(record, "sha256"))
        .where(*_attachments_that_are(who, customer, of))
        .order_by(text_of(record, "captured_at").desc(), record.c.id)
        .limit(limit)
        .offset(offset)
    )
    return connection.execute(query).all()


def count_attachments(connection: Connection, who: Bearer, customer: str, of: str | None) -> int:
    """Return how many there are of them in all."""
    query = select(func.count()).select_from(record)
    return int(
        connection.execute(query.where(*_attachments_that_are(who, customer, of))).scalar_one()
    )


def _attachments_that_are(who: Bearer, customer: str, of: str | None) -> tuple[Any, ...]:
    return (
        record.c.branch == who.branch,
        record.c.customer == customer,
        record.c.type == "attachment",
        record.c.deleted == 0,
        attachments.seen_by(who),
        *((text_of(record, "record") == of,) if of else ()),
    )


def device_decisions(connection: Connection, branch_id: str, ids: Collection[str]) -> Rows:
    """Return who locked, unlocked or wiped some tablets, the last one last."""
    query = select(log.c.record, log.c.action, log.c.user, log.c.received_at).where(
        log.c.branch == branch_id,
        log.c.record.in_(sorted(ids)),
        log.c.action.in_([f"device.{it}" for it in devices.WISHES]),
    )
    return connection.execute(query.order_by(log.c.position)).all() if ids else []


# ------------------------------------------------------------------------------------ conflicts


def conflicts(
    connection: Connection, branch_id: str, status: str, limit: int | None = None, offset: int = 0
) -> Rows:
    """Return conflicts with `opened` and `opened_at`: open ones oldest first, settled ones newest first."""
    opened = and_(
        log.c.branch == record.c.branch, log.c.record == record.c.id, log.c.op == "create"
    )
    order = log.c.position if status == "open" else record.c.version.desc()
    query = (
        select(record, log.c.position.label("opened"), log.c.received_at.label("opened_at"))
        .join(log, opened)
        .where(*_conflicts_that_are(branch_id, status))
        .order_by(order)
        .limit(limit)
        .offset(offset)
    )
    return connection.execute(query).all()


def count_conflicts(connection: Connection, branch_id: str) -> dict[str, int]:
    """Return how many conflicts the branch has, by status."""
    status = text_of(record, "status")
    query = (
        select(status.label("status"), func.count().label("n"))
        .where(record.c.branch == branch_id, record.c.type == "conflict")
        .group_by(status)
    )
    return {it.status: it.n for it in connection.execute(query)}


def conflict(connection: Connection, branch_id: str, conflict_id: str) -> Row[Any] | None:
    """Return one conflict with when it was opened."""
    opened = and_(
        log.c.branch == record.c.branch, log.c.record == record.c.id, log.c.op == "create"
    )
    query = (
        select(record, log.c.position.label("opened"), log.c.received_at.label("opened_at"))
        .join(log, opened)
        .where(
            record.c.branch == branch_id, record.c.id == conflict_id, record.c.type == "conflict"
        )
    )
    return connection.execute(query).first()


def head(connection: Connection, branch_id: str) -> int:
    """Return the newest position of the branch's log: what a reader has seen."""
    query = select(branch.c.head).where(branch.c.id == branch_id)
    return int(connection.execute(query).scalar_one())


def _conflicts_that_are(branch_id: str, status: str) -> tuple[Any, ...]:
    return (
        record.c.branch == branch_id,
        record.c.type == "conflict",
        text_of(record, "status") == status,
    )
