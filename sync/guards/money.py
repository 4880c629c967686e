"""What a customer owes and has been promised (domain.md, sections 3.3 and 8.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from schemas.derived.loan_papers import LoanPapers
from sync.guards.sight import Sight
from sync.ledger import RecordState

Json = Any

LOANS = frozenset({"loan", "installment", "repayment", "product"})
EXPOSURE = LOANS | {"loan_application", "relationship"}
"""What is looked at for an exposure."""
NPL_DAYS = 90
_PROMISED = ("approved", "contracted")
_SECURED = {"guarantor", "collateral"}


def outstanding_fen(sight: Sight, loan: RecordState) -> int:
    """Return the principal still owed on a loan today."""
    if loan.fields.get("state") != "active":
        return 0
    return (
        papers(sight, loan).replay(date.fromisoformat(sight.today)).state.outstanding_principal_fen
    )


def papers(sight: Sight, loan: RecordState) -> LoanPapers:
    """Return the records about a loan as the calculators take them."""
    product = sight.record(loan.fields.get("product_id"))
    paid = sight.naming("repayment", "loan_id", loan.id)
    rows = sight.naming("installment", "loan_id", loan.id)
    return LoanPapers(
        loan.fields,
        product.fields if product else {},
        [it.fields for it in rows],
        [(it.id, it.fields) for it in paid],
    )


def exposure_fen(sight: Sight, application: RecordState, amount_fen: int) -> int:
    """Return what the customer and related ones owe or were promised, with this application's amount.

    A loan that is to be restructured counts once: as what is asked for.
    """
    customers = {application.customer, *sight.related(application.customer)}
    total = amount_fen
    for it in sight.of("loan"):
        if it.customer in customers and it.id != application.fields.get("loan_id"):
            total += outstanding_fen(sight, it)
    for it in sight.of("loan_application"):
        others = it.customer in customers and it.id != application.id
        new_money = it.fields.get("loan_id") is None
        if others and new_money and it.fields.get("state") in _PROMISED:
            total += it.fields.get("amount_fen") or 0
    return total


def is_secured(fields: Json) -> bool:
    """Tell whether an application is for a secured loan: by a guarantor or by collateral."""
    return bool(_SECURED & set(fields.get("security") or ()))


def has_bad_history(sight: Sight, customer: str | None) -> bool:
    """Tell whether a customer's loan was restructured or written off, or is non-performing."""
    return any(
        it.fields.get("restructured_on")
        or it.fields.get("state") == "written_off"
        or is_npl(sight, it)
        for it in sight.under(customer, "loan")
    )


def is_npl(sight: Sight, loan: RecordState) -> bool:
    """Tell whether a loan is non-performing by its days past due."""
    if loan.fields.get("state") != "active":
        return False
    today = date.fromisoformat(sight.today)
    return papers(sight, loan).replay(today).state.dpd > NPL_DAYS
