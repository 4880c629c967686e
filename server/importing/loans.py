"""Loans 贷款: the columns of such a file, and what each good row becomes: a loan and its schedule.

An import without `first_due_on` counts from a month after the disbursement, a bullet loan from its
maturity (domain.md, section 5.5). A seasonal loan whose row has no plan is taken for one harvest on
the maturity date, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from schemas import product
from schemas.declare import Registry
from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Installment, PlannedPrincipal, Terms, build_schedule
from server.importing import cleaning
from server.importing.cleaning import Cell, UnreadableError
from server.importing.columns import MONTHS, PER_CENT, YUAN, Column, column
from server.importing.directory import Household
from server.importing.planning import Change, Planned, References, check_declared, create
from server.importing.rows import Once, Row

Json = Any
METHODS = {label.zh: word for word, label in product.METHODS.options.items()}
METHODS_TOO = {
    **{word: word for word in product.METHODS.options},
    "按月付息到期还本": "interest_first",
    "按月付息，到期还本": "interest_first",
    "按月结息到期还本": "interest_first",
    "先息后本": "interest_first",
    "到期一次还本付息": "bullet",
    "一次性还本付息": "bullet",
    "到期还本付息": "bullet",
    "按收成还款": "seasonal",
    "按季节还款": "seasonal",
}
SECURITY = {label.zh: word for word, label in product.SECURITY.options.items()}
SECURITY_TOO = {
    **{word: word for word in product.SECURITY.options},
    "无担保": "unsecured",
    "信用贷款": "unsecured",
    "小组联保": "group",
    "担保": "guarantor",
    "保证人": "guarantor",
    "抵押": "collateral",
    "质押": "collateral",
}
MONTHLY = ("equal_installment", "equal_principal", "interest_first")
LOW_RATE_BPS = 100
LONGEST_TERM = 360
SLACK_DAYS = 31
"""By how much the last installment of a stated term may miss the maturity date."""


def harvest_plan(cell: Cell, _: str = "") -> tuple[PlannedPrincipal, ...]:
    """Read 2026-08-05:16000; 2026-11-20:24000 as dates with the yuan of principal paid off then."""
    planned: list[PlannedPrincipal] = []
    for part in re.split(r"[;；\n]", cleaning.plain(cell)):
        if not part.strip():
            continue
        when, colon, yuan = cleaning.half_width(part).partition(":")
        if not colon:
            raise UnreadableError("unreadable-plan")
        try:
            planned.append(PlannedPrincipal(cleaning.day(when), cleaning.amount(yuan)))
        except UnreadableError as error:
            raise UnreadableError("unreadable-plan") from error
    return tuple(planned)


COLUMNS: tuple[Column, ...] = (
    column("loan_no", "loan_no", "借据号 借据编号 贷款编号 贷款号", cleaning.code, needed=True),
    column("customer_no", "", "客户编号 客户号 户号", cleaning.code, needed=True),
    column("product", "", "贷款产品 产品 产品名称 贷款品种", cleaning.text, needed=True),
    column(
        "principal",
        "principal_fen",
        "贷款金额 借款金额 放款金额 发放金额 贷款本金 金额",
        cleaning.positive_amount,
        needed=True,
        units=YUAN,
    ),
    column(
        "rate",
        "rate_bps",
        "年利率 利率 执行利率 执行年利率",
        cleaning.rate,
        needed=True,
        units=PER_CENT,
    ),
    column("term_months", "", "期限 贷款期限 期数", cleaning.whole, units=MONTHS),
    column(
        "method",
        "method",
        "还款方式",
        cleaning.one_of(METHODS, "unknown-method", METHODS_TOO),
        needed=True,
    ),
    column(
        "disbursed_on",
        "disbursed_on",
        "放款日期 发放日期 借款日期 起息日",
        cleaning.day,
        needed=True,
    ),
    column("maturity_on", "maturity_on", "到期日期 到期日 贷款到期日", cleaning.day, needed=True),
    column("first_due_on", "", "首次还款日 首次还款日期 首期还款日", cleaning.day),
    column("plan", "", "还款计划 收获计划", harvest_plan),
    column("purpose", "purpose", "用途 贷款用途 借款用途", cleaning.text, needed=True),
    column(
        "security",
        "security",
        "担保方式 担保",
        cleaning.some_of(SECURITY, "unknown-security", SECURITY_TOO),
        needed=True,
    ),
    column("officer", "", "管户客户经理 客户经理 管户经理 经办人 信贷员", cleaning.name),
)
TYPES = ("customer", "loan")


def plan(
    rows: Sequence[Row], references: References, registry: Registry, today: date
) -> list[Planned]:
    """Check every row and return what the good ones become; faults are noted on the rows."""
    numbers = Once("loan_no", references.directory.loans)
    planned: list[Planned] = []
    for row in rows:
        numbers.check(row)
        household = _household(row, references)
        bought = references.find(row, "product", "product", references.directory.products)
        officer = _officer(row, references, household)
        _check_dates(row, today)
        if row.is_bad or household is None or bought is None or officer is None:
            continue
        changes = _changes(row, household, bought, officer, references)
        check_declared(registry, row, changes)
        if not row.is_bad:
            planned.append(Planned(row, tuple(changes)))
    return planned


def _household(row: Row, references: References) -> Household | None:
    number = row.values.get("customer_no")
    if number is None:
        return None
    found = references.directory.customers.get(number)
    if found is None:
        row.fault("customer_no", "unknown-customer")
    return found


def _officer(row: Row, references: References, household: Household | None) -> str | None:
    if "officer" in row.values:
        return references.find(row, "officer", "officer", references.directory.officers)
    if household is not None and household.officer is None:
        row.fault("customer_no", "no-officer")
    return household.officer if household else None


def _check_dates(row: Row, today: date) -> None:
    start, end = row.values.get("disbursed_on"), row.values.get("maturity_on")
    if start is None:
        return
    if start > today:
        row.fault("disbursed_on", "in-the-future")
    if end is not None and end <= start:
        row.fault("maturity_on", "matures-too-early")
    if row.values.get("first_due_on", date.max) <= start:
        row.fault("first_due_on", "due-too-early")


def _changes(
    row: Row, household: Household, bought: str, officer: str, references: References
) -> list[Change]:
    if row.values["rate"] < LOW_RATE_BPS:
        row.warn("rate", "low-rate")
    terms = _terms(row, references.directory.day_counts.get(bought, "act360"))
    if terms is None:
        return []
    loan = references.new_id()
    fields = {
        **row.fields(),
        "product_id": bought,
        "first_due_on": (terms.first_due_on or terms.plan[0].due_date).isoformat(),
        "officer_id": officer,
        "responsible": {"investigator": [officer]},
        "state": "active",
    }
    return [
        create("loan", loan, household.id, fields),
        *(
            create("installment", references.new_id(), household.id, _installment(loan, it))
            for it in build_schedule(terms)
        ),
    ]


def _installment(loan: str, row: Installment) -> dict[str, Json]:
    return {
        "loan_id": loan, "schedule_version": 1, "seq": row.seq,
        "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
        "interest_fen": row.interest_fen, "fee_fen": row.fee_fen,
    }  # fmt: skip


# ----------------------------------------------------------------------------------------- terms


def _terms(row: Row, day_count: Any) -> Terms | None:
    """Return what was agreed, or note what does not fit together."""
    values = row.values
    method, maturity = values["method"], values["maturity_on"]
    plan = _plan(row) if method == "seasonal" else ()
    first, count = None, 1
    if method == "bullet":
        first = maturity
    elif method in MONTHLY:
        first = values.get("first_due_on") or due_after(values["disbursed_on"], 1)
        count = _count(row, first, maturity)
    if row.is_bad:
        return None
    try:
        return Terms(
            method=method, principal_fen=values["principal"], rate_bps=values["rate"],
            disbursed_on=values["disbursed_on"], count=count, first_due_on=first, plan=plan,
            day_count=day_count,
        )  # fmt: skip
    except ValueError:
        row.fault("plan", "unreadable-plan")  # all else was checked before
        return None


def _plan(row: Row) -> tuple[PlannedPrincipal, ...]:
    principal = row.values["principal"]
    if "plan" not in row.values:
        row.warn("method", "single-harvest")
        return (PlannedPrincipal(row.values["maturity_on"], principal),)
    plan: tuple[PlannedPrincipal, ...] = row.values["plan"]
    if sum(it.principal_fen for it in plan) != principal:
        row.fault("plan", "plan-and-amount")
    return plan


def _count(row: Row, first: date, maturity: date) -> int:
    """Return the number of monthly installments: the stated term, or what the dates come to."""
    by_dates = _nearest_count(first, maturity)
    count: int = row.values.get("term_months", by_dates)
    if not 1 <= count <= LONGEST_TERM:
        row.fault("term_months", "too-large" if count else "zero")
        return 1
    last = due_after(first, count - 1)
    if abs((last - maturity).days) > SLACK_DAYS:
        stated = "term_months" if "term_months" in row.values else "maturity_on"
        row.fault(stated, "term-and-dates", last=last.isoformat())
    elif last != maturity:
        row.warn("maturity_on", "last-installment")
    return count


def _nearest_count(first: date, maturity: date) -> int:
    months = (maturity.year - first.year) * 12 + maturity.month - first.month
    steps = (max(0, months - 1), max(0, months), max(0, months + 1))
    return min(steps, key=lambda it: abs((due_after(first, it) - maturity).days)) + 1
