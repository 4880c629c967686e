"""What a handover does to the scope of the three people whom it names (domain.md, section 6.7).

While it is looked at, the incoming officer and the witness see the customers; when it takes effect the
incoming officer is their primary, and the outgoing one has them no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from schemas.values import derived_id
from sync.assignments import after_assignment, end
from sync.guards.handovers import customers
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import make
from sync.work import Work

Json = Any
REASON = "交接"


def follow(work: Work, sight: Sight, handover: RecordState) -> None:
    """Let those look who have to answer, and let the customers move when it takes effect."""
    match handover.fields.get("state"):
        case "in_review":
            _let_look(work, sight, handover)
        case "cancelled":
            _end_looks(work, handover)
        case "effective":
            _move(work, handover)
            _end_looks(work, handover)


def _let_look(work: Work, sight: Sight, handover: RecordState) -> None:
    today, fields = date.fromisoformat(work.today), handover.fields
    days = sight.number("handover_days", sight.unit_of(fields["from_officer_id"]))
    last = max(today, date.fromisoformat(fields["effective_on"])) + timedelta(days=days)
    for customer, user in _looks(work, handover):
        assignment = {
            "officer_id": user, "customer_id": customer.id, "role": "inspector",
            "valid_from": work.today, "valid_to": last.isoformat(), "reason": REASON,
        }  # fmt: skip
        make(work, "assignment", _look(handover.id, customer.id, user), None, assignment)
        after_assignment(work, _look(handover.id, customer.id, user))


def _end_looks(work: Work, handover: RecordState) -> None:
    for customer, user in _looks(work, handover):
        end(work, _look(handover.id, customer.id, user))


def _move(work: Work, handover: RecordState) -> None:
    """Make the incoming officer the primary of whom the outgoing one still has; nobody else is touched."""
    fields = handover.fields
    for customer in _listed(work, handover):
        if not any(
            (it.user, it.role, it.ended) == (fields["from_officer_id"], "primary", None)
            for it in customer.holders
        ):
            continue
        assignment = {
            "officer_id": fields["to_officer_id"], "customer_id": customer.id, "role": "primary",
            "valid_from": work.today, "reason": REASON,
        }  # fmt: skip
        made = derived_id("handover", handover.id, customer.id)
        make(work, "assignment", made, None, assignment)
        after_assignment(work, made)


def _looks(work: Work, handover: RecordState) -> Iterator[tuple[RecordState, str]]:
    users = (handover.fields["to_officer_id"], handover.fields["witness_id"])
    return ((customer, user) for customer in _listed(work, handover) for user in users)


def _listed(work: Work, handover: RecordState) -> Iterable[RecordState]:
    found = (work.draft.record(it) for it in customers(handover.fields))
    return [it for it in found if it is not None and it.type == "customer" and not it.deleted]


def _look(handover: str, customer: str, user: str) -> str:
    return derived_id("handover-look", handover, customer, user)
