"""The stretches of time that a loan's installments bear interest for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from schemas.derived.day_count import DayCount, share_from, years_between
from schemas.derived.due_dates import due_after, due_dates
from schemas.derived.terms import Override, Terms


@dataclass(frozen=True, slots=True)
class Stretch:
    """One installment's time: interest runs from ``start`` to ``due_date``, ``years`` of it."""

    start: date
    due_date: date
    years: Fraction
    day_count: DayCount
    fixed: Override | None = None

    def share_from(self, day: date) -> Fraction:
        """Return which part of the stretch's interest is borne from *day* on."""
        return share_from(day, self.start, self.due_date, self.day_count)


def stretches_of(terms: Terms) -> tuple[Stretch, ...]:
    """Lay out the installments' time, without down payments.

    Raises:
        ValueError: Overrides or tranches do not fit the dates; the sentence names them.
    """
    start = terms.starts_on or terms.disbursed_on
    found = _named(terms, start) if terms.is_named else _stepped(terms, start)
    if not found or terms.payouts[-1].on >= found[-1].due_date:
        raise ValueError("tranches: the last must be paid out before the last due date")
    if found[-1].fixed:
        raise ValueError("overrides: the last installment takes what is left")
    return found


def _named(terms: Terms, start: date) -> tuple[Stretch, ...]:
    dates = [planned.due_date for planned in terms.plan]
    if terms.method == "bullet" and terms.first_due_on:
        dates = [terms.first_due_on]
    return tuple(
        Stretch(earlier, later, years_between(earlier, later, terms.day_count), terms.day_count)
        for earlier, later in pairwise((start, *dates))
    )


def _stepped(terms: Terms, start: date) -> tuple[Stretch, ...]:
    """Step from *start*; between two dates of the steps lie whole steps, however long they are."""
    period = terms.period
    first = terms.first_due_on or due_after(start, period.every, period.unit)
    dates = terms.due_dates or due_dates(first, terms.count, period.every, period.unit)
    place = {} if terms.due_dates else {on: step for step, on in enumerate((start, *dates))}
    by_hand = {override.due_date: override for override in terms.overrides}
    return tuple(
        Stretch(
            earlier,
            later,
            period.years(earlier, later, _steps(place, earlier, later)),
            period.counted,
            by_hand.get(later),
        )
        for earlier, later in pairwise((start, *_settled(dates, by_hand)))
    )


def _settled(dates: Iterable[date], by_hand: Mapping[date, Override]) -> list[date]:
    """Take out and add what was settled by hand."""
    known = set(dates)
    for due_date, override in by_hand.items():
        if override.removed:
            if due_date not in known:
                raise ValueError(f"overrides: there is no installment on {due_date}")
            known.remove(due_date)
        elif (override.total_fen is None) == (override.principal_fen is None):
            raise ValueError(f"overrides: {due_date} needs a total or a principal, one of them")
        else:
            known.add(due_date)
    return sorted(known)


def _steps(place: Mapping[date, int], earlier: date, later: date) -> int | None:
    if earlier in place and later in place:
        return place[later] - place[earlier]
    return None
