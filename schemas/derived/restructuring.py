"""A loan's new schedule 展期/重组: what is carried over into it, and its rows (domain.md, sections 5.5 and 6.2).

Nothing is forgiven and nothing is counted twice: principal becomes the new schedule's principal; interest that is
due and unpaid, interest that has run since the last due date, fees and penalty fall on its first installment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from schemas.derived.day_count import DAYS_IN_YEAR
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.rounding import BPS, half_up
from schemas.derived.schedule import Installment


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What a loan owes at the end of a day, in fen, and the receipts that are counted in it."""

    principal_fen: int
    interest_fen: int
    charges_fen: int
    receipts: tuple[str, ...]


def carried_over(papers: LoanPapers, on: date) -> CarriedOver:
    """Return what a loan carries into a schedule that begins *on* a day.

    Interest that has run, but is not due, is counted by days on the principal that is not overdue; on what is
    overdue runs penalty. What was paid of it in advance is taken off.
    """
    state = papers.replay(on).state
    due = [it for it in state.balances if it.due_date <= on]
    coming = [it for it in state.balances if it.due_date > on]
    rows = {it.seq: it for it in papers.schedule()}
    in_advance = sum(rows[it.seq].interest_fen - it.interest_fen for it in coming)
    ran = _interest_run(papers, sum(it.principal_fen for it in coming), on)
    return CarriedOver(
        principal_fen=state.outstanding_principal_fen,
        interest_fen=sum(it.interest_fen for it in due) + max(0, ran - in_advance),
        charges_fen=sum(it.fee_fen + it.penalty_fen for it in due),
        receipts=tuple(
            sorted(key for key, it in papers.repayments if it["value_date"] <= on.isoformat())
        ),
    )


def _interest_run(papers: LoanPapers, principal_fen: int, on: date) -> int:
    """Return the interest on *principal_fen* since the last due date, or since the schedule began."""
    began = str(papers.loan.get("restructured_on") or papers.loan["disbursed_on"])
    past = [it.due_date for it in papers.schedule() if it.due_date <= on]
    days = max((on - max([date.fromisoformat(began), *past])).days, 0)
    yearly = principal_fen * int(papers.loan["rate_bps"]) * days
    return half_up(Fraction(yearly, BPS * DAYS_IN_YEAR[papers.penalty().day_count]))


def with_carried(rows: Sequence[Installment], carried: CarriedOver) -> tuple[Installment, ...]:
    """Return a new schedule whose first installment bears what is owed beside principal."""
    first, *others = rows
    return (
        replace(
            first,
            interest_fen=first.interest_fen + carried.interest_fen,
            fee_fen=first.fee_fen + carried.charges_fen,
        ),
        *others,
    )
