"""Officers whose yearly audit is due 年度稽核 (domain.md, section 7): a line on the auditor's page.

An audit is about an officer: no customer's dossier and no tablet could carry the reminder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import Connection, select

from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import SIGNED, Kept, local_day, note_day
from schemas.derived.early_warning.lines import Line
from server.store import log, record
from sync.guards.sight import Sight

RULE = "audit"
MONTHS = 12
"""Yearly in post."""


def lines(connection: Connection, branch_id: str, sight: Sight, today: date) -> Iterator[Line]:
    """Yield a line for each officer in use whose last signed audit is older than a year, the oldest first.

    Who was never audited counts from the day on which the branch knew of him. The figure is the days by which
    the audit is overdue, the reason `audited` or `never-audited`. At most two statements, each by an index.
    """
    officers = {
        it.id: it
        for it in sight.of("user")
        if it.fields.get("role") == "officer" and it.fields.get("active") is not False
    }
    if not officers:
        return
    audited = _audited(connection, branch_id)
    rest = {officers[it].created_position: it for it in officers.keys() - audited.keys()}
    begun = {rest[position]: day for position, day in _days(connection, branch_id, rest).items()}
    found = []
    for user in officers.keys() & (audited.keys() | begun.keys()):
        last = date.fromisoformat(audited.get(user) or begun[user])
        overdue = (today - due_after(last, MONTHS)).days
        if overdue > 0:
            reason = "audited" if user in audited else "never-audited"
            found.append(Line(RULE, "yellow", user, reason, overdue))
    yield from sorted(found, key=lambda it: (-it.figure, it.subject))


def _audited(connection: Connection, branch_id: str) -> dict[str, str]:
    """Return the day of each officer's last signed audit; an amendment is none."""
    query = select(record.c.id, record.c.fields).where(
        record.c.branch == branch_id, record.c.type == "officer_audit", record.c.deleted == 0
    )
    found: dict[str, str] = {}
    for row in connection.execute(query):
        fields = row.fields
        if fields.get("state") in SIGNED and not fields.get("amends_id"):
            subject = str(fields.get("subject_user_id"))
            day = _signed_on(Kept("officer_audit", row.id, fields))
            found[subject] = max(found.get(subject, day), day)
    return found


def _signed_on(audit: Kept) -> str:
    """Return the day of the last signature; that of the audit's making where no signature tells one."""
    signed = [
        local_day(str(it))
        for path, it in audit.fields.items()
        if path.startswith("signed_by.") and path.endswith(".at")
    ]
    return max(signed, default=note_day(audit))


def _days(connection: Connection, branch_id: str, positions: Collection[int]) -> dict[int, str]:
    """Return the business days of entries of the log."""
    if not positions:
        return {}
    query = select(log.c.position, log.c.received_at).where(
        log.c.branch == branch_id, log.c.position.in_(positions)
    )
    return {it.position: local_day(it.received_at) for it in connection.execute(query)}
