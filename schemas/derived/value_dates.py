"""What is odd about a receipt's value date 起息日: it is flagged, never refused (domain.md, section 5.5)."""

from __future__ import annotations

from datetime import date
from typing import Literal

Mark = Literal["ahead", "late", "before-receipt", "after-close"]
LATE_DAYS = 3
"""A value date further back than this when the receipt arrives is late."""


def value_date_marks(
    value_date: date,
    arrived_on: date,
    *,
    numbered_on: date | None = None,
    closed_through: date | None = None,
    late_days: int = LATE_DAYS,
) -> tuple[Mark, ...]:
    """Return what is odd about a receipt's value date.

    Args:
        arrived_on: The business date on which the server took it in.
        numbered_on: The day in its number, where a tablet gave it one.
        closed_through: The last day that had been closed when it arrived.

    Returns:
        ``ahead`` of its arrival; ``late``: more than *late_days* before it; ``before-receipt``: before
        the day on which the receipt was given; ``after-close``: on a day that had been closed, or before it.
    """
    marks: list[Mark] = []
    if value_date > arrived_on:
        marks.append("ahead")
    if (arrived_on - value_date).days > late_days:
        marks.append("late")
    if numbered_on is not None and value_date < numbered_on:
        marks.append("before-receipt")
    if closed_through is not None and value_date <= closed_through:
        marks.append("after-close")
    return tuple(marks)
