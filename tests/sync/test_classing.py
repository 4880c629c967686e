"""The class of a loan: its floor by days and facts, and who may say otherwise (domain.md, section 8.5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.messages import Change
from tests.sync.lending import TODAY, Desk, named

Json = Any


@pytest.fixture
def desk() -> Desk:
    return Desk()


def lend(desk: Desk, dpd: int, name: str = "loan", **fields: Json) -> None:
    """Make a loan that is so many days past due today."""
    due = date.fromisoformat(TODAY) - timedelta(days=dpd)
    desk.make("loan", name, **{
        "product_id": named("nh01"), "principal_fen": 10_000_00, "rate_bps": 840,
        "method": "bullet", "disbursed_on": "2024-01-10", "maturity_on": due.isoformat(),
        "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": named("li"),
        "responsible": {}, **fields,
    })  # fmt: skip


def proposal(desk: Desk, proposed: str, name: str = "c", **fields: Json) -> Change:
    return desk.create("classification", name, **{
        "loan_id": named("loan"), "as_of": TODAY, "proposed_class": proposed,
        "proposed_by": named("li"), **fields,
    })  # fmt: skip


FLOORS = [
    (0, "normal"), (1, "special_mention"), (90, "special_mention"), (91, "substandard"),
    (270, "substandard"), (271, "doubtful"), (360, "doubtful"), (361, "loss"),
]  # fmt: skip
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


@pytest.mark.parametrize(("dpd", "floor"), FLOORS)
def test_the_system_says_the_floor_and_no_class_is_better(desk: Desk, dpd: int, floor: str) -> None:
    lend(desk, dpd)
    at = CLASSES.index(floor)
    if at > 0:
        better = proposal(desk, CLASSES[at - 1])
        assert desk.refused("li", better)[:2] == ("invalid-value", "class-above-floor")

    desk.does("li", proposal(desk, floor))

    assert desk.fields("c")["system_class"] == floor
    if at + 1 < len(CLASSES):
        desk.does("li", proposal(desk, CLASSES[at + 1], "worse", reason="猪瘟损失九头"))
        assert desk.fields("worse")["system_class"] == floor


def test_whoever_differs_says_why(desk: Desk) -> None:
    lend(desk, 0)

    result = desk.send("li", proposal(desk, "substandard"))
    assert (result.errors[0].code, result.errors[0].field) == ("required", "reason")
    desk.does("li", proposal(desk, "substandard", reason="猪瘟损失九头"))


@pytest.mark.parametrize(
    ("dpd", "reason", "allowed"),
    [(7, "银行系统故障", True), (7, None, False), (8, "银行系统故障", False)],
)
def test_a_technical_delay_may_stay_normal(
    desk: Desk, dpd: int, reason: str | None, allowed: bool
) -> None:
    lend(desk, dpd)

    change = proposal(desk, "normal", reason=reason)
    if allowed:
        desk.does("li", change)
        assert desk.fields("c")["system_class"] == "special_mention"
    else:
        assert desk.refused("li", change)[1] == "class-above-floor"


@pytest.mark.parametrize(
    ("restructured_on", "floor"), [("2025-06-17", "special_mention"), ("2025-06-16", "normal")]
)
def test_a_restructured_loan_is_watched_for_a_year(
    desk: Desk, restructured_on: str, floor: str
) -> None:
    lend(desk, 0, restructured_on=restructured_on, restructure_count=1)

    desk.does("li", proposal(desk, floor))
    assert desk.fields("c")["system_class"] == floor


def test_one_loan_that_does_not_perform_marks_the_others(desk: Desk) -> None:
    lend(desk, 0)
    lend(desk, 91, "other")

    assert desk.refused("li", proposal(desk, "normal"))[1] == "class-above-floor"
    desk.does("li", proposal(desk, "special_mention"))
    assert desk.fields("c")["system_class"] == "special_mention"


def test_a_lender_sets_days_of_its_own_and_days_that_do_not_rise_are_none(desk: Desk) -> None:
    lend(desk, 181)
    desk.make(
        "parameter", "doubtful", key="class_doubtful_days", value=181, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.does("li", proposal(desk, "doubtful"))
    assert desk.fields("c")["system_class"] == "doubtful"

    desk.make(
        "parameter", "loss", key="class_loss_days", value=100, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.does("li", proposal(desk, "substandard", "again"))
    assert desk.fields("again")["system_class"] == "substandard"


def test_what_was_said_is_confirmed_by_another_and_the_floor_still_binds(desk: Desk) -> None:
    lend(desk, 0)
    desk.does("li", proposal(desk, "normal"))
    confirm = desk.edit(
        "classification", "c", confirmed_by=named("wang"), confirmed_at=f"{TODAY}T09:00:00.000Z"
    )  # fmt: skip

    assert desk.refused("li", confirm)[0] == "not-permitted"
    desk.record("loan").fields["maturity_on"] = "2026-01-01"
    assert desk.refused("wang", confirm)[1] == "class-above-floor"
    desk.record("loan").fields["maturity_on"] = TODAY
    desk.does("wang", confirm)


# ------------------------------------------------------------------------------- a better class again


def marked(desk: Desk, as_of: str) -> None:
    """Let the loan be special mention, confirmed, on a day."""
    worse = proposal(desk, "special_mention", "worse", as_of=as_of, reason="猪瘟损失九头")
    desk.does("li", worse)
    said = {"confirmed_by": named("wang"), "confirmed_at": f"{as_of}T09:00:00.000Z"}
    desk.does("wang", desk.edit("classification", "worse", **said))


def pay_monthly(desk: Desk, late: int | None = None) -> None:
    """Let a loan fall due on the 10th of each month and be paid that day; *late*: that one a day after."""
    lend(desk, -300)
    for seq in range(1, 13):
        due = date(2026, seq, 10)
        desk.make(
            "installment", f"row {seq}", loan_id=named("loan"), schedule_version=1, seq=seq,
            due_date=due.isoformat(), principal_fen=800_00, interest_fen=50_00, fee_fen=0,
        )  # fmt: skip
        if due.isoformat() <= TODAY:
            paid = due + timedelta(days=int(seq == late))
            desk.make(
                "repayment", f"paid {seq}", loan_id=named("loan"), amount_fen=850_00,
                value_date=paid.isoformat(), channel="transfer", receipt_no=f"KK{seq:03}",
            )  # fmt: skip


@pytest.mark.parametrize(
    ("since", "late", "allowed"),
    [
        ("2025-12-16", None, True),
        ("2025-12-17", None, False),
        ("2025-12-16", 3, False),
        ("2026-05-01", None, False),
    ],
    ids=[
        "six months on time",
        "a day too early",
        "one was late",
        "two installments, not six months",
    ],
)
def test_a_better_class_than_the_confirmed_one_was_earned(
    desk: Desk, since: str, late: int | None, allowed: bool
) -> None:
    pay_monthly(desk, late)
    marked(desk, since)
    better = proposal(desk, "normal", "better", reason="已按期还款")

    if not allowed:
        assert desk.refused("li", better)[:2] == ("invalid-value", "class-better-too-early")
        desk.does("li", proposal(desk, "special_mention", "same", reason="仍需观察"))
        return
    desk.does("li", better)
    confirm = {"confirmed_at": f"{TODAY}T09:00:00.000Z"}
    mine = desk.edit("classification", "better", confirmed_by=named("wang"), **confirm)
    assert desk.refused("wang", mine)[1] == "upgrade-above"
    desk.does("sun", desk.edit("classification", "better", confirmed_by=named("sun"), **confirm))


def test_a_lender_may_ask_for_more_or_less_before_a_better_class(desk: Desk) -> None:
    pay_monthly(desk)
    marked(desk, "2026-04-01")
    better = proposal(desk, "normal", "better", reason="已按期还款")
    assert desk.refused("li", better)[1] == "class-better-too-early"

    for key, value in (("better_class_months", 2), ("better_class_installments", 4)):
        desk.make("parameter", key, key=key, value=value, unit_id=named("outlet"), valid_from=TODAY)
    assert desk.refused("li", better)[1] == "class-better-too-early"
    desk.make(
        "parameter", "fewer", key="better_class_installments", value=3, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.does("li", better)
