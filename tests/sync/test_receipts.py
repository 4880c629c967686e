"""What follows from receipts: possible doubles, loans paid up and open again (domain.md, 5.5, 6.2, 8.3)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from schemas.messages import Change
from sync.ledger import RecordState
from sync.receipts import may_be_one
from tests.sync.lending import TODAY, Desk, named

Json = Any
OWED = 10_000_00


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=OWED, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    return found


def receipt(desk: Desk, name: str, amount: int = 500_00, **fields: Json) -> Change:
    said = {"loan_id": named("loan"), "value_date": TODAY, "channel": "cash", "receipt_no": name}
    return desk.create("repayment", name, amount_fen=amount, **{**said, **fields})


def ask(desk: Desk, who: str, name: str) -> None:
    task = {"title": "冲正", "due_on": TODAY, "source": "manual", "record_type": "repayment"}
    desk.does(who, desk.create("task", f"ask {name}", record=named(name), **task))


def doubles(desk: Desk) -> list[RecordState]:
    return [it for it in desk.all("conflict") if it.fields["kind"] == "possible_double"]


def decide(desk: Desk, way: str) -> Change:
    return Change(
        "update", "conflict", doubles(desk)[0].id, named("liu"),
        {"status": "resolved", "resolution": way},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"value_date": "2026-06-16", "amount_fen": 5}, True),
        ({"value_date": "2026-06-15", "amount_fen": 5}, True),
        ({"value_date": "2026-06-17", "amount_fen": 5}, True),
        ({"value_date": "2026-06-14", "amount_fen": 5}, False),
        ({"value_date": "2026-06-18", "amount_fen": 5}, False),
        ({"value_date": "2026-06-16", "amount_fen": 6}, False),
    ],
)
def test_two_receipts_may_be_one_payment(other: Json, expected: bool) -> None:
    one = {"value_date": "2026-06-16", "amount_fen": 5}

    assert may_be_one(one, other) is may_be_one(other, one) is expected


def test_two_receipts_of_one_payment_make_a_conflict_in_the_same_set(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-20260616-001"))

    result = desk.send("zhao", receipt(desk, "T2-20260616-001"))

    [found] = doubles(desk)
    assert result.status == "conflict"
    assert result.changes[0].conflicts == (found.id,)
    assert (found.customer, found.fields["status"]) == (named("liu"), "open")
    entries = (found.fields["kept"], *found.fields["others"])
    assert [it["value"]["receipt_no"] for it in entries] == ["T1-20260616-001", "T2-20260616-001"]
    assert [it["by"] for it in entries] == [named("li"), named("zhao")]


def test_one_entered_twice_on_one_tablet_makes_a_conflict_too(desk: Desk) -> None:
    result = desk.send("li", receipt(desk, "T1-1"), receipt(desk, "T1-2"))

    assert result.status == "conflict"
    assert len(doubles(desk)) == 1


def test_other_amounts_other_days_and_reversed_receipts_make_none(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))
    desk.does("li", receipt(desk, "T1-2", 400_00))
    desk.does("li", receipt(desk, "T1-3", value_date="2026-06-14"))
    ask(desk, "li", "T1-1")
    desk.does("wang", receipt(desk, "R-1", reverses_id=named("T1-1")))
    desk.does("li", receipt(desk, "T1-4"))

    assert doubles(desk) == []


def test_one_that_comes_in_with_its_reversal_is_none(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))

    desk.does(None, receipt(desk, "T2-1"), receipt(desk, "R-1", reverses_id=named("T2-1")))

    assert doubles(desk) == []


def test_both_count_when_the_officer_says_so(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))
    desk.send("zhao", receipt(desk, "T2-1"))

    desk.does("li", decide(desk, "both_count"))

    assert doubles(desk)[0].fields["resolution"] == "both_count"


def test_one_is_reversed_by_a_supervisor_with_the_reversal_in_the_same_set(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))
    desk.does("li", receipt(desk, "T1-9", 300_00))
    desk.send("zhao", receipt(desk, "T2-1"))
    for name in ("T1-1", "T1-9", "T2-1"):
        ask(desk, "zhao", name)
    reversal = receipt(desk, "R-1", reverses_id=named("T2-1"))
    elsewhere = receipt(desk, "R-2", 300_00, reverses_id=named("T1-9"))

    assert desk.refused("li", reversal, decide(desk, "reverse_one"))[0] == "not-permitted"
    assert desk.refused("wang", decide(desk, "reverse_one"))[1] == "no-write-with-it"
    assert desk.refused("wang", elsewhere, decide(desk, "reverse_one"))[1] == "no-write-with-it"
    desk.does("wang", reversal, decide(desk, "reverse_one"))

    found = doubles(desk)[0].fields
    assert (found["status"], found["resolution"], found["resolved_by"]) == (
        "resolved", "reverse_one", named("wang"),
    )  # fmt: skip


def test_reversing_one_at_the_counter_settles_what_was_open_about_it(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))
    desk.send("zhao", receipt(desk, "T2-1"))
    ask(desk, "zhao", "T2-1")

    desk.does("he", receipt(desk, "R-1", reverses_id=named("T2-1")))

    found = doubles(desk)[0].fields
    assert (found["status"], found["resolved_by"]) == ("resolved", named("he"))


def test_a_loan_is_settled_when_nothing_is_owed_and_opens_again_by_a_reversal(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1", OWED - 1))
    assert desk.fields("loan")["state"] == "active"
    desk.does("li", receipt(desk, "T1-2", 1))
    assert desk.fields("loan")["state"] == "settled"

    ask(desk, "li", "T1-2")
    desk.does("wang", receipt(desk, "R-1", 1, reverses_id=named("T1-2")))

    assert desk.fields("loan")["state"] == "active"


def test_what_comes_in_on_a_written_off_loan_leaves_it_written_off(desk: Desk) -> None:
    desk.ledger.records[named("loan")].fields["state"] = "written_off"

    desk.does("li", receipt(desk, "T1-1", OWED))

    assert desk.fields("loan")["state"] == "written_off"


def test_the_server_itself_asks_for_no_reversal(desk: Desk) -> None:
    desk.does("li", receipt(desk, "T1-1"))
    ask_by_server = {"title": "冲正", "due_on": TODAY, "source": "rule"}
    desk.make("task", "ask", record_type="repayment", record=named("T1-1"),
              assignee_id=named("wang"), under="liu", **ask_by_server)  # fmt: skip

    refused = desk.refused("wang", receipt(desk, "R-1", reverses_id=named("T1-1")))

    assert refused[1:] == ("reversal-not-asked", "SOD-9")


ARRIVING = {"A": 4000_00, "B": 4000_00, "C": 2000_00, "D": 4000_00}


@pytest.mark.parametrize(
    "order",
    [it for it in permutations("ABCDR") if it.index("D") < it.index("R")],  # what is not there yet
    ids="".join,
)
def test_any_order_of_the_same_receipts_and_their_reversal_gives_the_same_loan_and_doubles(
    desk: Desk, order: tuple[str, ...]
) -> None:
    for name in order:
        if name == "R":
            ask(desk, "li", "D")
            undo = receipt(desk, "R", ARRIVING["D"], reverses_id=named("D"))
            assert desk.send("wang", undo).status == "applied"
        else:
            desk.send("li", receipt(desk, name, ARRIVING[name]))

    pairs = {
        tuple(sorted(e["value"]["receipt_no"] for e in (it["kept"], *it["others"])))
        for it in (one.fields for one in doubles(desk))
        if it["status"] == "open"
    }
    assert desk.fields("loan")["state"] == "settled"
    assert pairs == {("A", "B")}
