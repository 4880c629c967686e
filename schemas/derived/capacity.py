"""Repayment capacity from the monthly household cash flow 家庭收支 (domain.md, section 8.6)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Literal, NamedTuple

from schemas.derived.due_dates import due_after
from schemas.derived.ratios import share_bps
from schemas.derived.rounding import BPS, half_up
from schemas.derived.schedule import Installment

SHORTEST_MONTHS, LONGEST_MONTHS = 12, 18

YEAR = 12
"""Yearly sums look at the first twelve months of the survey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlow:
    """A household's months, in fen, from ``start_month`` on (its day does not matter).

    ``farm_income_fen`` is the part of the income that a bad season cuts by ``haircut_bps``.
    All tuples have one entry a month, 12 to 18.

    Raises:
        ValueError: A tuple is too short, too long or not like the others; it is named.
    """

    start_month: date
    opening_cash_fen: int
    income_fen: tuple[int, ...]
    cost_fen: tuple[int, ...]
    living_fen: tuple[int, ...]
    farm_income_fen: tuple[int, ...]
    existing_service_fen: tuple[int, ...] = ()
    haircut_bps: int = 1000

    def __post_init__(self) -> None:
        months = len(self.income_fen)
        if not SHORTEST_MONTHS <= months <= LONGEST_MONTHS:
            raise ValueError(
                f"income_fen: needs {SHORTEST_MONTHS} to {LONGEST_MONTHS} months, has {months}"
            )
        for name in ("cost_fen", "living_fen", "farm_income_fen", "existing_service_fen"):
            length = len(getattr(self, name))
            if length != months and not (name == "existing_service_fen" and length == 0):
                raise ValueError(f"{name}: has {length} months, but income_fen has {months}")
        if not 0 <= self.haircut_bps <= BPS:
            raise ValueError(f"haircut_bps: must be 0 to {BPS}, not {self.haircut_bps}")

    @property
    def service_fen(self) -> tuple[int, ...]:
        """Existing debt service, month by month."""
        return self.existing_service_fen or (0,) * len(self.income_fen)

    @property
    def net_fen(self) -> tuple[int, ...]:
        """Income less production cost, living and existing debt service."""
        rows = zip(self.income_fen, self.cost_fen, self.living_fen, self.service_fen, strict=True)
        return tuple(income - cost - living - service for income, cost, living, service in rows)

    @property
    def stressed_net_fen(self) -> tuple[int, ...]:
        """Net after the haircut on farm income, which is rounded half up once a month."""
        rows = zip(self.net_fen, self.farm_income_fen, strict=True)
        return tuple(net - half_up(Fraction(farm * self.haircut_bps, BPS)) for net, farm in rows)

    @property
    def yearly_net_fen(self) -> int:
        """Σ net of the first twelve months, the year that the ratios are about."""
        return sum(self.net_fen[:YEAR])

    @property
    def stressed_yearly_net_fen(self) -> int:
        """Σ stressed net of the same months."""
        return sum(self.stressed_net_fen[:YEAR])

    def month(self, index: int) -> date:
        """Return the first day of the month at *index*."""
        return due_after(self.start_month.replace(day=1), index)

    def index(self, on: date) -> int:
        """Return the index of the month of *on*, which may lie outside the survey."""
        return 12 * (on.year - self.start_month.year) + on.month - self.start_month.month


@dataclass(frozen=True, slots=True)
class PlannedLoan:
    """A loan under appraisal: paid in on one day, paid back by its schedule."""

    amount_fen: int
    disbursed_on: date
    schedule: tuple[Installment, ...]

    @property
    def total_fen(self) -> int:
        """All that will be paid back."""
        return sum(row.total_fen for row in self.schedule)

    @property
    def yearly_service_fen(self) -> int:
        """What falls due in the loan's heaviest year; years end on the day of disbursement."""
        years: dict[int, int] = {}
        for row in self.schedule:
            year = _loan_year(self.disbursed_on, row.due_date)
            years[year] = years.get(year, 0) + row.total_fen
        return max(years.values(), default=0)


@dataclass(frozen=True, slots=True)
class CapacityLimits:
    """What a household must keep; a lender may set others by `Parameter`."""

    highest_dsr_bps: int = 6000
    lowest_stressed_dscr_bps: int = BPS


class LowPoint(NamedTuple):
    """The month (its first day) with the least cash in hand, and that cash in fen."""

    month: date
    fen: int


CapacityTest = Literal["cash", "stressed_cash", "debt_service_ratio", "stressed_coverage"]


class FailedTest(NamedTuple):
    """A test that failed: by how many fen, and in which month where it is about one."""

    test: CapacityTest
    short_fen: int
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether a household can carry a loan. Ratios are rounded half up; None: no net or service."""

    lowest: LowPoint
    stressed_lowest: LowPoint
    dsr_bps: int | None
    dscr_bps: int | None
    stressed_dscr_bps: int | None
    failed: tuple[FailedTest, ...]

    @property
    def passes(self) -> bool:
        """Whether no test failed."""
        return not self.failed


def lowest_point(
    cash_flow: CashFlow, loan: PlannedLoan | None = None, *, stressed: bool = False
) -> LowPoint:
    """Return the month that ends with the least cash; the earliest of equals.

    Args:
        loan: Paid in and paid back inside the survey's months; None for the household as it is.
        stressed: With the haircut on farm income.

    Raises:
        ValueError: The loan is disbursed outside the survey's months.

    Source: domain.md, section 8.6; golden case E7.
    """
    nets = cash_flow.stressed_net_fen if stressed else cash_flow.net_fen
    moves = _cash_of_loan(cash_flow, loan) if loan else [0] * len(nets)
    months = zip(nets, moves, strict=True)
    cash = accumulate((net + move for net, move in months), initial=cash_flow.opening_cash_fen)
    fen, index = min((fen, index) for index, fen in enumerate(list(cash)[1:]))
    return LowPoint(cash_flow.month(index), fen)


def assess(
    cash_flow: CashFlow, loan: PlannedLoan, limits: CapacityLimits = CapacityLimits()
) -> Capacity:
    """Test whether the household can repay *loan*, month by month and over the year.

    The yearly ratios count existing debt service on both sides: with the new loan's in the debt
    service, and added back to the net that has to carry it.

    Raises:
        ValueError: The loan is disbursed outside the survey's months.

    Source: domain.md, section 8.6; golden case E7.
    """
    lowest = lowest_point(cash_flow, loan)
    stressed_lowest = lowest_point(cash_flow, loan, stressed=True)
    existing = sum(cash_flow.service_fen[:YEAR])
    net = cash_flow.yearly_net_fen + existing
    stressed = cash_flow.stressed_yearly_net_fen + existing
    service = loan.yearly_service_fen + existing
    bearable = Fraction(net * limits.highest_dsr_bps, BPS)
    needed = Fraction(service * limits.lowest_stressed_dscr_bps, BPS)
    tests = (
        FailedTest("cash", -lowest.fen, lowest.month),
        FailedTest("stressed_cash", -stressed_lowest.fen, stressed_lowest.month),
        FailedTest("debt_service_ratio", _short(service, bearable)),
        FailedTest("stressed_coverage", _short(needed, stressed)),
    )
    return Capacity(
        lowest=lowest,
        stressed_lowest=stressed_lowest,
        dsr_bps=share_bps(service, net),
        dscr_bps=share_bps(net, service),
        stressed_dscr_bps=share_bps(stressed, service),
        failed=tuple(test for test in tests if test.short_fen > 0),
    )


def _cash_of_loan(cash_flow: CashFlow, loan: PlannedLoan) -> list[int]:
    """Lay the loan's money on the survey's months; what falls due after them is not seen."""
    moves = [0] * len(cash_flow.income_fen)
    paid_in = cash_flow.index(loan.disbursed_on)
    if not 0 <= paid_in < len(moves):
        raise ValueError(f"disbursed_on: {loan.disbursed_on} is outside the months of the survey")
    moves[paid_in] += loan.amount_fen
    for row in loan.schedule:
        index = cash_flow.index(row.due_date)
        if index < len(moves):
            moves[index] -= row.total_fen
    return moves


def _short(needed: Fraction | int, there: Fraction | int) -> int:
    """Return the fen that are missing, rounded up: what is short at all is short by a fen."""
    return ceil(needed - there)


def _loan_year(disbursed_on: date, due_date: date) -> int:
    """Return the loan's year that *due_date* falls in, from 0; an anniversary ends a year."""
    year = 0
    while due_date > due_after(disbursed_on, 12 * (year + 1)):
        year += 1
    return year
