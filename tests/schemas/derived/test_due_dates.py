"""Due dates keep the anchor's day."""

from calendar import monthrange
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.due_dates import due_after, due_dates


def test_anchor_31_is_clipped_but_not_lost(golden: dict[str, Any]) -> None:
    dates = due_dates(date(2026, 1, 31), count=6)

    assert [due.isoformat() for due in dates[1:]] == golden["due_dates_anchor_31"]


def test_leap_day_is_used_and_left_again() -> None:
    dates = due_dates(date(2024, 1, 30), count=3)

    assert dates == (date(2024, 1, 30), date(2024, 2, 29), date(2024, 3, 30))


@pytest.mark.parametrize(
    ("unit", "second"), [("day", date(2026, 1, 3)), ("week", date(2026, 1, 15))]
)
def test_days_and_weeks_step_by_the_calendar(unit: Any, second: date) -> None:
    assert due_dates(date(2026, 1, 1), count=2, every=2, unit=unit)[1] == second


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 400))
def test_a_month_later_is_the_anchor_day_or_the_last_of_the_month(anchor: date, steps: int) -> None:
    due = due_after(anchor, steps)

    assert due.day == min(anchor.day, monthrange(due.year, due.month)[1])
    assert 12 * (due.year - anchor.year) + due.month - anchor.month == steps


@pytest.mark.parametrize("unit", ["day", "month"])
def test_a_date_past_the_calendar_is_a_clear_error(unit: Any) -> None:
    with pytest.raises(ValueError, match="after 9999-12-31 is not a date"):
        due_after(date(9999, 12, 31), 1, unit)
