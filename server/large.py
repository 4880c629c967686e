"""The large borrowers of a branch's outlets (W14): who answers for each, and its monthly look.

A fixed number of statements: what is owed by customer, and the papers of those on the list alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import AFTER_THE_LOAN, SIGNED, Kept, note_day
from schemas.derived.early_warning.large import Exposure, large_borrowers
from schemas.derived.early_warning.numbers import NUMBERS
from server import bulk
from server.readmodels import loan_position, text_of
from server.store import record
from sync.guards.sight import Sight

Json = Any


@dataclass(frozen=True)
class Owed:
    """What a customer owes in the branch: `officer` answers for it, `since` is the first pay-out."""

    customer: str
    village: str | None
    exposure_fen: int
    officer: str | None
    since: str | None


@dataclass(frozen=True)
class LargeBorrower:
    """A large borrower of an outlet; `due_on`: when it is to be looked at next."""

    outlet: str | None
    customer: str
    exposure_fen: int
    officer: str | None
    reviewed_on: str | None
    due_on: str | None

    def is_overdue(self, today: date) -> bool:
        """Tell whether the day of the next look has passed."""
        return self.due_on is not None and self.due_on < today.isoformat()


def owed_by_customer(connection: Connection, branch_id: str) -> list[Owed]:
    """Return what every customer with a live loan owes; the read model is up to date."""
    loan, customer = record.alias("loan"), record.alias("customer")
    it = loan_position.c
    query = (
        select(
            it.customer, func.max(text_of(customer, "village_id")), func.sum(it.outstanding_fen),
            func.max(it.officer), func.min(text_of(loan, "disbursed_on")),
        )
        .join(customer, and_(customer.c.branch == it.branch, customer.c.id == it.customer))
        .join(loan, and_(loan.c.branch == it.branch, loan.c.id == it.loan))
        .where(
            it.branch == branch_id,
            it.state == "active",
            or_(it.outstanding_fen > 0, it.oldest_unpaid_on.is_not(None)),
        )
        .group_by(it.customer)
    )  # fmt: skip
    return [
        Owed(customer, village, int(fen), officer, since)
        for customer, village, fen, officer, since in connection.execute(query)
    ]


def exposures(owed: Collection[Owed], sight: Sight) -> dict[str | None, list[Exposure]]:
    """Return the large borrowers by outlet, the unit above the customer's village, largest first."""
    outlets: dict[str | None, list[Exposure]] = defaultdict(list)
    for it in owed:
        units = sight.units_from(it.village)
        outlet = units[1] if len(units) > 1 else None
        outlets[outlet].append(Exposure(it.customer, it.exposure_fen, it.officer))
    return {
        outlet: large_borrowers(found, {key: sight.number(key, outlet) for key in NUMBERS})
        for outlet, found in outlets.items()
    }


def listed(connection: Connection, branch_id: str, sight: Sight) -> list[LargeBorrower]:
    """Return the list of W14 by outlet, the largest first, each with its next look."""
    owed = {it.customer: it for it in owed_by_customer(connection, branch_id)}
    large = exposures(list(owed.values()), sight)
    looked = _last_looks(
        connection, branch_id, {it.customer for few in large.values() for it in few}
    )
    found = []
    codes = {it.id: it.fields.get("code", "") for it in sight.of("org_unit")}
    for outlet, few in sorted(large.items(), key=lambda it: codes.get(it[0] or "", "~")):
        months = sight.number("inspect_large_months", outlet)
        for it in few:
            last = looked.get(it.customer)
            begins = last or owed[it.customer].since
            due = due_after(date.fromisoformat(begins), months).isoformat() if begins else None
            found.append(LargeBorrower(outlet, it.customer, it.exposure_fen, it.officer, last, due))
    return found


def _last_looks(
    connection: Connection, branch_id: str, customers: Collection[str]
) -> Mapping[str, str]:
    """Return by customer the day of the newest signed inspection after a loan."""
    query = select(record.c.customer, record.c.id, record.c.fields).where(
        record.c.branch == branch_id,
        func.coalesce(record.c.type, "")
        == "inspection_note",  # so that the customer's index is used
        record.c.deleted == 0,
        bulk.among(connection, record.c.customer, customers),
    )
    days: dict[str, str] = {}
    for it in connection.execute(query) if customers else ():
        if it.fields.get("kind") in AFTER_THE_LOAN and it.fields.get("state") in SIGNED:
            day = note_day(Kept("inspection_note", it.id, it.fields))
            days[it.customer] = max(days.get(it.customer, day), day)
    return days
