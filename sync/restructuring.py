"""A loan is restructured 展期/重组 when the clerk carries out the new decision (domain.md, section 6.2).

It stays the loan that it was, with who answers for it: it gets the next version of its schedule from what is owed
on that day, and says since when and how often. What follows from that (class, PAR, tier) is read from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from schemas.derived.restructuring import carried_over, with_carried
from schemas.messages import Change, Fault
from schemas.values import derived_id
from sync import paying
from sync.guards import money
from sync.guards.people import decisions
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import make, put
from sync.work import RejectedError, Work

Json = Any
NEEDS = money.LOANS | {"decision"}
"""What is looked at where an application is carried out."""


def needed(changes: Iterable[Change]) -> frozenset[str]:
    """Return the types to be loaded because of *changes*; none where nothing is carried out."""
    done = any(
        it.type == "loan_application" and it.set.get("state") == "disbursed" for it in changes
    )
    return NEEDS if done else frozenset()


def follow(work: Work, sight: Sight, application: RecordState) -> None:
    """Give the loan of an application its new schedule, and write down what was decided."""
    fields, on = application.fields, date.fromisoformat(work.today)
    loan = sight.record(fields.get("loan_id"))
    product = sight.record(fields.get("product_id"))
    if loan is None:
        raise _too_late()
    carried = carried_over(money.papers(sight, loan), on)
    votes = [it.fields for it in decisions(sight, application.id)]
    terms = paying.of_what_is_owed(paying.approved(fields, votes), carried.principal_fen)
    try:
        rows = with_carried(paying.schedule(terms, product.fields if product else {}, on), carried)
    except ValueError as error:  # a person hears of it from a guard before
        raise _too_late() from error
    version = loan.fields.get("schedule_version", 1) + 1
    moved = {
        "schedule_version": version, "restructured_on": work.today,
        "restructure_count": (loan.fields.get("restructure_count") or 0) + 1,
        "method": terms["method"], "rate_bps": terms["rate_bps"],
        "maturity_on": rows[-1].due_date.isoformat(), "first_due_on": rows[0].due_date.isoformat(),
        "receipts_before": list(carried.receipts),
    }  # fmt: skip
    put(work, loan, {key: it for key, it in moved.items() if loan.fields.get(key) != it})
    for row in rows:
        installment = {
            "loan_id": loan.id, "schedule_version": version, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen, "fee_fen": row.fee_fen,
        }  # fmt: skip
        name = derived_id("installment", loan.id, str(version), str(row.seq))
        make(work, "installment", name, loan.customer, installment)


def _too_late() -> RejectedError:
    return RejectedError([Fault(None, "state", "invalid-transition", "terms-have-passed")])


def tell_of_undone(work: Work, loan: RecordState, reversal: RecordState) -> None:
    """Ask for a correction where a receipt is reversed that lies in a restructured balance."""
    if reversal.fields.get("reverses_id") not in (loan.fields.get("receipts_before") or ()):
        return
    task = {
        "title": "冲正的收款已计入展期余额，请更正还款计划", "record_type": "loan", "record": loan.id,
        "assignee_id": loan.fields.get("officer_id"), "due_on": work.today, "source": "rule",
        "state": "open",
    }  # fmt: skip
    make(work, "task", derived_id("restructured", reversal.id), loan.customer, task)
