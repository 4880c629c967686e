"""Whom nobody was in touch with within the rhythm of the tier 联系节奏 (domain.md, section 8.8).

Pure: a customer's records are handed in. Most customers are told by the day of their last contact alone,
without reading a loan: the shortest rhythm has not passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from schemas.derived.customer_tier import Tier, contact_due_on, tier_of
from schemas.derived.dealings import Kept, contacts_in, dealings_of

Fields = Mapping[str, Any]

SHORTEST_DAYS: Final = min(it.contact_days for it in Tier)
AHEAD: Final = ("planned", "missed", "in_progress")
"""States of a visit that brings somebody there: it is on the list already."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A customer who should have been called: by when, and as what he is valued."""

    due_on: date
    tier: Tier


def silence_of(
    customer: Fields, records: Sequence[Kept], products: Mapping[str, Fields], today: date
) -> Silence | None:
    """Return since when a customer waits for a contact; None: nobody has to be in touch yet.

    Nobody is called who is blocked, with whom a day is agreed or a visit planned, or of whom no contact is
    known: nothing tells when the rhythm began.

    Args:
        customer: The fields of the customer's own record, which need not be among *records*.
        products: The loans' products by id, for the penalty.

    Raises:
        ValueError: A loan's papers are not sound.

    Source: domain.md, section 8.8.
    """
    if customer.get("state") == "blocked" or customer.get("next_contact_on"):
        return None
    if any(it.type == "visit" and it.fields.get("state") in AHEAD for it in records):
        return None
    last = max((day for day in contacts_in(records) if day <= today), default=None)
    if last is None or today < last + timedelta(days=SHORTEST_DAYS):
        return None
    dealings = dealings_of(records, products, today)
    due_on = contact_due_on(dealings, today)
    if due_on is None or today < due_on:
        return None
    return Silence(due_on, tier_of(dealings, today))
