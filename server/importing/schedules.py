"""Schedules 还款计划 as a core banking system keeps them: one row an installment, all of a loan together.

They become the next version of the loan's schedule. Without `effective_on` they stand for the whole
schedule from the beginning, and every receipt counts on them; with it they hold from that day, and what
was paid up to its end is in them already: the loan counts as restructured (domain.md, section 8.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from schemas.declare import Registry
from server.importing import cleaning
from server.importing.columns import YUAN, Column, column
from server.importing.directory import Borrowed
from server.importing.planning import Change, Planned, References, check_declared, create
from server.importing.repayments import find_loan
from server.importing.rows import Row

COLUMNS: tuple[Column, ...] = (
    column("loan_no", "", "借据号 借据编号 贷款编号 贷款号", cleaning.code, needed=True),
    column("seq", "seq", "期次 期号 序号", cleaning.whole, needed=True),
    column("due_date", "due_date", "应还日期 还款日期 到期日期 日期", cleaning.day, needed=True),
    column("principal", "principal_fen", "本金 应还本金", cleaning.amount, needed=True, units=YUAN),
    column("interest", "interest_fen", "利息 应还利息", cleaning.amount, needed=True, units=YUAN),
    column("fee", "fee_fen", "费用 应还费用", cleaning.amount, units=YUAN),
    column("effective_on", "", "生效日期 展期日期", cleaning.day),
)
TYPES = ("loan",)
MOST_ROWS = 600
"""So many installments a schedule may have: they travel in one set with their loan."""


def plan(
    rows: Sequence[Row], references: References, registry: Registry, today: date
) -> list[Planned]:
    """Check every row and return one set a loan; where one of its rows is bad, all of them are."""
    by_loan: dict[str, list[Row]] = defaultdict(list)
    loans: dict[str, Borrowed] = {}
    for row in rows:
        loan = find_loan(row, references)
        if loan is not None:
            loans[loan.id] = loan
            by_loan[loan.id].append(row)
    planned: list[Planned] = []
    for loan_id, group in by_loan.items():
        loan = loans[loan_id]
        _check(group, loan, today)
        if any(it.is_bad for it in group):
            _note_others(group)
            continue
        changes = _changes(group, loan, references)
        check_declared(registry, group[0], changes[1:])
        if not group[0].is_bad:
            planned.append(Planned(group[0], tuple(changes), len(group)))
    return planned


def _check(group: Sequence[Row], loan: Borrowed, today: date) -> None:
    """Note what does not fit together, on the row where it shows."""
    first = group[0]
    if len(group) > MOST_ROWS:
        first.fault("loan_no", "too-large")
    effective: date | None = first.values.get("effective_on")
    if any(it.values.get("effective_on") != effective for it in group):
        first.fault("effective_on", "effective-differs")
    if effective is not None and effective > today:
        first.fault("effective_on", "in-the-future")
    if effective is None and loan.restructured_on is not None:
        first.fault("effective_on", "effective-missing")
    if effective is not None and effective.isoformat() < (loan.restructured_on or ""):
        first.fault("effective_on", "effective-too-early")
    start = effective.isoformat() if effective else loan.disbursed_on
    before: date | None = None
    for seq, row in enumerate(group, 1):
        if row.values.get("seq", seq) != seq:
            row.fault("seq", "seq-not-next", seq=seq)
        due: date | None = row.values.get("due_date")
        if due is None:
            continue
        if due.isoformat() <= start or (before is not None and due <= before):
            row.fault("due_date", "due-not-after")
        before = due
    if any(it.is_bad for it in group):
        return
    principal = sum(it.values["principal"] for it in group)
    if principal > loan.principal_fen or (effective is None and principal != loan.principal_fen):
        first.fault("principal", "plan-and-amount")


def _note_others(group: Sequence[Row]) -> None:
    for row in group:
        if not row.is_bad:
            row.fault("loan_no", "other-row-bad")


def _changes(group: Sequence[Row], loan: Borrowed, references: References) -> list[Change]:
    version = loan.schedule_version + 1
    effective = group[0].values.get("effective_on")
    moved: dict[str, int | str | None] = {"schedule_version": version}
    if effective is not None:
        moved |= {
            "restructured_on": effective.isoformat(),
            "restructure_count": loan.restructure_count + 1,
            "receipts_before": None,  # by their days: the file does not name them
        }
    update = {
        "op": "update", "type": "loan", "id": loan.id, "customer": loan.customer, "set": moved,
    }  # fmt: skip
    rows = (
        create(
            "installment",
            references.new_id(),
            loan.customer,
            {"fee_fen": 0, **it.fields(), "loan_id": loan.id, "schedule_version": version},
        )
        for it in group
    )
    return [update, *rows]
