"""Repayment schedules 还款计划: the five methods of domain.md, section 8.2."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from schemas.derived.day_count import DayCount, years_between
from schemas.derived.due_dates import Unit, due_after, due_dates
from schemas.derived.rounding import BPS, Rounding, half_up

Method = Literal["equal_installment", "equal_principal", "interest_first", "bullet", "seasonal"]

LONGEST_COUNT = 1200
"""More installments than any loan has; guards against a mistyped count."""


@dataclass(frozen=True, slots=True)
class Installment:
    """One row 期次 of a schedule; amounts in fen.

    ``balance_fen`` is the principal left after this row. A stored row does not carry it:
    ``with_balances`` fills it in. ``penalty_fen`` is a charge that an outside schedule fixed
    beforehand; ours have none (penalty interest is found in ``allocation``).
    """

    seq: int
    due_date: date
    principal_fen: int
    interest_fen: int
    fee_fen: int = 0
    balance_fen: int = 0
    penalty_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What falls due on ``due_date``."""
        return self.principal_fen + self.interest_fen + self.fee_fen + self.penalty_fen


class PlannedPrincipal(NamedTuple):
    """What a harvest plan pays off on a date; 0 for a date of interest only."""

    due_date: date
    principal_fen: int


@dataclass(frozen=True, slots=True)
class Period:
    """The step of a method that repays at even intervals, and how one step's interest is found.

    Without a ``day_count`` months are twelfths of a year and weeks fifty-seconds, however many
    days they have; that is how our monthly methods count.
    """

    every: int = 1
    unit: Unit = "month"
    day_count: DayCount | None = None

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"every: must be at least 1, not {self.every}")
        if self.unit == "day" and self.day_count is None:
            raise ValueError("day_count: steps of days need one that counts days")

    def years(self, start: date, end: date) -> Fraction:
        """Return the part of a year that the step from *start* to *end* bears interest for."""
        if self.day_count is not None:
            return years_between(start, end, self.day_count)
        return Fraction(self.every, 12 if self.unit == "month" else 52)


MONTHLY = Period()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed: enough to build the schedule, and proven to be sound.

    Args:
        rate_bps: Yearly rate; a ``Fraction`` only where an outside case has part of a basis point.
        count: Installments of the monthly methods; ``bullet`` and ``seasonal`` do not look at it.
        first_due_on: Monthly methods: one period after disbursement where not given.
            ``bullet``: the maturity. ``seasonal``: the plan says it.
        plan: Only for ``seasonal``: dates in order, principal adding up to ``principal_fen``.
        day_count: Of ``bullet`` and ``seasonal``; the monthly methods follow ``period``.
        installment_multiple_fen: The level installment is rounded to a multiple of this.

    Raises:
        ValueError: A term is impossible; the sentence begins with the term's name.
    """

    method: Method
    principal_fen: int
    rate_bps: int | Fraction
    disbursed_on: date
    count: int = 1
    first_due_on: date | None = None
    plan: tuple[PlannedPrincipal, ...] = ()
    day_count: DayCount = "act360"
    period: Period = MONTHLY
    installment_multiple_fen: int = 1

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise ValueError(f"method: {self.method!r} is none of {', '.join(get_args(Method))}")
        if self.principal_fen <= 0:
            raise ValueError(f"principal_fen: must be above 0, not {self.principal_fen}")
        if self.rate_bps < 0:
            raise ValueError(f"rate_bps: must not be negative, got {self.rate_bps}")
        if not 1 <= self.count <= LONGEST_COUNT:
            raise ValueError(f"count: must be 1 to {LONGEST_COUNT}, not {self.count}")
        if self.installment_multiple_fen < 1:
            raise ValueError("installment_multiple_fen: must be at least 1")
        if self.method == "bullet" and self.first_due_on is None:
            raise ValueError("first_due_on: a bullet loan needs it, the day it matures")
        self._check_plan()
        self._check_dates()

    def _check_plan(self) -> None:
        if self.method != "seasonal":
            if self.plan:
                raise ValueError(f"plan: only for seasonal loans, not for {self.method}")
            return
        if any(planned.principal_fen < 0 for planned in self.plan):
            raise ValueError("plan: a principal must not be negative")
        planned_fen = sum(planned.principal_fen for planned in self.plan)
        if planned_fen != self.principal_fen:
            raise ValueError(
                f"plan: pays off {planned_fen} fen, but principal_fen is {self.principal_fen}"
            )

    def _check_dates(self) -> None:
        if self.method == "seasonal":
            name, dates = "plan", [planned.due_date for planned in self.plan]
        else:
            name, dates = "first_due_on", [self.first_due_on] if self.first_due_on else []
        for earlier, later in zip([self.disbursed_on, *dates], dates, strict=False):
            if later <= earlier:
                raise ValueError(f"{name}: {later} is not after {earlier}")

    @property
    def yearly_rate(self) -> Fraction:
        """The yearly rate as a plain number: 840 bps is 21/250."""
        return Fraction(self.rate_bps) / BPS


class _Row(NamedTuple):
    """A due date and the part of a year whose interest it bears."""

    due_date: date
    years: Fraction


_PrincipalRule = Callable[[int, int, int], int]
"""(index from 0, balance, interest of the row) -> principal; not asked about the last row."""


def build_schedule(terms: Terms, rounded: Rounding = half_up) -> tuple[Installment, ...]:
    """Build the installments of a loan, in due-date order.

    The principal of the rows adds up to ``terms.principal_fen`` exactly, and none is negative.
    Interest is rounded once a row. Outside schedules may ask for another *rounded*.

    Source: domain.md, sections 8.1 and 8.2; golden cases E1 to E4.
    """
    rows = _rows(terms)
    principal_of = _principal_rule(terms, rows, rounded)
    balance, schedule = terms.principal_fen, list[Installment]()
    for index, row in enumerate(rows):
        interest = rounded(balance * terms.yearly_rate * row.years)
        is_last = index == len(rows) - 1
        principal = balance if is_last else principal_of(index, balance, interest)
        balance -= principal
        schedule.append(Installment(index + 1, row.due_date, principal, interest, 0, balance))
    return tuple(schedule)


def with_balances(installments: Iterable[Installment]) -> tuple[Installment, ...]:
    """Put installments in due-date order and fill in the principal left after each."""
    ordered = sorted(installments, key=lambda row: (row.due_date, row.seq))
    balance, filled = sum(row.principal_fen for row in ordered), list[Installment]()
    for row in ordered:
        balance -= row.principal_fen
        filled.append(replace(row, balance_fen=balance))
    return tuple(filled)


def _rows(terms: Terms) -> Sequence[_Row]:
    if terms.method in ("bullet", "seasonal"):
        due, years = _named_dates(terms), _years_by_days(terms.day_count)
    else:
        due, years = _stepped_dates(terms), terms.period.years
    starts = (terms.disbursed_on, *due)
    return [_Row(end, years(start, end)) for start, end in zip(starts, due, strict=False)]


def _named_dates(terms: Terms) -> tuple[date, ...]:
    if terms.first_due_on and terms.method == "bullet":
        return (terms.first_due_on,)
    return tuple(planned.due_date for planned in terms.plan)


def _stepped_dates(terms: Terms) -> tuple[date, ...]:
    period = terms.period
    first = terms.first_due_on or due_after(terms.disbursed_on, period.every, period.unit)
    return due_dates(first, terms.count, period.every, period.unit)


def _years_by_days(day_count: DayCount) -> Callable[[date, date], Fraction]:
    return lambda start, end: years_between(start, end, day_count)


def _principal_rule(terms: Terms, rows: Sequence[_Row], rounded: Rounding) -> _PrincipalRule:
    if terms.method == "equal_installment":
        return _up_to_level(_level(terms, rows, rounded))
    if terms.method == "equal_principal":
        return lambda _index, _balance, _interest: terms.principal_fen // len(rows)
    if terms.method == "seasonal":
        return lambda index, _balance, _interest: terms.plan[index].principal_fen
    return lambda _index, _balance, _interest: 0


def _up_to_level(level_fen: int) -> _PrincipalRule:
    """Pay what the level installment leaves after interest.

    Held between 0 and the balance: a loan of a few fen rounds up to more than it owes, and a long
    month counted by days may bear more interest than the level.
    """
    return lambda _index, balance, interest: max(0, min(level_fen - interest, balance))


def _level(terms: Terms, rows: Sequence[_Row], rounded: Rounding) -> int:
    """Return the level installment A = P · Πg / F, with g = 1 + rate of the period.

    F grows by F ← 1 + F · g. With equal periods this is P·i·(1+i)ⁿ / ((1+i)ⁿ−1), and with a rate
    of 0 it is P / n.
    """
    growth, factor = Fraction(1), Fraction(0)
    for row in rows:
        step = 1 + terms.yearly_rate * row.years
        growth, factor = growth * step, 1 + factor * step
    multiple = terms.installment_multiple_fen
    return multiple * rounded(terms.principal_fen * growth / factor / multiple)
