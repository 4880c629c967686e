"""From the records about a loan to what the calculators take: one reading for server and tablet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.derived.allocation import PenaltyRate, Repayment, Replay, replay
from schemas.derived.schedule import Installment

Fields = Mapping[str, Any]


@dataclass
class LoanPapers:
    """The records about one loan, as stored: fields of the loan, its product, installments, receipts.

    `repayments` are (record id, fields); `product` is empty where it is not known.
    """

    loan: Fields = field(default_factory=dict)
    product: Fields = field(default_factory=dict)
    installments: list[Fields] = field(default_factory=list)
    repayments: list[tuple[str, Fields]] = field(default_factory=list)

    def replay(self, as_of: date, extra: Iterable[Repayment] = ()) -> Replay:
        """Replay the receipts dated up to *as_of*, and *extra* ones, on the schedule in force.

        Source: domain.md, section 8.3; golden case E5.
        """
        return replay(self.schedule(), [*self.counted(), *extra], as_of, self.penalty())

    def schedule(self) -> list[Installment]:
        """Return the rows of the schedule in force; a loan without one owes its amount on its last day."""
        version = self.loan.get("schedule_version", 1)
        rows = [
            Installment(
                it["seq"], date.fromisoformat(it["due_date"]), it["principal_fen"],
                it["interest_fen"], it.get("fee_fen") or 0,
            )
            for it in self.installments
            if it["schedule_version"] == version
        ]  # fmt: skip
        last_day = date.fromisoformat(self.loan["maturity_on"])
        return rows or [Installment(1, last_day, self.loan["principal_fen"], 0)]

    def counted(self) -> list[Repayment]:
        """Return the receipts that fall on the schedule in force.

        A later version starts from what was outstanding at the end of the day of restructuring: what was
        paid up to that day is in it already. Where the loan names the receipts that are (`receipts_before`),
        an earlier one that came to the branch only afterwards counts on the new schedule.
        """
        later = self.loan.get("schedule_version", 1) > 1
        since = str(self.loan.get("restructured_on") or "") if later else ""
        known = self.loan.get("receipts_before") if later else None
        before = None if known is None else frozenset(known)
        return [
            Repayment(
                key, it["receipt_no"], date.fromisoformat(it["value_date"]), it["amount_fen"],
                it.get("reverses_id"),
            )
            for key, it in self.repayments
            if it["value_date"] > since or (before is not None and key not in before)
        ]  # fmt: skip

    def penalty(self) -> PenaltyRate:
        """Return the rate of penalty interest: the loan's rate, raised by its product's markup."""
        return PenaltyRate(
            self.loan["rate_bps"],
            self.product.get("penalty_markup_bps", 5000),
            self.product.get("day_count", "act360"),
        )
