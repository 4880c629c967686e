"""Taking a repayment: what each yuan goes to, before and on the receipt (domain.md, sections 5.5 and 8.3).

The number is the device's own series, gapless for each day; the receipt promises the amount, and
its split is provisional until the repayment is accepted, because an earlier receipt may be on
another tablet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from field_client import loans, views
from field_client.actions import Desk
from field_client.faults import NotPossibleError
from schemas.derived.allocation import LoanState, Repayment, Split
from sync.rebase import View

Json = Any
LAST_OF_A_DAY = "~"
"""Sorts after every receipt number: a receipt in the making comes last on its day."""


@dataclass(frozen=True)
class Preview:
    """What a repayment does to its loan: the state before and after, and its split."""

    loan: View
    before: LoanState
    after: LoanState
    split: Split | None


@dataclass(frozen=True)
class Receipt:
    """A repayment taken: its number, its set's number, and the provisional split."""

    receipt_no: str
    repayment: str
    set_number: int
    amount_fen: int
    value_date: date
    channel: str
    preview: Preview


def preview(desk: Desk, loan: View, amount_fen: int, value_date: date) -> Preview:
    """Show what a repayment would do, before it is taken."""
    made = Repayment("new", LAST_OF_A_DAY, value_date, amount_fen)
    today = desk.today()
    after = loans.replayed(desk.store, loan, today, [made])
    split = next((it for it in after.splits if it.repayment.id == "new"), None)
    return Preview(loan, loans.replayed(desk.store, loan, today).state, after.state, split)


def take(
    desk: Desk,
    loan: View,
    amount_fen: int,
    value_date: date,
    channel: str,
    more: Mapping[str, Json],
) -> Receipt:
    """Store a repayment with the next receipt number, in one transaction.

    Raises:
        NotPossibleError: the amount is not above zero, the day lies ahead, or the device has no code yet.
    """
    if amount_fen <= 0:
        raise NotPossibleError(reason="amount-needed")
    if value_date > desk.today():
        raise NotPossibleError(reason="day-ahead", day=value_date.isoformat())
    shown = preview(desk, loan, amount_fen, value_date)
    with desk.store.transaction():
        receipt_no = next_number(desk)
        fields = {
            "loan_id": loan.id, "amount_fen": amount_fen, "value_date": value_date.isoformat(),
            "channel": channel, "receipt_no": receipt_no, **more,
        }  # fmt: skip
        action = desk.begin("repay")
        made = action.create("repayment", loan.customer, fields)
        saved = action.save()
        assert saved is not None
    return Receipt(receipt_no, made, saved.number, amount_fen, value_date, channel, shown)


def next_number(desk: Desk) -> str:
    """Return the next receipt number of this device and day: `T1-20260616-001`."""
    device = views.shown(desk.store, desk.store.identity().id)
    code = device.fields.get("code") if device else None
    if code is None:
        raise NotPossibleError(reason="no-device-code")
    day = f"{desk.today():%Y%m%d}"
    return f"{code}-{day}-{desk.store.next_receipt(str(code), day):03d}"
