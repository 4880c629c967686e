"""Cash that is forbidden, loans that are given up, tasks that are ended (domain.md, 5.5, 6.2 and 6.9)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from tests.sync.lending import TODAY, Desk, named

Json = Any


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    return made


def receipt(desk: Desk, name: str, channel: str = "cash") -> Change:
    return desk.create(
        "repayment", name, loan_id=named("loan"), amount_fen=500_00 + len(name), value_date=TODAY,
        channel=channel, receipt_no=name,
    )  # fmt: skip


@pytest.mark.parametrize(("value", "allowed"), [(False, False), (True, True), (None, True)])
def test_a_lender_that_forbids_cash_takes_none(
    desk: Desk, value: bool | None, allowed: bool
) -> None:
    desk.make(
        "parameter", "cash", key="cash_allowed", value=value, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip

    if allowed:
        desk.does("li", receipt(desk, "one"))
    else:
        assert desk.refused("li", receipt(desk, "one"))[:2] == ("not-permitted", "cash-not-allowed")
    desk.does("li", receipt(desk, "another", "transfer"))


def test_a_loan_is_written_off_by_the_third_tier(desk: Desk) -> None:
    off = desk.edit("loan", "loan", state="written_off")

    assert desk.refused("guo", off)[:2] == ("not-permitted", "above-authority")
    assert desk.refused("wang", off)[0] == "not-permitted"
    desk.does("deng", off)
    desk.does("li", receipt(desk, "recovered", "transfer"))
    assert desk.fields("loan")["state"] == "written_off"


# ------------------------------------------------------------------------------------------ tasks


def task(desk: Desk, assignee: str = "li") -> None:
    desk.does("wang", desk.create(
        "task", "t", title="收款", due_on=TODAY, source="manual", assignee_id=named(assignee)
    ))  # fmt: skip


def ends(desk: Desk, state: str, **fields: Json) -> Change:
    return desk.edit("task", "t", state=state, **fields)


@pytest.mark.parametrize("who", ["li", "tan"])
def test_a_task_is_done_by_whom_it_is_for_or_a_supervisor(desk: Desk, who: str) -> None:
    task(desk)

    assert desk.refused("zhao", ends(desk, "done"))[:2] == ("not-permitted", "task-of-another")
    desk.does(who, ends(desk, "done", done_note="已收 500 元。"))


def test_whoever_sits_in_the_office_ends_what_is_for_him(desk: Desk) -> None:
    task(desk, "sun")
    desk.does("sun", ends(desk, "done"))


@pytest.mark.parametrize("who", ["li", "wang"])
@pytest.mark.parametrize("said", ["cancel_reason", "done_note"])
def test_it_is_cancelled_with_a_reason(desk: Desk, who: str, said: str) -> None:
    task(desk)

    result = desk.send(who, ends(desk, "cancelled", **{said: "  "}))
    assert (result.errors[0].code, result.errors[0].field) == ("required", "cancel_reason")
    assert desk.refused("zhao", ends(desk, "cancelled", **{said: "x"}))[1] == "task-of-another"
    desk.does(who, ends(desk, "cancelled", **{said: "已提前还清。"}))


def test_of_somebody_who_left_it_is_for_who_has_the_customer_now(desk: Desk) -> None:
    task(desk)
    taken = desk.create(
        "assignment", "liu to zhao", officer_id=named("zhao"), customer_id=named("liu"),
        role="primary", valid_from=TODAY,
    )  # fmt: skip
    assert desk.refused("zhao", ends(desk, "done"))[1] == "task-of-another"

    desk.does(None, taken)

    assert desk.refused("wu", ends(desk, "done"))[1] == "task-of-another"
    desk.does("zhao", ends(desk, "done"))
