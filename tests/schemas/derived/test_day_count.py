"""A stretch of interest as an exact part of a year."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.day_count import years_between

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day_count", "years"),
    [
        ("act360", Fraction(31, 360)),
        ("act364", Fraction(31, 364)),
        ("act365", Fraction(31, 365)),
        ("actact", Fraction(17, 365) + Fraction(14, 366)),
        ("30e360", Fraction(30, 360)),
    ],
)
def test_the_month_over_a_new_year_into_a_leap_year(day_count: Any, years: Fraction) -> None:
    assert years_between(date(2023, 12, 15), date(2024, 1, 15), day_count) == years


def test_thirty_day_months_end_on_the_thirtieth() -> None:
    assert years_between(date(2026, 1, 31), date(2026, 3, 31), "30e360") == Fraction(60, 360)


@given(DAYS, DAYS, DAYS, st.sampled_from(["act360", "act365", "actact", "30e360"]))
def test_two_stretches_add_up(one: date, two: date, three: date, day_count: Any) -> None:
    start, middle, end = sorted((one, two, three))

    parts = years_between(start, middle, day_count) + years_between(middle, end, day_count)
    assert parts == years_between(start, end, day_count)
