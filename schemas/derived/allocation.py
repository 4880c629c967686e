"""Repayments put on installments: what a loan owes on a date, from receipts alone.

Nothing here is stored. The same schedule and the same repayments give the same state, in whatever
order the receipts reached us (domain.md, section 8.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from schemas.derived.arrears import Unpaid, arrears_fen, days_past_due
from schemas.derived.day_count import DAYS_IN_YEAR
from schemas.derived.rounding import BPS, half_up
from schemas.derived.schedule import Installment


@dataclass(frozen=True, slots=True)
class Repayment:
    """What allocation needs of a Repayment 还款流水; a reversal 冲正 names what it undoes."""

    id: str
    receipt_no: str
    value_date: date
    amount_fen: int
    reverses_id: str | None = None

    def __post_init__(self) -> None:
        if self.amount_fen <= 0:
            raise ValueError(f"amount_fen: must be above 0, not {self.amount_fen}")


@dataclass(frozen=True, slots=True)
class PenaltyRate:
    """The yearly rate of penalty interest 罚息: the loan's rate, raised by the markup.

    Source: domain.md, section 8.3; golden case E5 (840 bps, half as much again: 12.6 %).
    """

    rate_bps: int
    markup_bps: int = 5000
    day_count: Literal["act360", "act365"] = "act360"

    def interest_fen(self, fen_days: int) -> int:
        """Return the interest on *fen_days* (Σ overdue principal in fen × days), rounded once."""
        if fen_days == 0:
            return 0
        yearly_bps = self.rate_bps * (BPS + self.markup_bps)
        return half_up(Fraction(fen_days * yearly_bps, BPS * BPS * DAYS_IN_YEAR[self.day_count]))


NO_PENALTY = PenaltyRate(rate_bps=0)


class Part(NamedTuple):
    """What one repayment put on one installment, in fen."""

    seq: int
    penalty_fen: int
    fee_fen: int
    interest_fen: int
    principal_fen: int

    @property
    def total_fen(self) -> int:
        """All four together."""
        return self.penalty_fen + self.fee_fen + self.interest_fen + self.principal_fen


@dataclass(frozen=True, slots=True)
class Split:
    """How one repayment was used: its parts and what was left 暂收款, together its amount."""

    repayment: Repayment
    parts: tuple[Part, ...]
    unallocated_fen: int


@dataclass(frozen=True, slots=True)
class InstallmentBalance:
    """What is still owed of one installment on a date, and what has been paid on it, in fen."""

    seq: int
    due_date: date
    penalty_fen: int
    fee_fen: int
    interest_fen: int
    principal_fen: int
    paid_fen: int

    @property
    def scheduled_fen(self) -> int:
        """Principal, interest and fee still owed; days past due look at this, not at penalty."""
        return self.principal_fen + self.interest_fen + self.fee_fen

    @property
    def owed_fen(self) -> int:
        """Everything still owed, penalty included."""
        return self.scheduled_fen + self.penalty_fen


@dataclass(frozen=True, slots=True)
class LoanState:
    """What a loan owes on the business date ``as_of``; amounts in fen.

    Args:
        arrears_fen: Unpaid principal, interest and fee of installments due before ``as_of``.
        due_today_fen: What the officer may ask for today: all unpaid that is due on or before
            ``as_of``, with penalty.
        next_due_on: The next due date, today included, with something unpaid; then its amount.
        unallocated_fen: Paid beyond the last installment.
    """

    as_of: date
    outstanding_principal_fen: int
    arrears_fen: int
    penalty_fen: int
    due_today_fen: int
    dpd: int
    next_due_on: date | None
    next_due_fen: int
    paid_fen: int
    unallocated_fen: int
    balances: tuple[InstallmentBalance, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing at all is owed any more 结清."""
        return all(balance.owed_fen == 0 for balance in self.balances)


class Replay(NamedTuple):
    """The state of a loan, and how each repayment came to it.

    Two receipts of one day may swap numbers: the splits then differ, the state does not.
    """

    state: LoanState
    splits: tuple[Split, ...]


def replay(
    schedule: Iterable[Installment],
    repayments: Iterable[Repayment],
    as_of: date,
    penalty: PenaltyRate,
) -> Replay:
    """Put every repayment with a value date up to *as_of* on the installments.

    Order: by (value date, receipt number); the oldest installment first, inside it penalty, fee,
    interest, principal; what is left goes on to installments not yet due, then to unallocated.
    A reversed repayment and its reversal are left out, whatever the reversal's date.

    Args:
        schedule: One version of the schedule, in any order.
        repayments: Those of the loan, in any order.
        as_of: Business date of the branch.
        penalty: ``NO_PENALTY`` where the schedule alone says what is owed.

    Source: domain.md, section 8.3; golden case E5.
    """
    lines = [_Line(row) for row in sorted(schedule, key=lambda row: (row.due_date, row.seq))]
    counted = [row for row in standing(repayments) if row.value_date <= as_of]
    splits = tuple(_put(repayment, lines, penalty) for repayment in counted)
    balances = tuple(line.balance(as_of, penalty) for line in lines)
    return Replay(_state(as_of, balances, splits), splits)


def standing(repayments: Iterable[Repayment]) -> list[Repayment]:
    """Return the repayments that count, in the order of replay: no reversed ones, no reversals."""
    known = list(repayments)
    reversed_ids = {row.reverses_id for row in known if row.reverses_id is not None}
    kept = [row for row in known if row.reverses_id is None and row.id not in reversed_ids]
    return sorted(kept, key=lambda row: (row.value_date, row.receipt_no, row.id))


class _Line:
    """One installment while repayments are put on it."""

    def __init__(self, row: Installment) -> None:
        self.row = row
        self.principal, self.interest, self.fee = row.principal_fen, row.interest_fen, row.fee_fen
        self.penalty_paid = 0
        self.fen_days = 0
        self.counted_to = row.due_date

    def penalty_due(self, on: date, penalty: PenaltyRate) -> int:
        """Close the segment of unchanged overdue principal that ends *on*, and assess."""
        if on > self.counted_to:
            self.fen_days += self.principal * (on - self.counted_to).days
            self.counted_to = on
        assessed = self.row.penalty_fen + penalty.interest_fen(self.fen_days)
        return assessed - self.penalty_paid

    def take(self, offered: int, on: date, penalty: PenaltyRate) -> Part:
        """Take what is owed out of *offered*, in the order of section 8.3."""
        paid = []
        for owed in (self.penalty_due(on, penalty), self.fee, self.interest, self.principal):
            paid.append(min(owed, offered))
            offered -= paid[-1]
        part = Part(self.row.seq, *paid)
        self.penalty_paid += part.penalty_fen
        self.fee -= part.fee_fen
        self.interest -= part.interest_fen
        self.principal -= part.principal_fen
        return part

    def balance(self, as_of: date, penalty: PenaltyRate) -> InstallmentBalance:
        """Return what is left on *as_of*."""
        row = self.row
        scheduled = row.principal_fen + row.interest_fen + row.fee_fen
        paid = scheduled - self.principal - self.interest - self.fee + self.penalty_paid
        return InstallmentBalance(
            seq=row.seq,
            due_date=row.due_date,
            penalty_fen=self.penalty_due(as_of, penalty),
            fee_fen=self.fee,
            interest_fen=self.interest,
            principal_fen=self.principal,
            paid_fen=paid,
        )


def _put(repayment: Repayment, lines: Sequence[_Line], penalty: PenaltyRate) -> Split:
    """Walk the lines once: what is due comes first because it has the older due dates."""
    left, parts = repayment.amount_fen, list[Part]()
    for line in lines:
        if left == 0:
            break
        part = line.take(left, repayment.value_date, penalty)
        if part.total_fen:
            parts.append(part)
            left -= part.total_fen
    return Split(repayment, tuple(parts), left)


def _state(
    as_of: date, balances: tuple[InstallmentBalance, ...], splits: Sequence[Split]
) -> LoanState:
    unpaid = [Unpaid(balance.due_date, balance.scheduled_fen) for balance in balances]
    coming = [row for row in unpaid if row.due_date >= as_of and row.amount_fen > 0]
    next_due_on = min((row.due_date for row in coming), default=None)
    due = [balance for balance in balances if balance.due_date <= as_of]
    return LoanState(
        as_of=as_of,
        outstanding_principal_fen=sum(balance.principal_fen for balance in balances),
        arrears_fen=arrears_fen(unpaid, as_of),
        penalty_fen=sum(balance.penalty_fen for balance in due),
        due_today_fen=sum(balance.owed_fen for balance in due),
        dpd=days_past_due(unpaid, as_of),
        next_due_on=next_due_on,
        next_due_fen=sum(row.amount_fen for row in coming if row.due_date == next_due_on),
        paid_fen=sum(split.repayment.amount_fen for split in splits),
        unallocated_fen=sum(split.unallocated_fen for split in splits),
        balances=balances,
    )
