"""A loan with its schedules and payments, as the demonstration plans it; the book of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from schemas.derived.allocation import PenaltyRate, replay
from schemas.derived.schedule import Installment, Method
from server.demo.households import Household
from server.demo.payments import Payment


@dataclass
class Loan:
    """A loan, the versions of its schedule and what was paid; *state* is how it stands now."""

    id: str
    household: Household
    product: str
    method: Method
    principal_fen: int
    rate_bps: int
    disbursed_on: date
    purpose: str
    security: tuple[str, ...]
    schedules: dict[int, tuple[Installment, ...]]
    state: str = "active"
    number: str = ""
    restructured_on: date | None = None
    payments: list[Payment] = field(default_factory=list)

    @property
    def penalty(self) -> PenaltyRate:
        """The rate of penalty interest: half as much again as the loan's."""
        return PenaltyRate(self.rate_bps)

    @property
    def version(self) -> int:
        """The schedule in force."""
        return max(self.schedules)

    @property
    def schedule(self) -> tuple[Installment, ...]:
        """The installments in force."""
        return self.schedules[self.version]

    @property
    def settled_on(self) -> date | None:
        """The day of the last payment of a settled loan."""
        return max(it.on for it in self.payments) if self.state == "settled" else None

    def late_since(self, today: date) -> date | None:
        """Return the due date of the oldest installment in arrears, or None."""
        since = self.restructured_on
        counted = [
            it.as_repayment(f"{place:04d}")
            for place, it in enumerate(self.payments)
            if since is None or it.on > since
        ]
        balances = replay(self.schedule, counted, today, self.penalty).state.balances
        late = (it.due_date for it in balances if it.scheduled_fen and it.due_date < today)
        return min(late, default=None)


@dataclass(frozen=True)
class Book:
    """All loans, oldest first."""

    loans: tuple[Loan, ...]

    def of(self, name: str) -> Loan:
        """Return the active loan of a household by the name of its head."""
        return next(it for it in self.loans if it.household.name == name and it.state == "active")
