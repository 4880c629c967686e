"""Schedules and postings of a core banking system: whole loans, and each key once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from schemas.registry import REGISTRY
from server import readmodels
from server.importing.batch import Outcome
from server.importing.sentences import Trouble
from server.verify import verify
from tests.server.importing.desk import (
    AS_OF,
    LOAN,
    REPAYMENT,
    Desk,
    customer,
    reasons,
    write_csv,
)

POSTING = {"幂等键": "K1", **REPAYMENT}
SCHEDULE = [
    {"借据号": "JJ1", "期次": "1", "应还日期": "2026-07-15", "本金": "10000", "利息": "1200.50"},
    {"借据号": "JJ1", "期次": "2", "应还日期": "2027-01-15", "本金": "20000", "利息": "900"},
]


@pytest.fixture
def lending(desk: Desk) -> Desk:
    """The desk with one customer and her loan JJ1 of 30,000 yuan."""
    desk.customers(customer())
    desk.loans(LOAN)
    return desk


def post(desk: Desk, *rows: Mapping[str, str], **wish: Any) -> Outcome:
    return desk.run("postings", write_csv(desk.folder / "postings.csv", rows), **wish)


def schedule(desk: Desk, *rows: Mapping[str, str], **wish: Any) -> Outcome:
    return desk.run("schedules", write_csv(desk.folder / "schedules.csv", rows), **wish)


def owed(desk: Desk, today: date = AS_OF) -> tuple[int, str | None]:
    """Return what is outstanding on the one loan, and the oldest day that was not paid."""
    with desk.landing() as landing:
        readmodels.rebuild(landing.connection, landing.branch.id, today)
        row = landing.connection.execute(readmodels.loan_position.select()).one()
        return row.outstanding_fen, row.oldest_unpaid_on


# ---------------------------------------------------------------------------------------- postings


def test_a_file_of_postings_may_be_sent_again(lending: Desk) -> None:
    more = {**POSTING, "幂等键": "K2", "流水号": "LS2", "还款日期": "2026-03-15"}

    first = post(lending, POSTING)
    again = post(lending, POSTING, more)

    assert (first.imported, again.imported) == (1, 1)
    assert [(it.row, it.key) for it in again.warnings] == [(2, "posted-already")]
    assert [it["receipt_no"] for it in lending.fields("repayment")] == ["LS1", "LS2"]
    whole = post(lending, POSTING, more)
    assert (whole.imported, whole.batch, whole.bad) == (0, None, [])


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"还款金额(元)": "2615.21"}, ("幂等键", "posted-otherwise")),
        ({"流水号": "LS9"}, ("幂等键", "posted-otherwise")),
        ({"幂等键": "K2"}, ("流水号", "there-already")),
        ({"幂等键": "K 2"}, ("幂等键", "unfit-key")),
        ({"幂等键": ""}, ("幂等键", "missing")),
        ({"借据号": "JJ9"}, ("借据号", "unknown-loan")),
        ({"还款日期": "2026-06-17"}, ("还款日期", "in-the-future")),
        ({"冲正流水号": "LS8", "幂等键": "K2", "流水号": "LS2"}, ("冲正流水号", "unknown-receipt")),
    ],
)
def test_what_is_wrong_with_a_posting_is_told(
    lending: Desk, cells: dict[str, str], found: tuple[str, str]
) -> None:
    post(lending, POSTING)

    outcome = post(lending, {**POSTING, **cells})

    assert reasons(outcome) == [(2, *found)]
    assert len(lending.fields("repayment")) == 1


def test_a_posting_takes_a_receipt_back(lending: Desk) -> None:
    post(lending, POSTING)
    before = owed(lending)

    back = {**POSTING, "幂等键": "K2", "流水号": "LS2", "冲正流水号": "LS1"}
    outcome = post(lending, back)

    assert reasons(outcome) == []
    assert lending.fields("repayment")[1]["reverses_id"] == lending.records("repayment")[0].id
    assert owed(lending)[0] > before[0]


def test_a_receipt_without_a_number_takes_its_key_for_one(lending: Desk) -> None:
    row = {key: it for key, it in POSTING.items() if key != "流水号"}

    post(lending, row)

    assert [it["receipt_no"] for it in lending.fields("repayment")] == ["K1"]


# --------------------------------------------------------------------------------------- schedules


def test_a_schedule_stands_for_the_whole_loan(lending: Desk) -> None:
    post(lending, {**POSTING, "还款金额(元)": "500"})

    outcome = schedule(lending, *SCHEDULE)

    assert (outcome.imported, reasons(outcome)) == (2, [])
    (loan,) = lending.fields("loan")
    assert loan["schedule_version"] == 2
    assert "restructured_on" not in loan
    rows = [it for it in lending.fields("installment") if it["schedule_version"] == 2]
    assert [(it["seq"], it["principal_fen"], it["interest_fen"]) for it in rows] == [
        (1, 1_000_000, 120_050),
        (2, 2_000_000, 90_000),
    ]
    assert owed(lending)[1] == "2026-07-15"
    with lending.landing() as landing:
        assert verify(landing.connection, REGISTRY).finding is None


def test_a_restructured_loan_says_from_which_day(lending: Desk) -> None:
    rows = [{**it, "生效日期": "2026-06-10"} for it in SCHEDULE]

    schedule(lending, *rows)
    twice = schedule(lending, *SCHEDULE)

    (loan,) = lending.fields("loan")
    assert (loan["restructured_on"], loan["restructure_count"]) == ("2026-06-10", 1)
    assert reasons(twice)[0] == (2, "生效日期", "effective-missing")


@pytest.mark.parametrize(
    ("row", "cells", "found"),
    [
        (1, {"本金": "19999.99"}, (2, "本金", "plan-and-amount")),
        (1, {"期次": "3"}, (3, "期次", "seq-not-next")),
        (1, {"应还日期": "2026-07-15"}, (3, "应还日期", "due-not-after")),
        (0, {"应还日期": "2026-01-15"}, (2, "应还日期", "due-not-after")),
        (1, {"利息": "-1"}, (3, "利息", "negative")),
        (1, {"生效日期": "2026-06-10"}, (2, "生效日期", "effective-differs")),
    ],
)
def test_a_schedule_comes_whole_or_not_at_all(
    lending: Desk, row: int, cells: dict[str, str], found: tuple[int, str, str]
) -> None:
    rows = [{"生效日期": "", **it} for it in SCHEDULE]
    rows[row] |= cells

    outcome = schedule(lending, *rows, skip_bad=True)

    assert found in reasons(outcome)
    assert {it.number for it in outcome.bad} == {2, 3}
    assert [it["schedule_version"] for it in lending.fields("loan")] == [1]


def test_schedules_are_not_taken_back(lending: Desk) -> None:
    outcome = schedule(lending, *SCHEDULE)

    with pytest.raises(Trouble, match="not taken back"):
        lending.undo(outcome.batch)


# --------------------------------------------------------------------------------------- own names


def test_a_lenders_own_names_and_words_are_mapped(lending: Desk) -> None:
    row = {"TXN": "K1", "ACCT": "JJ1", "DT": "20260215", "AMT": "2615.20", "CH": "07", "X": "?"}
    names = {
        "TXN": "key", "ACCT": "loan_no", "DT": "value_date", "AMT": "amount", "CH": "channel",
        "X": None,
    }  # fmt: skip

    outcome = post(lending, row, overrides=names, words={"channel": {"07": "代扣"}})

    assert (outcome.imported, reasons(outcome), outcome.warnings) == (1, [], [])
    assert lending.fields("repayment")[0]["channel"] == "deduction"
