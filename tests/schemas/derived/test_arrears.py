"""Days past due, from the oldest installment with something unpaid."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.arrears import Unpaid, arrears_fen, days_past_due

MAY, JUNE = date(2026, 5, 15), date(2026, 6, 15)


@pytest.mark.parametrize(
    ("may_fen", "as_of", "dpd", "late_fen"),
    [
        (5, date(2026, 5, 14), 0, 0),
        (5, MAY, 0, 0),
        (5, date(2026, 5, 16), 1, 5),
        (5, date(2026, 6, 16), 32, 12),
        (0, date(2026, 6, 16), 1, 7),
    ],
)
def test_the_oldest_unpaid_installment_counts(
    may_fen: int, as_of: date, dpd: int, late_fen: int
) -> None:
    unpaid = [Unpaid(JUNE, 7), Unpaid(MAY, may_fen)]

    assert days_past_due(unpaid, as_of) == dpd
    assert arrears_fen(unpaid, as_of) == late_fen


def test_a_paid_loan_is_never_late() -> None:
    assert days_past_due([], date(2030, 1, 1)) == 0


@given(
    st.lists(st.builds(Unpaid, st.dates(MAY, JUNE), st.integers(0, 3))),
    st.dates(MAY, date(2026, 7, 1)),
)
def test_there_are_arrears_exactly_when_days_are_past_due(
    unpaid: list[Unpaid], as_of: date
) -> None:
    assert (arrears_fen(unpaid, as_of) > 0) == (days_past_due(unpaid, as_of) > 0)
