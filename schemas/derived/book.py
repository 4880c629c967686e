"""A loan while its rows are settled one after the other: what falls due with each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from schemas.derived.rounding import Rounding
from schemas.derived.stretches import Stretch
from schemas.derived.terms import Override, Terms, Tranche


class Due(NamedTuple):
    """What falls due on a date; without interest it is a down payment, also of 0."""

    due_date: date
    principal: int
    interest: int | None = None


@dataclass(frozen=True, slots=True)
class Coins:
    """How exact amounts become money, under the terms."""

    terms: Terms
    rounded: Rounding

    def amount(self, exact: Fraction) -> int:
        """Round an amount; where money has no small coins, to a multiple of the smallest."""
        return self._multiple(exact, self.terms.money_multiple_fen)

    def installment(self, exact: Fraction) -> int:
        """Round an installment, or a share of one."""
        multiple = self.terms.installment_multiple_fen
        return self._multiple(exact, multiple) if multiple > 1 else self.amount(exact)

    def down_payment(self, paid_out: int) -> int:
        """Return what is due at once of *paid_out*."""
        return min(paid_out, self.installment(paid_out * self.terms.down_payment))

    def share(self, principal: int, rows: int) -> int:
        """Divide *principal* evenly; what does not divide is left to the last row."""
        if self.terms.method == "flat_interest":
            return self.installment(Fraction(principal, rows))
        if self.terms.rounds_shares:
            return self.amount(Fraction(principal, rows))
        multiple = self.terms.money_multiple_fen
        return principal // rows // multiple * multiple

    def beyond_interest(self, interest: Fraction) -> int:
        """Return what rounding the interest of a flat installment leaves for its principal."""
        return self.installment(interest) - self.amount(interest)

    def _multiple(self, exact: Fraction, multiple: int) -> int:
        return multiple * self.rounded(exact / multiple)


class Book:
    """A loan while its rows are settled, one after the other."""

    def __init__(
        self,
        terms: Terms,
        stretches: Sequence[Stretch],
        payouts: Sequence[Tranche],
        coins: Coins,
    ) -> None:
        self.terms, self.stretches, self.payouts, self.coins = terms, stretches, payouts, coins
        self.balance = 0
        self.paid_out = 0
        self.put_off = 0
        self.agreed = 0
        self.must_agree = True

    def settle(self) -> list[Due]:
        """Return what falls due with each row, in order; to be asked for once."""
        return [self._settle_row(row, index) for index, row in enumerate(self.stretches)]

    def _settle_row(self, row: Stretch, index: int) -> Due:
        """Find what falls due with the row at *index*, and take it off the balance."""
        terms = self.terms
        arrived = [it for it in self.payouts if row.start <= it.on < row.due_date]
        new = [(it.amount_fen, row.share_from(it.on)) for it in arrived]
        lent = [(self.balance, Fraction(1)), *new]
        bearing = [(self.paid_out, Fraction(1)), *new] if self._is_flat else lent
        weight = sum((amount * share for amount, share in bearing), Fraction(0))
        interest = weight * terms.yearly_rate * row.years
        self.balance += sum(it.amount_fen for it in arrived)
        self.paid_out += sum(it.amount_fen for it in arrived)
        self.must_agree = self.must_agree or bool(arrived)
        if self.must_agree and self.balance and index >= terms.grace.principal_periods:
            self.agreed = self._agree(index, lent)
            self.must_agree = False
        due = self._interest_due(index, self.coins.amount(interest))
        principal = self._principal(row, index, due, interest)
        self.balance -= principal
        return Due(row.due_date, principal, due)

    @property
    def _is_flat(self) -> bool:
        return self.terms.method == "flat_interest"

    def _is_last(self, index: int) -> bool:
        return index == len(self.stretches) - 1

    def _interest_due(self, index: int, interest: int) -> int:
        """Put interest off while that is agreed; then it comes at once."""
        self.put_off += interest
        if index < self.terms.grace.interest_payment_periods and not self._is_last(index):
            return 0
        due, self.put_off = self.put_off, 0
        return due

    def _principal(self, row: Stretch, index: int, due: int, interest: Fraction) -> int:
        """Return the principal of a row whose exact *interest* is *due* in coins: 0 to the balance.

        A loan of a few fen has a level that is more than it owes, and a long month counted by days
        may bear more interest than the level.
        """
        if self._is_last(index):
            return self.balance
        if fixed := row.fixed:
            return self._fixed(fixed, due)
        if index < self.terms.grace.principal_periods:
            return 0
        match self.terms.method:
            case "equal_installment":
                wanted = self.agreed - due
            case "flat_interest":
                wanted = self.agreed + self.coins.beyond_interest(interest)
            case "equal_principal":
                wanted = self.agreed
            case "seasonal":
                wanted = self.terms.plan[index].principal_fen
            case _:
                wanted = 0
        return max(0, min(wanted, self.balance))

    def _fixed(self, fixed: Override, interest: int) -> int:
        self.must_agree = True
        principal = fixed.principal_fen
        if principal is None:
            principal = (fixed.total_fen or 0) - interest
        if not 0 <= principal <= self.balance:
            raise ValueError(f"overrides: {fixed.due_date} would pay off {principal} fen")
        return principal

    def _agree(self, index: int, lent: Sequence[tuple[int, Fraction]]) -> int:
        """Find the level, or the even share, of the rows from *index* on."""
        if self.terms.method != "equal_installment":
            return self.coins.share(self.balance, len(self.stretches) - index)
        first, *others = map(self._level_rate, self.stretches[index:])
        worth = sum((amount * (1 + first * share) for amount, share in lent), Fraction(0))
        return self.coins.installment(level_of(worth, others))

    def _level_rate(self, row: Stretch) -> Fraction:
        if self.terms.level_rate is not None:
            return self.terms.level_rate
        return self.terms.yearly_rate * (self.terms.period.level_years or row.years)


def level_of(worth: Fraction, rates: Iterable[Fraction]) -> Fraction:
    """Return the level installment A = worth · Πg / F, with g = 1 + rate of a period.

    Args:
        worth: What is owed on the day of the first installment, its interest included.
        rates: Those of the periods after it; F grows by F ← 1 + F · g.

    With equal periods this is P·i·(1+i)ⁿ / ((1+i)ⁿ−1), and with a rate of 0 it is P / n. Πg and F
    are kept over one shared denominator; in A it cancels, so whole numbers do.
    """
    growth = factor = denominator = 1
    for rate in rates:
        step = 1 + rate
        growth *= step.numerator
        denominator *= step.denominator
        factor = denominator + factor * step.numerator
    return worth * growth / factor
