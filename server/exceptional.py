"""Applications out of the ordinary: exceptions to policy, and the emergency path 特事特办 (domain.md, section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, cast, or_, select

from schemas.values import derived_id
from server import bulk
from server.readmodels import text_of
from server.store import record

Json = Any
TRUE = ("true", "1")
"""What the two databases make of a JSON truth that is read as text."""
DRAFTS = ("draft", "withdrawn")


@dataclass(frozen=True)
class Exceptional:
    """One of them; `review`: the task by which the review that was left out is asked for, None if none is owed."""

    id: str
    customer: str
    fields: Mapping[str, Json]
    review: Mapping[str, Json] | None

    @property
    def is_expedited(self) -> bool:
        """Whether it went the emergency path."""
        return bool(self.fields.get("expedited"))

    def is_owed(self, today: str) -> bool:
        """Tell whether its review is past due."""
        owed = self.review is not None and self.review.get("state") == "open"
        return owed and self.review is not None and str(self.review.get("due_on")) < today


def listed(connection: Connection, branch_id: str) -> list[Exceptional]:
    """Return those of a branch that were submitted, those changed last first: two statements."""
    here = (record.c.branch == branch_id, record.c.deleted == 0)
    query = (
        select(record.c.id, record.c.customer, record.c.fields)
        .where(
            *here,
            record.c.type == "loan_application",
            or_(*(cast(text_of(record, it), Text).in_(TRUE) for it in ("expedited", "exception"))),
        )
        .order_by(record.c.version.desc())
    )
    rows = [it for it in connection.execute(query) if it.fields.get("state") not in DRAFTS]
    asked = {derived_id("expedited_review", it.id): it.id for it in rows}
    tasks = select(record.c.id, record.c.fields).where(
        *here, record.c.type == "task", bulk.among(connection, record.c.id, sorted(asked))
    )
    review = {asked[it.id]: it.fields for it in connection.execute(tasks)}
    return [Exceptional(it.id, it.customer, it.fields, review.get(it.id)) for it in rows]
