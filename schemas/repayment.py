"""Repayment 还款流水 (domain.md, section 5.5). Never edited: a reversal is a new one."""

from schemas.declare import Date, Label, RecordType, Ref, Text, money
from schemas.fields import fixed, one_of
from schemas.person import NAME
from schemas.place import fixed_place

MADE_BY = ("officer", "supervisor", "clerk")
CHANNELS = one_of(
    {
        "cash": ("Cash", "现金"),
        "transfer": ("Transfer", "转账"),
        "deduction": ("Deduction", "代扣"),
        "guarantor": ("Guarantor", "保证人代偿"),
        "collateral": ("Collateral", "押品处置"),
        "insurance": ("Insurance", "保险赔付"),
    }
)
RECEIPT_NO = Text(40, 1, examples=("T1-20260616-001", "T1-20260616-002"))

REPAYMENT = RecordType(
    "repayment",
    Label("Repayment", "还款"),
    (
        fixed("loan_id", "Loan", "贷款", Ref(to="loan"), write=MADE_BY, required=True),
        fixed("amount_fen", "Amount", "金额", money(1), write=MADE_BY, required=True),
        fixed(
            "value_date",
            "Paid on",
            "还款日期",
            Date(("2026-06-15", "2026-06-16")),
            write=MADE_BY,
            required=True,
        ),
        fixed("channel", "Channel", "还款方式", CHANNELS, write=MADE_BY, required=True),
        fixed("payer_name", "Paid by", "还款人", NAME, write=MADE_BY),
        fixed(
            "receipt_no",
            "Receipt number",
            "收据号",
            RECEIPT_NO,
            write=MADE_BY,
            required=True,
            hint=Label("Tablets: code-day-number", "平板：设备代码-日期-序号"),
        ),
        fixed(
            "collected_by", "Collected by", "经办人", Ref(to="user"), write=MADE_BY, default="@user"
        ),
        *fixed_place(MADE_BY),
        fixed("reverses_id", "Reverses", "冲正的还款", Ref(to="repayment"), write=MADE_BY),
        fixed(
            "note",
            "Note",
            "备注",
            Text(500, many_lines=True, examples=("卖猪款", "儿子代还")),
            write=MADE_BY,
        ),
    ),
    made_by=MADE_BY,
    parent=("loan", "loan_id"),
    create_only=True,
    late_fact=True,
    guards=("SOD-9", "cash"),
    follow_up="receipt",
    title_field="receipt_no",
)
