"""How long a stretch of interest is, as an exact part of a year."""

from datetime import date
from fractions import Fraction
from typing import Final, Literal

from schemas.derived.due_dates import due_after

DayCount = Literal["act360", "act364", "act365", "actact", "30e360", "months"]

DAYS_IN_YEAR: Final = {"act360": 360, "act364": 364, "act365": 365}


def years_between(start: date, end: date, day_count: DayCount) -> Fraction:
    """Return the part of a year from *start* (inclusive) to *end* (exclusive).

    Our products use ``act360`` or ``act365``; the others read schedules of other lenders.
    ``actact`` splits at 31 December and divides each part by the days of its own year. ``months``
    are twelfths of a year, and what is left over counts as days of the month that follows.

    Source: domain.md, section 8.1; vectors/README.md, `day_count`.
    """
    if day_count == "actact":
        return _years_by_calendar(start, end)
    if day_count == "30e360":
        return Fraction(_days_of_equal_months(start, end), 360)
    if day_count == "months":
        return months_between(start, end) / 12
    return Fraction((end - start).days, DAYS_IN_YEAR[day_count])


def share_from(day: date, start: date, end: date, day_count: DayCount) -> Fraction:
    """Return which part of the interest of *start* to *end* is borne from *day* on.

    Only ``actact`` gives days different weights; in the others each day of the stretch weighs the
    same, also where the stretch as a whole is not counted by its days.
    """
    if day_count == "actact":
        return years_between(day, end, day_count) / years_between(start, end, day_count)
    return Fraction((end - day).days, (end - start).days)


def months_between(start: date, end: date) -> Fraction:
    """Return the whole months from *start* to *end*, and the rest as a part of the next one."""
    whole = 12 * (end.year - start.year) + end.month - start.month
    whole -= due_after(start, whole) > end
    reached = due_after(start, whole)
    if reached == end:
        return Fraction(whole)
    return whole + Fraction((end - reached).days, (due_after(start, whole + 1) - reached).days)


def _years_by_calendar(start: date, end: date) -> Fraction:
    """Add up, year by year, the days over the length of that year."""
    years = Fraction(0)
    for year in range(start.year, end.year + 1):
        first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
        days = (last - first).days + (end.year > year)
        years += Fraction(days, date(year, 12, 31).timetuple().tm_yday)
    return years


def _days_of_equal_months(start: date, end: date) -> int:
    """Count days as if every month had thirty."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return 30 * months + min(end.day, 30) - min(start.day, 30)
