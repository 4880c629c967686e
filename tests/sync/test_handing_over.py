"""A handover moves customers when it takes effect, and lets those look before who have to answer (6.7)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from sync.guards.handovers import answer, customers
from tests.sync.lending import LIU, Desk, named, signature

Json = Any
FEI = named("fei")


@pytest.fixture
def desk() -> Desk:
    """Zhao's customers liu and fei are to go to Li; Tan is the witness."""
    made = Desk()
    made.customer("fei", "999901198509230028", "zhao")
    made.does(None, made.create("assignment", "liu to zhao", **primary("liu", "zhao")))
    made.does(
        "wang",
        made.create(
            "handover", "h", from_officer_id=named("zhao"), to_officer_id=named("li"),
            witness_id=named("tan"), reason="leave", effective_on="2026-06-22",
            **{f"items.{it}.listed": True for it in (LIU, FEI)},
        ),
    )  # fmt: skip
    return made


def primary(customer: str, user: str) -> dict[str, str]:
    return {
        "officer_id": named(user), "customer_id": named(customer), "role": "primary",
        "valid_from": "2026-06-01",
    }  # fmt: skip


def holders(desk: Desk, customer: str) -> set[tuple[str, str]]:
    """Return who holds a customer now, and as what."""
    found = desk.ledger.records[named(customer)].holders
    names = {named(it): it for it in ("li", "zhao", "wu", "tan")}
    return {(names[it.user], it.role) for it in found if it.ended is None}


def move(desk: Desk, user: str | None, state: str) -> None:
    desk.does(user, desk.edit("handover", "h", state=state))


def agreed_and_signed(desk: Desk) -> None:
    move(desk, "wang", "in_review")
    answers = {f"items.{it}.agreed": True for it in (LIU, FEI)}
    desk.does("li", desk.edit("handover", "h", at={**answers, "state": "agreed"}))
    for who in ("zhao", "li", "tan"):
        desk.does(who, signature(desk, "h", who, "handover"))
    assert desk.fields("h")["state"] == "signed"


def test_while_it_is_looked_at_the_incoming_officer_and_the_witness_see_the_customers(
    desk: Desk,
) -> None:
    assert holders(desk, "fei") == {("zhao", "primary")}

    move(desk, "wang", "in_review")

    looking = {("zhao", "primary"), ("li", "inspector"), ("tan", "inspector")}
    assert holders(desk, "fei") == holders(desk, "liu") == looking


def test_a_handover_that_is_cancelled_leaves_things_as_they_were(desk: Desk) -> None:
    move(desk, "wang", "in_review")
    move(desk, "wang", "cancelled")

    assert holders(desk, "fei") == {("zhao", "primary")}


def test_when_it_takes_effect_the_incoming_officer_is_the_primary(desk: Desk) -> None:
    agreed_and_signed(desk)
    assert ("zhao", "primary") in holders(desk, "fei")

    move(desk, None, "effective")

    assert holders(desk, "fei") == holders(desk, "liu") == {("li", "primary")}


def test_whom_somebody_else_has_meanwhile_is_not_moved(desk: Desk) -> None:
    agreed_and_signed(desk)
    desk.does(None, desk.create("assignment", "fei to wu", **primary("fei", "wu")))

    move(desk, None, "effective")

    assert holders(desk, "fei") == {("wu", "primary")}
    assert holders(desk, "liu") == {("li", "primary")}


def test_nobody_but_the_server_lets_it_take_effect(desk: Desk) -> None:
    agreed_and_signed(desk)

    for who in ("wang", "li"):
        assert desk.refused(who, desk.edit("handover", "h", state="effective"))


# ------------------------------------------------------------------------------- who writes what, until when


def part(desk: Desk, leaf: str, value: Json, of: str = LIU, **more: Json) -> Change:
    return desk.edit("handover", "h", at={f"items.{of}.{leaf}": value, **more})


def objected(desk: Desk) -> None:
    """Li takes fei over and not liu, of whose arrears nobody told her."""
    move(desk, "wang", "in_review")
    answers = {f"items.{FEI}.agreed": True, f"items.{LIU}.objection": "未告知逾期。"}
    desk.does("li", desk.edit("handover", "h", at=answers))
    assert desk.fields("h")["state"] == "objected"


def test_with_the_last_answer_it_moves_by_itself(desk: Desk) -> None:
    move(desk, "wang", "in_review")
    desk.does("li", part(desk, "agreed", True, FEI))
    assert desk.fields("h")["state"] == "in_review"

    desk.does("li", part(desk, "agreed", True))

    assert desk.fields("h")["state"] == "agreed"


def test_who_hands_over_whom_is_settled_when_it_is_opened(desk: Desk) -> None:
    others = [part(desk, "listed", False), desk.edit("handover", "h", witness_id=named("wu"))]
    desk.does("wang", others[0])
    desk.does("wang", part(desk, "listed", True))
    move(desk, "wang", "in_review")

    for it in others:
        assert desk.refused("wang", it)[:2] == ("invalid-transition", "handover-open")


def test_nobody_writes_a_part_of_whom_is_not_on_the_list(desk: Desk) -> None:
    move(desk, "wang", "in_review")
    desk.customer("huang", "999901197001010011", "zhao")

    other = part(desk, "appraisal", "与台账相符。", named("huang"))
    assert desk.refused("tan", other)[:2] == ("invalid-value", "handover-not-listed")
    desk.does("tan", part(desk, "appraisal", "与台账相符。"))


@pytest.mark.parametrize(
    ("who", "leaf"), [("zhao", "from_risk_note"), ("tan", "appraisal"), ("li", "objection")]
)
def test_what_was_agreed_is_not_written_on(desk: Desk, who: str, leaf: str) -> None:
    agreed_and_signed(desk)

    late = part(desk, leaf, "补充说明。")
    assert desk.refused(who, late)[:2] == ("invalid-transition", "handover-fixed")


def test_nobody_signs_before_it_is_agreed(desk: Desk) -> None:
    move(desk, "wang", "in_review")

    early = signature(desk, "h", "zhao", "handover")
    assert desk.refused("zhao", early)[:2] == ("invalid-transition", "handover-not-agreed")


def test_an_objection_is_ruled_on_in_one_s_own_name_before_it_goes_on(desk: Desk) -> None:
    objected(desk)
    agree = {"state": "agreed"}
    ruling = {f"items.{LIU}.ruling": "按现状接收。", f"items.{LIU}.ruled_by": named("guo")}

    unruled = desk.refused("guo", desk.edit("handover", "h", **agree))
    assert unruled[:2] == ("invalid-transition", "handover-unruled")
    by_another = desk.refused("deng", desk.edit("handover", "h", at={**ruling, **agree}))
    assert by_another[:2] == ("not-permitted", "own-name")
    desk.does("guo", desk.edit("handover", "h", at={**ruling, **agree}))
    assert desk.fields("h")["state"] == "agreed"


# ------------------------------------------------------------------------------------ answers, rulings


@pytest.mark.parametrize(
    ("liu", "fei", "state"),
    [
        ({}, {}, "in_review"),
        ({"agreed": True}, {}, "in_review"),
        ({"agreed": True}, {"agreed": True}, "agreed"),
        ({"objection": "未告知逾期"}, {}, "in_review"),
        ({"objection": "未告知逾期"}, {"agreed": True}, "objected"),
        ({"objection": "未告知逾期"}, {"objection": "押品未见"}, "objected"),
        ({"objection": "未告知逾期", "agreed": True}, {"agreed": True}, "objected"),
    ],
)
def test_the_answers_themselves_move_it_when_the_last_has_come(
    desk: Desk, liu: dict[str, Json], fei: dict[str, Json], state: str
) -> None:
    """A tablet without a network writes answers, not moves; the server draws the conclusion."""
    move(desk, "wang", "in_review")

    for customer, said in ((LIU, liu), (FEI, fei)):
        if said:
            at = {f"items.{customer}.{leaf}": it for leaf, it in said.items()}
            desk.does("li", desk.edit("handover", "h", at=at))

    assert desk.fields("h")["state"] == state


def test_an_answer_that_was_there_before_it_was_opened_counts_then(desk: Desk) -> None:
    desk.does(
        "li", desk.edit("handover", "h", at={f"items.{it}.agreed": True for it in (LIU, FEI)})
    )
    assert desk.fields("h")["state"] == "draft"

    move(desk, "wang", "in_review")

    assert desk.fields("h")["state"] == "agreed"
    assert ("li", "inspector") in holders(desk, "fei")


def objected_to_both(desk: Desk) -> None:
    move(desk, "wang", "in_review")
    at = {f"items.{LIU}.objection": "未告知逾期", f"items.{FEI}.objection": "押品未见"}
    desk.does("li", desk.edit("handover", "h", at=at))


def ruling(desk: Desk, who: str, *customers: str, state: str | None = "agreed") -> Change:
    at: dict[str, Json] = {} if state is None else {"state": state}
    for it in customers:
        at |= {f"items.{it}.ruling": "按现状接收", f"items.{it}.ruled_by": named(who)}
    return desk.edit("handover", "h", at=at)


def test_every_objection_has_its_ruling_before_it_goes_on(desk: Desk) -> None:
    objected_to_both(desk)

    early = desk.refused("guo", ruling(desk, "guo", LIU))
    assert early[:2] == ("invalid-transition", "handover-unruled")
    desk.does("guo", ruling(desk, "guo", LIU, state=None))
    desk.does("guo", ruling(desk, "guo", FEI))

    assert desk.fields("h")["state"] == "agreed"


def test_nobody_rules_in_the_name_of_another(desk: Desk) -> None:
    objected_to_both(desk)
    borrowed = desk.edit("handover", "h", at={f"items.{LIU}.ruled_by": named("deng")})

    assert desk.refused("guo", borrowed)[:2] == ("not-permitted", "own-name")


@pytest.mark.parametrize("who", ["wang", "li", "zhao", "tan"])
def test_only_the_committee_rules(desk: Desk, who: str) -> None:
    objected_to_both(desk)

    assert desk.refused(who, ruling(desk, who, LIU, FEI))[0] == "not-permitted"


# ---------------------------------------------------------------------------------- what stays as it was


@pytest.mark.parametrize(
    ("who", "leaf", "value"),
    [
        ("zhao", "from_risk_note", "无异常。"),
        ("tan", "appraisal", "与台账相符。"),
        ("li", "objection", "未告知逾期"),
    ],
)
def test_what_was_agreed_is_not_rewritten_before_it_is_signed(
    desk: Desk, who: str, leaf: str, value: str
) -> None:
    move(desk, "wang", "in_review")
    answers = {f"items.{it}.agreed": True for it in (LIU, FEI)}
    desk.does("li", desk.edit("handover", "h", at=answers))
    late = desk.edit("handover", "h", at={f"items.{LIU}.{leaf}": value})

    assert desk.refused(who, late)[:2] == ("invalid-transition", "handover-fixed")


@pytest.mark.parametrize("who", ["zhao", "li", "tan"])
@pytest.mark.parametrize("state", ["draft", "in_review", "objected"])
def test_none_of_the_three_signs_before_it_is_agreed(desk: Desk, who: str, state: str) -> None:
    if state == "objected":
        objected_to_both(desk)
    elif state == "in_review":
        move(desk, "wang", "in_review")

    early = desk.refused(who, signature(desk, "h", who, "handover"))

    assert early[:2] == ("invalid-transition", "handover-not-agreed")


def test_the_list_is_what_was_listed() -> None:
    fields = {"items.a.listed": True, "items.b.listed": None, "items.c.agreed": True}

    assert customers(fields) == ["a"]
    assert answer(fields) is None
    assert answer({**fields, "items.a.agreed": True}) == "agreed"
    assert answer({**fields, "items.a.agreed": True, "items.a.objection": " "}) == "agreed"
    assert answer({}) is None
