"""What was paid on a loan, when, and through whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from schemas.derived.allocation import Repayment, replay
from server.demo.days import Days
from server.demo.dice import Dice

if TYPE_CHECKING:
    from server.demo.loans import Loan


@dataclass(frozen=True)
class Payment:
    """Money that came in on a day; *way*: posted by the core system, at the counter, or in the village."""

    on: date
    amount_fen: int
    way: str = "core"

    def as_repayment(self, receipt: str) -> Repayment:
        """Return it as the calculators take it."""
        return Repayment(receipt, receipt, self.on, self.amount_fen)


@dataclass(frozen=True)
class Habit:
    """How somebody pays: how often before or after the day, in a hundred."""

    early: int
    late: int


ON_THE_DAY = Habit(0, 0)
PUNCTUAL = Habit(25, 0)
SLACK = Habit(5, 35)
HABITS = (PUNCTUAL, PUNCTUAL, PUNCTUAL, PUNCTUAL, SLACK)
SLACK_DAYS = 9


def pay(loan: Loan, unpaid_from: date, habit: Habit, days: Days, dice: Dice) -> None:
    """Pay every installment before *unpaid_from* in full, penalty included."""
    rows = [it for it in loan.schedule if it.due_date < unpaid_from]
    ends = [*(it.due_date for it in rows[1:]), days.today]
    for row, end in zip(rows, ends, strict=False):
        until = min(end, days.today) - timedelta(days=1)
        on = _day(row.due_date, loan.disbursed_on, until, habit, dice)
        amount = row.total_fen if on <= row.due_date else _owed(loan, on)
        loan.payments.append(Payment(on, amount, _way(on, days, dice)))


def add_part(loan: Loan, due: date, days: Days, dice: Dice) -> None:
    """Pay a part of what has been late since *due*, so that days past due stay what they are."""
    late = next(it for it in loan.schedule if it.due_date == due)
    amount = late.total_fen * dice.randint(15, 45) // 100 // 10_000 * 10_000
    on = max(due + timedelta(days=2), days.ago(dice.randint(3, 50)))
    if amount:
        loan.payments.append(Payment(on, amount, _way(on, days, dice, village=80)))


def _day(due: date, start: date, until: date, habit: Habit, dice: Dice) -> date:
    if dice.chance(habit.late):
        return max(due, min(due + timedelta(days=dice.randint(1, SLACK_DAYS)), until))
    if dice.chance(habit.early):
        return max(start + timedelta(days=1), due - timedelta(days=dice.randint(1, 3)))
    return due


def _owed(loan: Loan, on: date) -> int:
    made = [it.as_repayment(f"{place:04d}") for place, it in enumerate(loan.payments)]
    return replay(loan.schedule, made, on, loan.penalty).state.due_today_fen


def _way(on: date, days: Days, dice: Dice, village: int = 40) -> str:
    if on <= days.go_live:
        return "core"
    if dice.chance(village) and days.is_working(on):
        return "village"
    return "counter" if dice.chance(25) else "core"


def elsewhere(payment: Payment) -> Payment:
    """Return a payment that nobody could take in the village after all."""
    return replace(payment, way="core")
