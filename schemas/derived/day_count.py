"""How long a stretch of interest is, as an exact part of a year."""

from datetime import date
from fractions import Fraction
from typing import Final, Literal

DayCount = Literal["act360", "act364", "act365", "actact", "30e360"]

DAYS_IN_YEAR: Final = {"act360": 360, "act364": 364, "act365": 365}


def years_between(start: date, end: date, day_count: DayCount) -> Fraction:
    """Return the part of a year from *start* (inclusive) to *end* (exclusive).

    Our products use ``act360`` or ``act365``; the others read schedules of other lenders.
    ``actact`` splits at 31 December and divides each part by the days of its own year.

    Source: domain.md, section 8.1; vectors/README.md, `day_count`.
    """
    if day_count == "actact":
        return _years_by_calendar(start, end)
    if day_count == "30e360":
        return Fraction(_days_of_equal_months(start, end), 360)
    return Fraction((end - start).days, DAYS_IN_YEAR[day_count])


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
