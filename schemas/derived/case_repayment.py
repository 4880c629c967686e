"""Payments asked for in JSON (vectors/README.md): how late a loan is, where money fell."""

from datetime import date
from typing import Final

from schemas.derived.allocation import NO_PENALTY, Repayment, Replay, replay
from schemas.derived.case import Case, as_money
from schemas.derived.schedule import Installment

CENTS: Final = 2
"""Decimals of money in these vectors."""


def days_past_due_answer(case: Case) -> dict[str, object]:
    """Answer a days-past-due case: payments go to the oldest installment first."""
    as_of = case.day("as_of")
    bills = [
        Installment(number, row.day("due"), _at_least_0(row, "amount"), 0)
        for number, row in enumerate(case.cases("installments"), start=1)
    ]
    state = replay(bills, _repayments(case), as_of, NO_PENALTY).state
    return {
        "expected": {
            "days_past_due": state.dpd,
            "overdue_amount": as_money(state.arrears_fen, CENTS),
        }
    }


def allocation_answer(case: Case) -> dict[str, object]:
    """Answer an allocation case: the split of each payment and the state of each installment."""
    schedule = [_charged_installment(row) for row in case.cases("installments")]
    repayments = _repayments(case)
    last_day = max((row.value_date for row in repayments), default=date.min)
    done = replay(schedule, repayments, last_day, NO_PENALTY)
    return {
        "expected_split": _split_rows(case, done),
        "expected_rows": _allocated_rows(done, schedule),
        "expected_unallocated": as_money(done.state.unallocated_fen, CENTS),
    }


def _charged_installment(row: Case) -> Installment:
    return Installment(
        seq=row.integer("seq"),
        due_date=row.day("due"),
        principal_fen=_at_least_0(row, "principal"),
        interest_fen=_at_least_0(row, "interest"),
        fee_fen=_at_least_0(row, "fee"),
        penalty_fen=_at_least_0(row, "penalty"),
    )


def _at_least_0(row: Case, name: str) -> int:
    coins = row.money(name, CENTS, default="0")
    if coins < 0:
        raise row.fault(name, "must not be negative")
    return coins


def _repayments(case: Case) -> list[Repayment]:
    """Read the payments that count; they are numbered as listed, so a day keeps that order."""
    return [
        Repayment(str(number), f"{number:09d}", row.day("on"), _above_0(row, "amount"))
        for number, row in enumerate(case.cases("payments"))
        if not _is_reversed(row)
    ]


def _above_0(row: Case, name: str) -> int:
    coins = row.money(name, CENTS)
    if coins <= 0:
        raise row.fault(name, "must be above 0")
    return coins


def _is_reversed(row: Case) -> bool:
    return "reversed" in row and row.boolean("reversed")


def _split_rows(case: Case, done: Replay) -> list[dict[str, str]]:
    """Write one row a payment as listed; a reversed one has put nothing anywhere."""
    parts = {int(split.repayment.id): split.parts for split in done.splits}
    rows = []
    for number in range(case.length("payments")):
        sums = {
            "principal": sum(part.principal_fen for part in parts.get(number, ())),
            "interest": sum(part.interest_fen for part in parts.get(number, ())),
            "fee": sum(part.fee_fen for part in parts.get(number, ())),
            "penalty": sum(part.penalty_fen for part in parts.get(number, ())),
        }
        rows.append({name: as_money(coins, CENTS) for name, coins in sums.items()})
    return rows


def _allocated_rows(done: Replay, schedule: list[Installment]) -> list[dict[str, object]]:
    early, late = dict[int, int](), dict[int, int]()
    due = {row.seq: row.due_date for row in schedule}
    for split in done.splits:
        for part in split.parts:
            paid_on = split.repayment.value_date
            if paid_on < due[part.seq]:
                early[part.seq] = early.get(part.seq, 0) + part.total_fen
            elif paid_on > due[part.seq]:
                late[part.seq] = late.get(part.seq, 0) + part.total_fen
    return [
        {
            "seq": row.seq,
            "paid": as_money(row.paid_fen, CENTS),
            "in_advance": as_money(early.get(row.seq, 0), CENTS),
            "late": as_money(late.get(row.seq, 0), CENTS),
            "outstanding": as_money(row.owed_fen, CENTS),
        }
        for row in done.state.balances
    ]
