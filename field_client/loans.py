"""What a loan owes, from what is on this device: schedule, receipts, penalty rate (domain.md, section 8.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from field_client import views
from field_client.store import Store
from schemas.derived.allocation import Repayment, Replay
from schemas.derived.loan_papers import LoanPapers
from sync.rebase import View


def replayed(store: Store, loan: View, as_of: date, extra: Iterable[Repayment] = ()) -> Replay:
    """Return a loan's state on a day, receipts not yet sent and *extra* ones included."""
    product = views.shown(store, str(loan.fields.get("product_id")))
    papers = LoanPapers(loan.fields, product.fields if product else {})
    papers.installments = [it.fields for it in _of_loan(store, loan, "installment")]
    papers.repayments = [(it.id, it.fields) for it in _of_loan(store, loan, "repayment")]
    return papers.replay(as_of, extra)


def _of_loan(store: Store, loan: View, type_name: str) -> list[View]:
    found = views.records(store, type_name, loan.customer)
    return [it for it in found if it.fields.get("loan_id") == loan.id]
