"""Rates of return and the functions around them hold together, whatever the amounts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.time_value import (
    When,
    future_value,
    irr,
    nper_of,
    npv,
    pmt,
    ppmt,
    present_value,
    rate_of,
)

NEAR = Fraction(1, 10**28)

RATES = st.fractions(0, 1, max_denominator=1200)
PERIODS = st.integers(1, 60)
AMOUNTS = st.integers(1, 1_000_000).map(Fraction)
WHEN: st.SearchStrategy[When] = st.sampled_from(["end", "begin"])


@given(RATES, PERIODS, AMOUNTS, WHEN)
def test_the_level_payment_carries_the_loan_to_nothing(
    rate: Fraction, nper: int, loan: Fraction, when: When
) -> None:
    level = pmt(rate, nper, loan, Fraction(0), when)

    assert future_value(rate, nper, level, loan, when) == 0
    assert present_value(rate, nper, level, Fraction(0), when) == loan
    shares = [ppmt(rate, per, nper, loan, Fraction(0), when) for per in range(1, nper + 1)]
    assert sum(shares) == -loan


@given(RATES, PERIODS, AMOUNTS, WHEN)
def test_the_rate_and_the_periods_are_found_again(
    rate: Fraction, nper: int, loan: Fraction, when: When
) -> None:
    level = pmt(rate, nper, loan, Fraction(0), when)

    found = rate_of(nper, level, loan, Fraction(0), when)
    if when == "begin" and nper == 1:
        assert found is None  # nothing is ever owed
    else:
        assert found is not None
        assert abs(found - rate) < NEAR
    periods = nper_of(rate, level, loan, Fraction(0), when)
    if when == "end" or nper > 1:
        assert periods is not None
        assert abs(periods - nper) < NEAR


@given(st.lists(st.integers(-50, 50).map(Fraction), min_size=1, max_size=8))
def test_a_rate_of_return_leaves_nothing(values: list[Fraction]) -> None:
    found = irr(values)

    if found is None:
        return
    step = max(abs(found), Fraction(1)) * NEAR
    worth = [npv(at, values) for at in (found - step, found, found + step)]
    assert abs(worth[1]) <= max(abs(worth[0]), abs(worth[2]), step)


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ([1, -2, 1], 0),
        ([-4, 4, -1], Fraction(-1, 2)),
        ([-4, 4], 0),
        ([0, -4, 6, 0], Fraction(1, 2)),
        ([-6, 11, -6, 1], 0),
        ([2, -9, 12, -4], 1),
        ([-4, 1, -1], None),
        ([0, 0], None),
        ([-1], None),
    ],
)
def test_of_several_rates_the_least_that_is_not_negative(
    values: list[int], rate: Fraction | int | None
) -> None:
    found = irr([Fraction(value) for value in values])

    assert found == rate or (found is not None and rate is not None and abs(found - rate) < NEAR)


def test_payments_below_the_interest_never_pay_a_loan_off() -> None:
    assert nper_of(Fraction(1, 10), Fraction(-10), Fraction(200), Fraction(0)) is None
    assert nper_of(Fraction(1, 10), Fraction(-20), Fraction(200), Fraction(0)) is None


def test_without_interest_payments_are_counted() -> None:
    zero = Fraction(0)

    assert nper_of(zero, Fraction(-100), Fraction(250), zero) == Fraction(5, 2)
    assert nper_of(zero, zero, Fraction(250), zero) is None
