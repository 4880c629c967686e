"""Cash that is handed in at the end of a day (domain.md, sections 5.5 and 6.9)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from tests.sync.lending import TODAY, Desk, named

Json = Any


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    for name, amount, who, channel in (
        ("r1", 3000_00, "li", "cash"), ("r2", 200_00, "li", "cash"),
        ("r3", 100_00, "li", "transfer"), ("r4", 50_00, "zhao", "cash"),
    ):  # fmt: skip
        found.does(who, found.create(
            "repayment", name, loan_id=named("loan"), amount_fen=amount, value_date=TODAY,
            channel=channel, receipt_no=name, collected_by=named(who),
        ))  # fmt: skip
    return found


def deposit(desk: Desk, name: str, *receipts: str, counted: int | None = None) -> Change:
    return desk.create(
        "cash_deposit", name, officer_id=named("li"), business_date=TODAY, state="open",
        receipt_ids=[named(it) for it in receipts], counted_fen=counted,
    )  # fmt: skip


def move(desk: Desk, state: str, **fields: Json) -> Change:
    return desk.edit("cash_deposit", "deposit", state=state, **fields)


def test_what_was_taken_is_handed_in_and_confirmed_by_the_clerk(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1", "r2", counted=3200_00))
    desk.does("li", move(desk, "handed_in"))
    desk.does("he", move(desk, "confirmed"))

    assert desk.fields("deposit")["state"] == "confirmed"
    assert desk.fields("deposit")["received_by"] == named("he")


@pytest.mark.parametrize("receipt", ["r3", "r4"], ids=["a transfer", "another's cash"])
def test_only_one_s_own_cash_is_handed_in(desk: Desk, receipt: str) -> None:
    assert desk.refused("li", deposit(desk, "deposit", "r1", receipt))[1] == "not-own-cash"


def test_a_receipt_lies_in_one_deposit_at_most(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1"))

    assert desk.refused("li", deposit(desk, "another", "r1", "r2"))[1] == "deposited-already"
    desk.does("li", deposit(desk, "another", "r2"))
    more = desk.edit("cash_deposit", "another", receipt_ids={"add": [named("r1")]})
    assert desk.refused("li", more)[1] == "deposited-already"


def test_what_lies_in_it_already_is_not_asked_about_again(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1"))
    del desk.ledger.records[named("r1")]  # not loaded, as the set does not name it

    desk.does("li", desk.edit("cash_deposit", "deposit", receipt_ids={"add": [named("r2")]}))

    assert desk.fields("deposit")["receipt_ids"] == [named("r1"), named("r2")]


def test_a_difference_needs_its_reason(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1", counted=2990_00))
    desk.does("li", move(desk, "handed_in"))

    result = desk.send("he", move(desk, "confirmed"))
    assert (result.errors[0].code, result.errors[0].field) == ("required", "difference_reason")
    desk.does("he", move(desk, "confirmed", difference_reason="少 10 元，次日补齐。"))


def test_what_was_not_counted_is_not_confirmed(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1"))
    desk.does("li", move(desk, "handed_in"))

    result = desk.send("he", move(desk, "confirmed"))
    assert (result.errors[0].code, result.errors[0].field) == ("required", "counted_fen")


def test_a_dispute_has_a_reason_and_is_settled_by_a_supervisor(desk: Desk) -> None:
    desk.does("li", deposit(desk, "deposit", "r1", counted=2990_00))
    desk.does("li", move(desk, "handed_in"))

    assert desk.refused("he", move(desk, "disputed"))[0] == "required"
    desk.does("he", move(desk, "disputed", difference_reason="少 10 元。"))
    assert desk.send("he", move(desk, "confirmed")).status == "rejected"
    desk.does("wang", move(desk, "confirmed"))
