"""What guards and follow-ups look at is told from the changes alone, so that it is loaded in one read."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change, Op
from schemas.registry import REGISTRY
from sync import follow_ups
from sync.guards import checking, groups
from tests.sync.lending import LIU, Desk, named

Json = Any


INJURED: dict[str, Json] = {"answers.R03.value": "yes"}
SIGNED: dict[str, Json] = {"signed_by.a.user": named("li")}


def change(type_name: str, name: str = "x", op: Op = "update", **fields: Json) -> Change:
    under = None if type_name in REGISTRY.types and REGISTRY[type_name].reference else LIU
    return Change(op, type_name, named(name), under, fields)


FOLLOWED: list[tuple[Change, set[str]]] = [
    (change("customer", phone="1"), set()),
    (change("later_type", state="x"), set()),
    (change("loan_application", state="approved"), {"decision", "product", "parameter"}),
    (change("loan_application", purpose="购买仔猪"), set()),
    (change("warning_signal", rule="W07", severity="red"), {"group", "customer"}),
    (change("repayment", op="create", amount_fen=1), {"loan", "installment"}),
    (change("classification", op="create", proposed_class="normal"), {"loan", "parameter"}),
    (change("inspection_note", **INJURED), {"loan"}),
    (change("inspection_note", narrative="甲"), set()),
]


@pytest.mark.parametrize(("one", "least"), FOLLOWED, ids=range(len(FOLLOWED)))
def test_what_follow_ups_look_at(one: Change, least: set[str]) -> None:
    found = follow_ups.needed(REGISTRY, [one])

    assert least <= found
    assert bool(found) == bool(least)


def test_what_a_signature_asks_for() -> None:
    signed = change("inspection_note", **SIGNED)

    assert "attachment" in follow_ups.needed(REGISTRY, [signed])


def test_what_guards_look_at() -> None:
    assert checking.needed(REGISTRY, [change("later_type", state="x")]) == set()
    assert checking.needed(REGISTRY, [change("customer", phone="1")]) == set()
    approves = checking.needed(REGISTRY, [change("loan_application", state="approved")])
    assert {"decision", "loan", "org_unit"} <= approves


def test_groups_whose_members_are_asked_for() -> None:
    desk = Desk()
    desk.make("group", "g", name="柳湾", formed_on="2026-01-10")
    desk.does("wang", desk.edit("customer", "liu", group_id=named("g")))
    asked = [
        change("group", "g", state="active"),
        Change("update", "group", named("other"), None, {"name": "新名"}),
        Change("update", "customer", LIU, LIU, {"group_id": named("h")}),
        Change("update", "customer", named("new"), named("new"), {"group_id": None}),
        Change("update", "customer", LIU, LIU, {"phone": "1"}),
    ]

    assert groups.asked_about(desk.ledger, asked) == {named("g"), named("h")}


def test_records_that_a_move_is_about() -> None:
    desk = Desk()
    desk.make(
        "handover", "h", from_officer_id=named("li"), to_officer_id=named("zhao"),
        witness_id=named("tan"), reason="leave", effective_on="2026-06-22",
        **{f"items.{LIU}.listed": True},
    )  # fmt: skip
    desk.make(
        "cash_deposit", "full", officer_id=named("li"), business_date="2026-06-16", receipt_ids=[],
    )  # fmt: skip
    desk.record("full").fields["receipt_ids"] = [named("receipt")]
    moves = [
        change("handover", "h", state="in_review"),
        change("cash_deposit", "full", state="confirmed"),
        change("cash_deposit", "gone", state="confirmed"),
    ]

    assert follow_ups.also_named(desk.ledger, moves) == {LIU, named("receipt")}
    others = [
        change("cash_deposit", "full", state="handed_in"),
        change("handover", "gone", state="signed"),
    ]
    assert follow_ups.also_named(desk.ledger, others) == set()
