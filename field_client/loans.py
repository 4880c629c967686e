"""What a loan owes, from what is on this device: schedule, receipts, penalty rate (domain.md, section 8.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from field_client import views
from field_client.store import Store
from schemas.derived.allocation import PenaltyRate, Repayment, Replay, replay
from schemas.derived.schedule import Installment
from sync.rebase import View

Json = Any


def replayed(store: Store, loan: View, as_of: date, extra: Iterable[Repayment] = ()) -> Replay:
    """Return a loan's state on a day, receipts not yet sent and *extra* ones included."""
    paid = [*repayments(store, loan), *extra]
    return replay(schedule(store, loan), paid, as_of, penalty_rate(store, loan))


def schedule(store: Store, loan: View) -> list[Installment]:
    """Return the rows of the loan's present schedule."""
    version = loan.fields.get("schedule_version", 1)
    return [
        Installment(
            it["seq"], date.fromisoformat(it["due_date"]), it["principal_fen"], it["interest_fen"],
            it.get("fee_fen", 0),
        )
        for it in _of_loan(store, loan, "installment")
        if it["schedule_version"] == version
    ]  # fmt: skip


def repayments(store: Store, loan: View) -> list[Repayment]:
    """Return the receipts on the loan's present schedule.

    A later version of a schedule starts from what was left: earlier receipts are in it already.
    """
    since = str(loan.fields.get("restructured_on") or "")
    return [
        Repayment(
            it["id"], it["receipt_no"], date.fromisoformat(it["value_date"]), it["amount_fen"],
            it.get("reverses_id"),
        )
        for it in _of_loan(store, loan, "repayment")
        if it["value_date"] >= since
    ]  # fmt: skip


def penalty_rate(store: Store, loan: View) -> PenaltyRate:
    """Return the rate of penalty interest: the loan's rate, raised by its product's markup."""
    product = views.shown(store, str(loan.fields.get("product_id")))
    terms = product.fields if product else {}
    return PenaltyRate(
        loan.fields["rate_bps"],
        terms.get("penalty_markup_bps", 5000),
        terms.get("day_count", "act360"),
    )


def _of_loan(store: Store, loan: View, type_name: str) -> list[dict[str, Json]]:
    found = views.records(store, type_name, loan.customer)
    return [{"id": it.id, **it.fields} for it in found if it.fields.get("loan_id") == loan.id]
