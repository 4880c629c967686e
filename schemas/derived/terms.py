"""What was agreed about a loan: enough to build its schedule, and proven to be sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from schemas.derived.day_count import DayCount, years_between
from schemas.derived.due_dates import Unit
from schemas.derived.rounding import BPS

Method = Literal[
    "equal_installment", "equal_principal", "interest_first", "bullet", "seasonal", "flat_interest"
]

LONGEST_COUNT = 1200
"""More installments than any loan has; guards against a mistyped count."""


class PlannedPrincipal(NamedTuple):
    """What a harvest plan pays off on a date; 0 for a date of interest only."""

    due_date: date
    principal_fen: int


class Tranche(NamedTuple):
    """Money paid out on a date; it bears interest from that day on."""

    on: date
    amount_fen: int


class Override(NamedTuple):
    """An installment settled by hand: left out, or with its total or its principal fixed.

    On a date that has no installment it adds one.
    """

    due_date: date
    total_fen: int | None = None
    principal_fen: int | None = None
    removed: bool = False


class Grace(NamedTuple):
    """How many installments pay no principal, and how many put their interest off."""

    principal_periods: int = 0
    interest_payment_periods: int = 0


NOTHING, NO_GRACE = Fraction(0), Grace()


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

    def years(self, start: date, end: date, steps: int | None = 1) -> Fraction:
        """Return the part of a year that *start* to *end* bears interest for.

        Args:
            steps: How many whole steps that is; None where it is not a whole number of them.
        """
        if steps is not None and (whole := self._year_of_step):
            return steps * whole
        return years_between(start, end, self.counted)

    @property
    def counted(self) -> DayCount:
        """How what is no whole step is counted."""
        return self.day_count or ("months" if self.unit == "month" else "act364")

    @property
    def level_years(self) -> Fraction | None:
        """The part of a year that finds the level, where that is the same for every row."""
        return self._year_of_step if self.unit == "month" else None

    @property
    def _year_of_step(self) -> Fraction | None:
        if self.unit == "month" and self.day_count in (None, "months"):
            return Fraction(self.every, 12)
        if self.unit == "week" and self.day_count is None:
            return Fraction(self.every, 52)
        return None


MONTHLY = Period()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed. The terms from ``period`` on are for loans of other lenders, but for it.

    Args:
        principal_fen: Paid out on ``disbursed_on``; ``tranches`` come on top.
        rate_bps: Yearly rate; a ``Fraction`` only where an outside case has part of a basis point.
        count: Installments of the stepped methods; ``bullet`` and ``seasonal`` do not look at it.
        first_due_on: Stepped methods: one period after ``starts_on`` where not given.
            ``bullet``: the maturity. ``seasonal``: the plan says it.
        plan: Only for ``seasonal``: dates in order, principal adding up to what is paid out.
        day_count: Of ``bullet`` and ``seasonal``; the stepped methods follow ``period``.
        installment_multiple_fen: A level or flat installment is rounded to a multiple of this;
            the rows of the other methods differ anyway, they have ``money_multiple_fen``.
        money_multiple_fen: Every amount is rounded to a multiple of this; the last takes the rest.
        starts_on: Where the steps are counted from, where that is before ``disbursed_on``.
        due_dates: All of them, where they are no even steps; ``count`` is not looked at then.
        tranches: What is paid out later, in order, before the last due date.
        down_payment: The share of every payout that is due on the same day.
        level_rate: The level is found with this rate a period, whatever interest its rows bear.
        rounds_shares: Equal shares of principal are rounded; our own rule takes whole fen down.

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
    money_multiple_fen: int = 1
    starts_on: date | None = None
    due_dates: tuple[date, ...] = ()
    tranches: tuple[Tranche, ...] = ()
    down_payment: Fraction = NOTHING
    grace: Grace = NO_GRACE
    overrides: tuple[Override, ...] = ()
    level_rate: Fraction | None = None
    rounds_shares: bool = False

    def __post_init__(self) -> None:
        for sentence in _faults(self):
            raise ValueError(sentence)
        _check_plan(self)
        _check_dates(self)

    @property
    def yearly_rate(self) -> Fraction:
        """The yearly rate as a plain number: 840 bps is 21/250."""
        return Fraction(self.rate_bps) / BPS

    @property
    def payouts(self) -> tuple[Tranche, ...]:
        """All that is paid out, in order."""
        return (Tranche(self.disbursed_on, self.principal_fen), *self.tranches)

    @property
    def is_named(self) -> bool:
        """Whether the due dates are agreed one by one, and days counted."""
        return self.method in ("bullet", "seasonal")


def _faults(terms: Terms) -> Iterator[str]:
    if terms.method not in get_args(Method):
        yield f"method: {terms.method!r} is none of {', '.join(get_args(Method))}"
    for tranche in terms.payouts:
        if tranche.amount_fen <= 0:
            yield f"principal_fen: must be above 0, not {tranche.amount_fen}"
    if terms.rate_bps < 0:
        yield f"rate_bps: must not be negative, got {terms.rate_bps}"
    if terms.level_rate is not None and terms.level_rate < 0:
        yield f"level_rate: must not be negative, got {terms.level_rate}"
    if not 1 <= terms.count <= LONGEST_COUNT:
        yield f"count: must be 1 to {LONGEST_COUNT}, not {terms.count}"
    if len(terms.due_dates) > LONGEST_COUNT:
        yield f"due_dates: must be {LONGEST_COUNT} at most"
    for name in ("installment_multiple_fen", "money_multiple_fen"):
        if getattr(terms, name) < 1:
            yield f"{name}: must be at least 1"
    if not 0 <= terms.down_payment < 1:
        yield f"down_payment: must be less than the whole, not {terms.down_payment}"
    if min(terms.grace) < 0:
        yield "grace: must not be negative"
    if terms.method == "bullet" and terms.first_due_on is None:
        yield "first_due_on: a bullet loan needs it, the day it matures"


def _check_plan(terms: Terms) -> None:
    if terms.method != "seasonal":
        if terms.plan:
            raise ValueError(f"plan: only for seasonal loans, not for {terms.method}")
        return
    if terms.down_payment or terms.overrides:
        raise ValueError("plan: it says all that is due, without a down payment or overrides")
    if any(planned.principal_fen < 0 for planned in terms.plan):
        raise ValueError("plan: a principal must not be negative")
    planned_fen = sum(planned.principal_fen for planned in terms.plan)
    paid_out = sum(tranche.amount_fen for tranche in terms.payouts)
    if planned_fen != paid_out:
        raise ValueError(f"plan: pays off {planned_fen} fen, but principal_fen is {paid_out}")


def _check_dates(terms: Terms) -> None:
    start = terms.starts_on or terms.disbursed_on
    if start > terms.disbursed_on:
        raise ValueError(f"starts_on: {start} is after {terms.disbursed_on}")
    if terms.method == "seasonal":
        name, dates = "plan", tuple(planned.due_date for planned in terms.plan)
    elif terms.due_dates and not terms.is_named:
        name, dates = "due_dates", terms.due_dates
    else:
        name, dates = "first_due_on", (terms.first_due_on,) if terms.first_due_on else ()
    for earlier, later in pairwise((start, *dates)):
        if later <= earlier:
            raise ValueError(f"{name}: {later} is not after {earlier}")
    days = [tranche.on for tranche in terms.payouts]
    if days != sorted(days):
        raise ValueError("tranches: must be in the order of their dates")
    settled = [override.due_date for override in terms.overrides]
    if len(set(settled)) < len(settled):
        raise ValueError("overrides: two for one date")
    if any(due_date <= start for due_date in settled):
        raise ValueError(f"overrides: must be after {start}")
