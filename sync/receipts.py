"""What follows from a receipt: two that may be one payment, a loan paid up or open again.

Sources: domain.md, sections 5.5, 6.2 and 8.3. Both follow from the loan's receipts as a set, never from the
order in which tablets sent them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.derived.loan_papers import LoanPapers
from schemas.messages import Change
from schemas.values import derived_id
from sync import conflicts, restructuring
from sync.draft import Draft
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import put
from sync.work import Work

Json = Any
KIND = "possible_double"
NEEDS = frozenset({"loan", "installment", "repayment", "product", "conflict"})
"""What is looked at beside what a set names."""
DAYS_APART = 1
SHOWN = ("receipt_no", "amount_fen", "value_date", "channel", "payer_name", "collected_by")
"""What people see of each of two receipts."""


def follow(work: Work, sight: Sight, receipt: RecordState, before: Mapping[str, Json]) -> None:
    """Look at the loan of a new receipt; a receipt is never changed afterwards."""
    loan = work.draft.record(receipt.fields["loan_id"])
    assert loan is not None  # its parent
    receipts = _receipts(work.draft, loan)
    if receipt.fields.get("reverses_id"):
        _settle_doubles(work, receipts, receipt)
    else:
        _open_doubles(work, receipts, receipt)
    restructuring.tell_of_undone(work, loan, receipt)
    _move(work, sight, loan, reversal="reverses_id" in receipt.fields)


def _receipts(draft: Draft, loan: RecordState) -> list[RecordState]:
    known = (draft.record(it) for it in draft.live_children(loan.id))
    return [it for it in known if it is not None and it.type == "repayment"]


# --------------------------------------------------------------------------------- possible doubles


def _open_doubles(work: Work, receipts: list[RecordState], receipt: RecordState) -> None:
    """Open a conflict with each other receipt that may be the same payment; both count meanwhile."""
    undone = {it.fields.get("reverses_id") for it in receipts}
    if receipt.id in undone:
        return
    for other in receipts:
        counts = other.id not in undone and not other.fields.get("reverses_id")
        if other.id != receipt.id and counts and may_be_one(receipt.fields, other.fields):
            _open(work, *sorted((receipt, other), key=lambda it: (it.created_position, it.id)))


def may_be_one(first: Mapping[str, Json], second: Mapping[str, Json]) -> bool:
    """Tell whether two receipts of one loan may be one payment: the same amount, a day apart at most."""
    if first.get("amount_fen") != second.get("amount_fen"):
        return False
    days = (date.fromisoformat(it["value_date"]) for it in (first, second))
    return abs((next(days) - next(days)).days) <= DAYS_APART


def _open(work: Work, earlier: RecordState, later: RecordState) -> None:
    conflict_id = derived_id(KIND, *sorted((earlier.id, later.id)))
    if work.draft.stored(conflict_id) is not None:
        return
    fields = {
        "record": later.id, "record_type": "repayment", "kind": KIND, "sensitive": False,
        "kept": _entry(work, earlier), "others": [_entry(work, later)], "status": "open",
    }  # fmt: skip
    conflicts.put(work, conflict_id, later.customer, fields)


def _entry(work: Work, receipt: RecordState) -> dict[str, Json]:
    """Return the entry that stands for a receipt: what it says, who gave it and when, as far as known."""
    made = [it for it in work.draft.history(receipt.id, 0) if it.op == "create"]
    return {
        "value": {name: receipt.fields[name] for name in SHOWN if name in receipt.fields},
        "by": receipt.created_by,
        "device": receipt.created_device,
        "number": made[0].number if made else None,
        "made_at": made[0].made_at if made else receipt.changed_at,
    }


def _settle_doubles(work: Work, receipts: list[RecordState], reversal: RecordState) -> None:
    """A reversal settles what was open about the receipt that it undoes."""
    undone = reversal.fields["reverses_id"]
    for other in receipts:
        found = work.draft.stored(derived_id(KIND, *sorted((undone, other.id))))
        if found is not None and found.fields["status"] == "open":
            settled = {
                "status": "resolved", "resolution": "reverse_one",
                "resolved_by": reversal.created_by,
            }  # fmt: skip
            conflicts.alter(work, found, settled)


def opened(draft: Draft, record_id: str) -> tuple[str, ...]:
    """Return the ids of the doubles that the set at hand opened about one of its receipts."""
    return tuple(
        it.id
        for it in draft.new_conflicts
        if it.fields["kind"] == KIND and it.fields["record"] == record_id
    )


def reverses_one(draft: Draft, conflict: RecordState, changes: tuple[Change, ...]) -> bool:
    """Tell whether *changes* make the reversal of one of the two receipts that a conflict is about."""
    entries = (conflict.fields["kept"], *conflict.fields["others"])
    numbers = {it["value"]["receipt_no"] for it in entries}
    about = draft.record(conflict.fields["record"])
    for change in changes:
        if change.type == "repayment" and change.set.get("reverses_id") and about is not None:
            undone = draft.record(change.set["reverses_id"])
            same_loan = undone and undone.fields.get("loan_id") == about.fields.get("loan_id")
            if undone and same_loan and undone.fields.get("receipt_no") in numbers:
                return True
    return False


# --------------------------------------------------------------------------------------- the loan


def _move(work: Work, sight: Sight, loan: RecordState, reversal: bool) -> None:
    """Settle a loan on which nothing is owed any more; a *reversal* may open one again."""
    standing = loan.fields.get("state")
    if standing == "active" or (standing == "settled" and reversal):
        as_of = date.fromisoformat(work.today)
        paid_up = _papers(work.draft, sight, loan).replay(as_of).state.is_settled
        wanted = "settled" if paid_up else "active"
        if wanted != standing:
            put(work, loan, {"state": wanted})


def _papers(draft: Draft, sight: Sight, loan: RecordState) -> LoanPapers:
    """Return the papers of a loan by its own children: an import brings thousands of receipts in a set."""
    children = [it for it in map(draft.record, draft.live_children(loan.id)) if it is not None]
    product = sight.record(loan.fields.get("product_id"))
    return LoanPapers(
        loan.fields,
        product.fields if product else {},
        [it.fields for it in children if it.type == "installment"],
        [(it.id, it.fields) for it in children if it.type == "repayment"],
    )
