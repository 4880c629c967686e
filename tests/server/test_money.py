"""Money in the field through the whole server (domain.md, sections 5.5, 6.2 and 8.3)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.server.branch import GUIYING, LI, PRODUCT, WANG, Server, create, fresh_id, update
from tests.server.counting import counting
from tests.server.test_lending import (
    MADE_AT,
    PUSH,
    Modern,
    in_the_office,
    is_whole,
    modern,
    product,
)

Json = Any
LOAN = "0198f2c4-0000-7000-8000-00000000a001"
OWED = 10_000_00
DAY = MADE_AT[:10]


def lend(server: Server) -> None:
    """Give Guiying a loan that owes its principal alone, as an import makes one."""
    in_the_office(server, "", "server", product())
    loan = create(
        "loan", GUIYING, LOAN, product_id=PRODUCT, principal_fen=OWED, rate_bps=840,
        loan_no="L-1", method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10",
        purpose="购买仔猪", security=["unsecured"], officer_id=LI, responsible={},
        schedule_version=1, restructure_count=0, state="active",
    )  # fmt: skip
    result = in_the_office(server, "", "server", loan)
    assert result["status"] == "applied", result


def receipt(number: str, amount: int, **fields: Json) -> Json:
    said = {"loan_id": LOAN, "value_date": DAY, "channel": "cash", **fields}
    return create("repayment", GUIYING, None, receipt_no=number, amount_fen=amount, **said)


def covered(server: Server) -> tuple[Modern, Modern, Any]:
    """Return Li's tablet, that of Zhao who covers for her, and the supervisor's."""
    wang = server.tablet("wang.jun")
    cover = {"customer": GUIYING, "officer": "zhao.min", "role": "cover", "until": "2026-12-31"}
    assert wang.post("/api/v1/assignments", cover).status == 201
    return modern(server), modern(server, "zhao.min"), wang


def doubles(tablet: Modern) -> list[Json]:
    tablet.catch_up()
    return [
        it
        for it in (one["fields"] for one in tablet.held.values() if one["type"] == "conflict")
        if it["kind"] == "possible_double"
    ]


def test_a6_a_possible_double_reaches_both_tablets_and_is_settled(server: Server) -> None:
    lend(server)
    li, zhao, _ = covered(server)
    assert li.push(receipt("T1-20260616-001", 500_00))["status"] == "applied"

    with counting(server.engine) as counted:
        result = zhao.sync(zhao.change_set(receipt("T2-20260616-001", 500_00)))["results"][0]

    assert result["status"] == "conflict"
    assert counted.statements <= PUSH
    assert [it["status"] for it in doubles(li)] == ["open"]
    assert doubles(li) == doubles(zhao)
    (conflict,) = result["changes"][0]["conflicts"]
    settled = update("conflict", conflict, GUIYING, status="resolved", resolution="both_count")
    assert li.push(settled)["status"] == "applied"
    assert [it["resolution"] for it in doubles(zhao)] == ["both_count"]
    assert is_whole(server)


@pytest.mark.parametrize("seed", range(4))
def test_a5_receipts_of_two_tablets_in_any_order_give_the_same_loan(
    server: Server, seed: int
) -> None:
    """The last receipt pays the loan up, whichever it is."""
    lend(server)
    li, zhao, _ = covered(server)
    chance = random.Random(seed)
    receipts = [receipt(f"T-{it}", part) for it, part in enumerate([4000_00, 3500_00, 2500_00])]
    chance.shuffle(receipts)

    for one in receipts[:-1]:
        assert chance.choice([li, zhao]).push(one)["status"] == "applied"
    assert li.catch_up().fields(LOAN)["state"] == "active"
    assert chance.choice([li, zhao]).push(receipts[-1])["status"] == "applied"

    assert li.catch_up().fields(LOAN)["state"] == "settled"
    assert zhao.catch_up().fields(LOAN) == li.fields(LOAN)
    assert is_whole(server)


def test_a7_sod_9_a_reversal_asked_by_one_and_made_by_another_opens_the_loan(
    server: Server,
) -> None:
    lend(server)
    li, _, _ = covered(server)
    paid = receipt("T1-1", OWED)
    assert li.push(paid)["status"] == "applied"
    assert li.catch_up().fields(LOAN)["state"] == "settled"
    undo = receipt("R-1", OWED, reverses_id=paid["id"])

    assert li.push(undo)["errors"][0]["rule"] == "SOD-9"
    task = create(
        "task", GUIYING, fresh_id(), title="冲正", due_on=DAY, source="manual",
        record_type="repayment", record=paid["id"], assignee_id=LI,
    )  # fmt: skip
    assert li.push(task)["status"] == "applied"
    again = {**undo, "id": fresh_id()}
    result = in_the_office(server, WANG, "supervisor", again)

    assert result["status"] in ("applied", "merged"), result
    assert li.catch_up().fields(LOAN)["state"] == "active"
    assert is_whole(server)


def test_a3_the_same_receipt_sent_twice_counts_once(server: Server) -> None:
    lend(server)
    li = modern(server)
    one = li.change_set(receipt("T1-1", OWED))

    first, second = li.sync(one)["results"][0], li.sync(one)["results"][0]

    assert first["status"] == second["status"] == "applied"
    assert li.catch_up().fields(LOAN)["state"] == "settled"
    assert not doubles(li)


def test_cash_is_handed_in_from_the_tablet_and_confirmed_in_the_office(server: Server) -> None:
    """Step 8 of the walk-through: the clerk's confirmation looks at receipts that its set does not name."""
    lend(server)
    li = modern(server)
    paid = receipt("T1-20260616-001", 3000_00, collected_by=LI)
    deposit = fresh_id()
    handed = create(
        "cash_deposit", None, deposit, officer_id=LI, business_date=DAY, counted_fen=3000_00,
        receipt_ids=[paid["id"]], state="open",
    )  # fmt: skip
    assert li.push(paid)["status"] == "applied"
    again = {**handed, "id": fresh_id()}
    first = li.push(handed)
    assert first["status"] == "applied", first
    assert "another deposit" in li.push(again)["errors"][0]["message"]
    with counting(server.engine) as counted:
        moved = li.push(update("cash_deposit", deposit, None, state="handed_in"))
    assert moved["status"] == "applied"
    assert counted.statements <= PUSH
    clerk = fresh_id()

    less = update("cash_deposit", deposit, None, state="confirmed", counted_fen=2990_00)
    refused = in_the_office(server, clerk, "clerk", less)
    confirmed = update("cash_deposit", deposit, None, state="confirmed")
    result = in_the_office(server, clerk, "clerk", confirmed)

    assert refused["errors"][0]["field"] == "difference_reason"
    assert result["status"] == "applied", result
    assert li.catch_up().fields(deposit)["received_by"] == clerk
    assert is_whole(server)
