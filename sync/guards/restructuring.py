"""Guards of an application to restructure a loan 展期/重组 (domain.md, section 6.2)."""

from __future__ import annotations

from datetime import date

from schemas.derived.restructuring import carried_over
from sync import paying
from sync.guards import money
from sync.guards.case import Case, Guard, Refusal, moving_to, not_yet
from sync.guards.people import decisions
from sync.ledger import RecordState

MOVES = ("submitted", "disbursed")


def loan_of(case: Case) -> RecordState | None:
    """Return the loan that an application wants restructured; None: it asks for new money."""
    return case.sight.record(case.fields.get("loan_id"))


def loan_runs(case: Case) -> Refusal | None:
    """It is an active loan of the same customer, on which principal is owed."""
    if case.fields.get("loan_id") is None or not (case.is_new or case.moves_to(*MOVES)):
        return None
    loan = loan_of(case)
    mine = loan is not None and loan.type == "loan" and loan.customer == case.after.customer
    if loan is None or not mine or money.outstanding_fen(case.sight, loan) == 0:
        return not_yet("restructure-loan", "loan_id")
    return None


def decision_covers_what_is_owed(case: Case) -> Refusal | None:
    """What is owed on the day is not more than what was decided about: else it is decided anew."""
    if not case.moves_to("disbursed") or (loan := loan_of(case)) is None:
        return None
    owed = carried_over(money.papers(case.sight, loan), date.fromisoformat(case.sight.today))
    votes = [it.fields for it in decisions(case.sight, case.after.id)]
    most = paying.approved(case.fields, votes)["amount_fen"] or 0
    return not_yet("restructure-amount", "amount_fen") if owed.principal_fen > most else None


GUARDS = {
    "restructure": Guard(
        loan_runs,
        money.LOANS,
        lambda it: "loan_id" in it.set if it.op == "create" else moving_to(*MOVES)(it),
    ),
    "restructure-amount": Guard(
        decision_covers_what_is_owed, money.LOANS | {"decision"}, moving_to("disbursed")
    ),
}
"""By the name that a record type declares."""
