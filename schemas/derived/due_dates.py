"""When installments fall due: always counted from the anchor, never from the date before."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month"]


def on_anchor_day(anchor: date, year: int, month: int) -> date:
    """Return the day of *anchor* in the given month, clipped to the month's end."""
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def due_after(anchor: date, steps: int, unit: Unit = "month") -> date:
    """Return the date *steps* units after *anchor*.

    Months keep the anchor's day: from 31 January one step gives 28 February, two give 31 March.
    Weekends and holidays move nothing.

    Raises:
        ValueError: The date lies past the year 9999.

    Source: domain.md, section 8.1; golden list `due_dates_anchor_31`.
    """
    try:
        if unit == "month":
            years, month0 = divmod(anchor.month - 1 + steps, 12)
            return on_anchor_day(anchor, anchor.year + years, month0 + 1)
        return anchor + timedelta(days=steps * (7 if unit == "week" else 1))
    except (OverflowError, ValueError) as beyond:
        raise ValueError(f"{steps} {unit}s after {anchor} is not a date we can write") from beyond


def due_dates(
    first_due_on: date, count: int, every: int = 1, unit: Unit = "month"
) -> tuple[date, ...]:
    """List *count* due dates, *every* so many units apart, the first on *first_due_on*.

    Source: domain.md, section 8.1.
    """
    return tuple(due_after(first_due_on, every * step, unit) for step in range(count))
