"""Amounts are rounded once, a half away from zero."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.rounding import half_even, half_up


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("2.5", 3), ("3.5", 4), ("2.4999", 2), ("0", 0), ("-2.5", -3), ("-2.4999", -2)],
)
def test_a_half_fen_goes_away_from_zero(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999)
)
def test_rounding_agrees_with_the_decimal_module(exact: Decimal) -> None:
    assert half_up(Fraction(exact)) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_outside_schedules_may_round_a_half_to_even() -> None:
    assert [half_even(Fraction(half, 2)) for half in (3, 5, 7)] == [2, 2, 4]
