"""Visits and their photos as `field_book.py` folds them: what rule W12 is read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from schemas.derived.early_warning.dossier import local_day
from schemas.values import parse_instant
from server import bulk
from server.field_models import VisitEvidenceRow, VisitPhotoRow
from server.store import log, record

Json = Any
visit_evidence: Table = VisitEvidenceRow.__table__  # type: ignore[assignment]
visit_photo: Table = VisitPhotoRow.__table__  # type: ignore[assignment]


def rows_of(
    table: Table, branch_id: str, connection: Connection, ids: Collection[str], key: str
) -> ColumnElement[bool]:
    """Return the condition that a row of a branch is one of some, by a column of its key or of an index."""
    return and_(table.c.branch == branch_id, bulk.among(connection, table.c[key], ids))


def fold_visits(connection: Connection, branch_id: str, ids: Sequence[str]) -> None:
    """Keep of some visits what shows that they took place."""
    rows = _records(connection, branch_id, ids, visit_evidence, "visit")
    made = [it for it in rows if it.fields.get("arrived_at")]
    spans = _skew_spans(connection, branch_id, {it.id for it in made})
    bulk.upsert(
        connection,
        visit_evidence,
        [
            {
                "branch": branch_id, "visit": it.id, "customer": it.customer,
                "officer": it.fields.get("officer_id"),
                "made_on": local_day(it.fields["arrived_at"]),
                "arrived_at": it.fields["arrived_at"], "left_at": it.fields.get("left_at"),
                "lat_e6": it.fields.get("arrive_lat_e6"), "lon_e6": it.fields.get("arrive_lon_e6"),
                "skew_span_ms": spans.get(it.id, 0),
            }
            for it in made
        ],
    )  # fmt: skip


def _records(
    connection: Connection, branch_id: str, ids: Sequence[str], table: Table, key: str
) -> list[Any]:
    """Return the living ones of some records; what *table* keeps of those that were deleted is forgotten."""
    query = select(record.c.id, record.c.customer, record.c.fields, record.c.deleted).where(
        rows_of(record, branch_id, connection, ids, "id")
    )
    rows = connection.execute(query).all()
    living = [it for it in rows if not it.deleted]
    if gone := set(ids) - {it.id for it in living}:
        connection.execute(delete(table).where(rows_of(table, branch_id, connection, gone, key)))
    return living


def _skew_spans(connection: Connection, branch_id: str, ids: Collection[str]) -> dict[str, int]:
    """Return by visit how far a tablet's clock moved against the true time meanwhile, in milliseconds.

    A clock that is wrong all day by as much does not move.
    """
    if not ids:
        return {}
    query = select(log.c.record, log.c.device, log.c.made_at, log.c.device_made_at).where(
        rows_of(log, branch_id, connection, ids, "record"), log.c.device_made_at.is_not(None)
    )
    skews: dict[tuple[str, str], list[int]] = defaultdict(list)
    for it in connection.execute(query):
        ahead = parse_instant(it.device_made_at) - parse_instant(it.made_at)
        skews[it.record, it.device].append(ahead // timedelta(milliseconds=1))
    spans: dict[str, int] = defaultdict(int)
    for (visit, _), found in skews.items():
        spans[visit] = max(spans[visit], max(found) - min(found))
    return spans


def fold_photos(connection: Connection, branch_id: str, ids: Sequence[str]) -> None:
    """Keep of some attachments which photos of visits they are."""
    rows = [
        {"branch": branch_id, "attachment": it.id, "visit": it.fields["record"], "sha256": it.fields["sha256"]}
        for it in _records(connection, branch_id, ids, visit_photo, "attachment")
        if it.fields.get("record_type") == "visit"
    ]  # fmt: skip
    bulk.upsert(connection, visit_photo, rows)
