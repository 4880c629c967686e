"""From stored records to what is owed: one reading for server and tablet."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.derived.loan_papers import Fields, LoanPapers

LOAN = {
    "principal_fen": 100_000, "rate_bps": 0, "maturity_on": "2026-12-31", "schedule_version": 1,
}  # fmt: skip


def paid(on: str, amount_fen: int) -> tuple[str, dict[str, object]]:
    return on, {"receipt_no": on, "value_date": on, "amount_fen": amount_fen}


def test_a_loan_without_a_schedule_owes_its_amount_on_its_last_day() -> None:
    owed = LoanPapers(LOAN).replay(date(2027, 1, 1)).state

    assert (owed.dpd, owed.outstanding_principal_fen) == (1, 100_000)


@pytest.mark.parametrize(
    ("on", "left"), [("2026-06-09", 100_000), ("2026-06-10", 100_000), ("2026-06-11", 70_000)]
)
def test_what_was_paid_up_to_the_day_of_restructuring_is_in_the_new_schedule(
    on: str, left: int
) -> None:
    loan = {**LOAN, "schedule_version": 2, "restructured_on": "2026-06-10"}

    owed = LoanPapers(loan, repayments=[paid(on, 30_000)]).replay(date(2026, 7, 1)).state

    assert owed.outstanding_principal_fen == left


def test_only_the_schedule_in_force_counts() -> None:
    rows: list[Fields] = [
        {
            "schedule_version": version, "seq": 1, "due_date": due, "principal_fen": 100_000,
            "interest_fen": 0,
        }
        for version, due in ((1, "2026-02-01"), (2, "2026-09-01"))
    ]  # fmt: skip
    loan = {**LOAN, "schedule_version": 2, "restructured_on": "2026-06-10"}

    owed = LoanPapers(loan, installments=rows).replay(date(2026, 7, 1)).state

    assert (owed.dpd, owed.next_due_on) == (0, date(2026, 9, 1))


@pytest.mark.parametrize(("on", "name", "left"), [
    ("2026-06-09", "known", 100_000), ("2026-06-09", "late", 70_000), ("2026-06-11", "known", 70_000),
])  # fmt: skip
def test_a_receipt_that_was_not_known_at_the_restructuring_counts_afterwards(
    on: str, name: str, left: int
) -> None:
    loan = {**LOAN, "schedule_version": 2, "restructured_on": "2026-06-10"}
    papers = LoanPapers({**loan, "receipts_before": ["known"] if on < "2026-06-10" else []})
    papers.repayments.append((name, {"receipt_no": name, "value_date": on, "amount_fen": 30_000}))

    state = papers.replay(date(2026, 7, 1)).state

    assert state.outstanding_principal_fen == left
