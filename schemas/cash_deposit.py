"""Cash deposit 现金缴款 (domain.md, sections 5.5 and 6.9): what an officer took in a day is handed in."""

from schemas.declare import Date, Label, RecordType, Ref, States, money
from schemas.fields import (
    SUPERVISOR,
    manual,
    many,
    move,
    once_for_all,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.roles import OFFICER

CLERK = ("clerk",)
HANDLERS = ("officer", "supervisor", "clerk")
STATES = one_of(
    {
        "open": ("Open", "未缴"),
        "handed_in": ("Handed in", "已缴待核"),
        "confirmed": ("Confirmed", "已确认"),
        "disputed": ("Disputed", "有异议"),
    }
)

CASH_DEPOSIT = RecordType(
    "cash_deposit",
    Label("Cash deposit", "现金缴款"),
    (
        once_for_all(
            "officer_id", "Officer", "客户经理", Ref(to="user"), write=OFFICER, required=True
        ),
        once_for_all(
            "business_date",
            "For the day",
            "业务日期",
            Date(("2026-06-15", "2026-06-16")),
            write=OFFICER,
            required=True,
        ),
        many(
            "receipt_ids",
            "Receipts",
            "收据",
            Ref(to="repayment"),
            1,
            write=OFFICER,
            required=True,
        ),
        manual("counted_fen", "Counted", "实点金额", money(), write=HANDLERS),
        prose(
            "difference_reason",
            "Reason for the difference",
            "差额原因",
            ("少 10 元，次日补齐。", "找零多给。"),
            write=HANDLERS,
            required_by=("dispute",),
        ),
        reserved("received_by", "Received by", "收款人", Ref(to="user"), CLERK),
        state(STATES, HANDLERS),
    ),
    made_by=OFFICER,
    reference="user",
    users=("officer_id",),
    states=States(
        "state",
        ("open",),
        (
            move("hand_in", "open", "handed_in", OFFICER, "Hand in", "缴款", offline=True),
            move("confirm", "handed_in", "confirmed", CLERK, "Confirm", "确认"),
            move("dispute", "handed_in", "disputed", ("officer", "clerk"), "Dispute", "提出异议"),
            move("settle", "disputed", "confirmed", SUPERVISOR, "Confirm", "确认"),
        ),
    ),
    title_field="business_date",
    guards=("own-deposit", "deposit-receipts", "deposit-difference"),
    follow_up="deposit",
    since=3,
)
