"""Repayment schedules 还款计划: the methods of domain.md, section 8.2, and those of other lenders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.derived.book import Book, Coins, Due
from schemas.derived.rounding import Rounding, half_up
from schemas.derived.stretches import stretches_of
from schemas.derived.terms import (
    LONGEST_COUNT,
    Grace,
    Method,
    Override,
    Period,
    PlannedPrincipal,
    Terms,
    Tranche,
)

__all__ = [
    "LONGEST_COUNT",
    "Grace",
    "Installment",
    "Method",
    "Override",
    "Period",
    "PlannedPrincipal",
    "Terms",
    "Tranche",
    "build_schedule",
    "with_balances",
]


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


def build_schedule(terms: Terms, rounded: Rounding = half_up) -> tuple[Installment, ...]:
    """Build the installments of a loan, in due-date order.

    The principal of the rows adds up to what was paid out exactly, and none is negative. Interest
    is rounded once a row. Outside schedules may ask for another *rounded*. A tranche that is paid
    out on a due date belongs to the row after it, and is not in that row's balance.

    Raises:
        ValueError: Overrides or tranches do not fit the rows; the sentence begins with the term.

    Source: domain.md, sections 8.1 and 8.2; golden cases E1 to E4; vectors/README.md, `terms`.
    """
    coins = Coins(terms, rounded)
    down = [Due(it.on, coins.down_payment(it.amount_fen)) for it in terms.payouts]
    net = [
        Tranche(it.on, it.amount_fen - paid.principal)
        for it, paid in zip(terms.payouts, down, strict=True)
    ]
    dues = Book(terms, stretches_of(terms), net, coins).settle()
    return _numbered([*dues, *down] if terms.down_payment else dues, terms.payouts)


def with_balances(installments: Iterable[Installment]) -> tuple[Installment, ...]:
    """Put installments in due-date order and fill in the principal left after each."""
    ordered = sorted(installments, key=lambda row: (row.due_date, row.seq))
    balance, filled = sum(row.principal_fen for row in ordered), list[Installment]()
    for row in ordered:
        balance -= row.principal_fen
        filled.append(replace(row, balance_fen=balance))
    return tuple(filled)


def _numbered(dues: Iterable[Due], payouts: Sequence[Tranche]) -> tuple[Installment, ...]:
    """Order and number the rows; a down payment comes after the row of its day, and its payout."""
    rows, repaid = list[Installment](), 0
    for due in sorted(dues, key=lambda due: (due.due_date, due.interest is None)):
        repaid += due.principal
        paid_out = sum(
            it.amount_fen
            for it in payouts
            if it.on < due.due_date or (due.interest is None and it.on == due.due_date)
        )
        left = paid_out - repaid
        rows.append(
            Installment(len(rows) + 1, due.due_date, due.principal, due.interest or 0, 0, left)
        )
    return tuple(rows)
