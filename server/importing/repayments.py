"""Repayments 还款流水: the columns of such a file, and what each good row becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schemas.declare import Registry
from schemas.repayment import CHANNELS
from server.importing import cleaning
from server.importing.columns import YUAN, Column, column
from server.importing.directory import Borrowed
from server.importing.planning import Planned, References, check_declared, create
from server.importing.rows import Once, Row

CHANNEL_WORDS = {label.zh: word for word, label in CHANNELS.options.items()}
CHANNEL_WORDS_TOO = {
    **{word: word for word in CHANNELS.options},
    "现钞": "cash",
    "银行转账": "transfer",
    "汇款": "transfer",
    "微信": "transfer",
    "支付宝": "transfer",
    "扣款": "deduction",
    "自动扣款": "deduction",
    "批扣": "deduction",
    "代偿": "guarantor",
    "保险": "insurance",
}

COLUMNS: tuple[Column, ...] = (
    column(
        "receipt_no", "receipt_no", "流水号 交易流水号 收据号 凭证号", cleaning.code, needed=True
    ),
    column("loan_no", "", "借据号 借据编号 贷款编号 贷款号", cleaning.code, needed=True),
    column(
        "value_date",
        "value_date",
        "还款日期 还款日 交易日期 入账日期 日期",
        cleaning.day,
        needed=True,
    ),
    column(
        "amount",
        "amount_fen",
        "还款金额 金额 交易金额 还款额",
        cleaning.positive_amount,
        needed=True,
        units=YUAN,
    ),
    column(
        "channel",
        "channel",
        "渠道 还款渠道 还款方式 方式",
        cleaning.one_of(CHANNEL_WORDS, "unknown-channel", CHANNEL_WORDS_TOO),
        needed=True,
    ),
    column("collected_by", "", "经办人 收款人 客户经理", cleaning.name),
    column("payer_name", "payer_name", "还款人 付款人", cleaning.name),
    column("note", "note", "备注 说明 摘要", cleaning.text),
)
TYPES = ("loan", "repayment")


def plan(
    rows: Sequence[Row], references: References, registry: Registry, today: date
) -> list[Planned]:
    """Check every row and return what the good ones become; faults are noted on the rows."""
    receipts = Once("receipt_no", references.directory.receipts)
    planned: list[Planned] = []
    for row in rows:
        receipts.check(row)
        loan = find_loan(row, references)
        check_day(row, loan, today)
        people = references.directory.people
        collector = references.find(row, "collected_by", "officer", people)
        if row.is_bad or loan is None:
            continue
        fields = {**row.fields(), "loan_id": loan.id, "collected_by": collector}
        changes = [create("repayment", references.new_id(), loan.customer, fields)]
        check_declared(registry, row, changes)
        if not row.is_bad:
            planned.append(Planned(row, tuple(changes)))
    return planned


def check_day(row: Row, loan: Borrowed | None, today: date) -> None:
    """Note a day of payment that cannot be."""
    paid_on = row.values.get("value_date")
    if paid_on is not None and paid_on > today:
        row.fault("value_date", "in-the-future")
    if loan and paid_on is not None and paid_on.isoformat() < loan.disbursed_on:
        row.fault("value_date", "before-disbursement", disbursed=loan.disbursed_on)


def find_loan(row: Row, references: References) -> Borrowed | None:
    """Return the loan that a row names, or note that there is none."""
    number = row.values.get("loan_no")
    if number is None:
        return None
    found = references.directory.loans.get(number)
    if found is None:
        row.fault("loan_no", "unknown-loan")
    return found
