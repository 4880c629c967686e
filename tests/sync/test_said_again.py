"""A state that is said again beside something else is no move: nobody is asked for anything twice.

What a move asks for is taken away first, or asked of somebody who may not make it: the words are taken all
the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.lending import (
    ASKED,
    MADE_AT,
    TODAY,
    Desk,
    approval,
    contracted,
    named,
    reviewed,
    signature,
    submitted,
)

Json = Any


def approved(desk: Desk) -> None:
    reviewed(desk)
    desk.does("wang", *approval(desk, "wang"))


def disbursed(desk: Desk) -> None:
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", state="disbursed"))


def dissolved(desk: Desk) -> None:
    desk.make("group", "g", name="柳湾五户联保组", formed_on="2026-01-10")
    desk.does("wang", desk.edit("group", "g", state="dissolved"))


def joined(desk: Desk) -> None:
    desk.make("group", "g", name="柳湾五户联保组", formed_on="2026-01-10")
    desk.does("wang", desk.edit("customer", "liu", group_id=named("g")))
    desk.record("g").fields["state"] = "frozen"  # it would take nobody now


def registered(desk: Desk) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    house = {"application_id": named("app"), "kind": "house", "owner_name": "雷春花"}
    desk.does("li", desk.create("collateral", "house", **house))
    desk.does("he", desk.edit("collateral", "house", state="registered"))


def closed(desk: Desk) -> None:
    desk.make("interaction", "i", kind="complaint", direction="in", at=MADE_AT, summary="态度差")
    desk.make("case", "c", interaction_id=named("i"), kind="complaint", state="open")
    for state in ("in_progress", "resolved", "closed"):
        desk.does("wang", desk.edit("case", "c", state=state))


def confirmed(desk: Desk) -> None:
    desk.does("li", desk.create(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li")],
    ))  # fmt: skip
    desk.does("li", signature(desk, "n", "li"))
    desk.does("wang", desk.edit("inspection_note", "n", state="confirmed"))


def found(desk: Desk) -> None:
    desk.make(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li")],
    )  # fmt: skip
    desk.make(
        "finding", "f", inspection_note_id=named("n"), severity="critical", owner_id=named("li")
    )
    desk.does("li", desk.edit("finding", "f", state="rectified"))


def handed_in(desk: Desk) -> None:
    desk.does("li", desk.create(
        "cash_deposit", "d", officer_id=named("li"), business_date=TODAY, receipt_ids=[],
        counted_fen=0,
    ))  # fmt: skip
    for who, state in (("li", "handed_in"), ("he", "confirmed")):
        desk.does(who, desk.edit("cash_deposit", "d", state=state))


def done(desk: Desk) -> None:
    task = {"title": "收款", "due_on": TODAY, "source": "manual", "assignee_id": named("li")}
    desk.does("wang", desk.create("task", "t", **task))
    desk.does("li", desk.edit("task", "t", state="done"))


Said = tuple[Callable[[Desk], None], str, str, str, dict[str, Json]]
MET = {"conditions_met.sow.on": TODAY}
CASES: dict[str, Said] = {
    "submitted": (submitted, "li", "loan_application", "app", {"officer_opinion": "建议少放。"}),
    "reviewed": (reviewed, "wang", "loan_application", "app", {"expedited": True}),
    "approved": (approved, "wang", "loan_application", "app", {"expedited": True}),
    "contracted": (contracted, "he", "loan_application", "app", MET),
    "disbursed": (disbursed, "he", "loan_application", "app", MET),
    "dissolved": (dissolved, "wang", "group", "g", {"name": "柳湾联保一组"}),
    "registered": (registered, "wang", "collateral", "house", {"condition_note": "砖房两层。"}),
    "closed": (closed, "li", "case", "c", {"satisfaction": 5}),
    "confirmed": (confirmed, "wang", "inspection_note", "n", {"supervisor_comment": "同意。"}),
    "claimed": (found, "zhao", "finding", "f", {"description": "买了摩托三轮。"}),
    "deposited": (handed_in, "wang", "cash_deposit", "d", {"counted_fen": 5}),
    "done": (done, "zhao", "task", "t", {"done_note": "另收 10 元。"}),
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("what", CASES)
def test_a_state_said_again_is_no_move(desk: Desk, what: str) -> None:
    begin, who, type_name, name, more = CASES[what]
    begin(desk)
    state, loans = desk.fields(name)["state"], len(desk.all("loan"))

    desk.does(who, desk.edit(type_name, name, at={"state": state, **more}))

    fields = desk.fields(name)
    assert {it: fields[it] for it in more} == more
    assert (fields["state"], len(desk.all("loan"))) == (state, loans)


def test_a_group_that_is_named_again_is_not_joined_again(desk: Desk) -> None:
    joined(desk)

    desk.does("wang", desk.edit("customer", "liu", group_id=named("g"), phone="13900000001"))

    assert desk.fields("liu")["phone"] == "13900000001"


def test_an_application_that_is_made_again_is_no_new_one(desk: Desk) -> None:
    before = desk.ledger.head
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    desk.does("wang", desk.edit("customer", "liu", state="blocked"))
    again = desk.create("loan_application", "app", **ASKED, purpose_note="仔猪 20 头。")

    result = desk.send("li", again, base=before, device=named("tablet li"))

    assert result.status == "merged", result
    assert desk.fields("app")["purpose_note"] == "仔猪 20 头。"


def test_a_confirmation_that_names_nobody_confirms_nothing(desk: Desk) -> None:
    desk.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    desk.does("wang", desk.create(
        "classification", "c", loan_id=named("loan"), as_of=TODAY, proposed_class="normal",
        proposed_by=named("wang"), confirmed_by=None, confirmed_at=None,
    ))  # fmt: skip

    assert "confirmed_by" not in desk.fields("c")


def test_a_unit_suspended_already_is_renamed_by_the_administrator(desk: Desk) -> None:
    desk.does("tan", desk.edit("org_unit", "outlet", lending_suspended=True))

    desk.does("ding", desk.edit("org_unit", "outlet", lending_suspended=True, name="河口支行"))

    assert desk.fields("outlet")["name"] == "河口支行"
