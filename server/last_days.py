"""The last days of assignments, by branch and day: what `endings.py` looks for, and `store.py` keeps."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, exists

from server import bulk
from server.models import EndingRow
from sync.ledger import RecordState

ending: Table = EndingRow.__table__  # type: ignore[assignment]


def is_due(branch: ColumnElement[str], today: str) -> ColumnElement[bool]:
    """Return the condition that something in a branch ended before *today* and has not been seen to."""
    return exists().where(ending.c.branch == branch, ending.c.until < today)


def note_last_days(connection: Connection, branch: str, states: Iterable[RecordState]) -> None:
    """Keep the last days of the assignments among *states*, which were just stored."""
    rows = [
        {"branch": branch, "assignment": it.id, "until": it.fields["valid_to"]}
        for it in states
        if it.type == "assignment" and it.fields.get("valid_to")
    ]
    bulk.upsert(connection, ending, rows)
