"""Joint-liability groups and guarantors (domain.md, sections 5.3 and 6.9): one refused and one allowed each."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.declare import SERVER
from schemas.messages import Change
from schemas.values import derived_id
from tests.sync.lending import ASKED, TODAY, Desk, investigated, named, submission

Json = Any
NAMES = ("fuhai", "wu jia", "tang", "lei", "huang")
LENT: Json = {
    "product_id": named("nh01"), "principal_fen": 10_000_00, "rate_bps": 840, "method": "bullet",
    "maturity_on": "2026-12-10", "purpose": "购买仔猪", "security": ["group"],
    "officer_id": named("li"), "responsible": {},
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    """Five households, of which four are in a group that is forming."""
    made = Desk()
    for at, name in enumerate(NAMES):
        made.customer(name, ID_NUMBERS[at])
    made.make("group", "g", name="柳湾五户联保组", formed_on="2026-01-10")
    made.make("org_unit", "other", code="NP", name="南坪", kind="outlet", parent_id=named("county"))
    made.make(
        "org_unit", "far", code="BS", name="白沙", kind="village", parent_id=named("other")
    )  # fmt: skip
    for name in NAMES[:4]:
        made.does("wang", joins(made, name))
    return made


ID_NUMBERS = (
    "999901197001010011",
    "999901197002020019",
    "999901197003030016",
    "999901197004040013",
    "999901197005050010",
)


def joins(desk: Desk, name: str, group: str | None = "g") -> Change:
    return desk.edit("customer", name, group_id=named(group) if group else None)


def lend(desk: Desk, name: str, disbursed_on: str = "2026-01-10", **fields: Json) -> None:
    desk.make("loan", f"loan {name}", under=name, **{
        **LENT, "disbursed_on": disbursed_on, **fields,
    })  # fmt: skip


def move(desk: Desk, state: str) -> Change:
    return desk.edit("group", "g", state=state)


def active(desk: Desk) -> None:
    desk.does("wang", joins(desk, NAMES[4]))
    desk.does("wang", move(desk, "active"))


def test_a_group_begins_with_five_households(desk: Desk) -> None:
    assert desk.refused("wang", move(desk, "active"))[1] == "group-too-small"

    desk.does("wang", joins(desk, NAMES[4]))
    desk.does("wang", move(desk, "active"))


def test_all_of_one_outlet(desk: Desk) -> None:
    desk.record(NAMES[4]).fields["village_id"] = named("far")
    desk.does("wang", joins(desk, NAMES[4]))
    assert desk.refused("wang", move(desk, "active"))[1] == "group-two-outlets"

    desk.does("wang", joins(desk, NAMES[4], None))
    desk.does("wang", joins(desk, "liu"))
    desk.does("wang", move(desk, "active"))
    assert desk.refused("wang", joins(desk, NAMES[4]))[1] == "group-two-outlets"


def test_no_two_of_one_household(desk: Desk) -> None:
    desk.make(
        "relationship", "couple", under=NAMES[4], kind="spouse", to_customer_id=named(NAMES[0])
    )
    desk.does("wang", joins(desk, NAMES[4]))

    assert desk.refused("wang", move(desk, "active"))[1] == "group-one-household"


@pytest.mark.parametrize(
    "loan", [{"maturity_on": "2026-02-10"}, {"state": "written_off"}], ids=["npl", "written off"]
)
def test_nobody_in_default(desk: Desk, loan: Json) -> None:
    lend(desk, NAMES[4], **loan)
    desk.does("wang", joins(desk, NAMES[4]))

    assert desk.refused("wang", move(desk, "active"))[1] == "group-in-default"


def test_nobody_leaves_and_it_does_not_end_while_a_member_owes(desk: Desk) -> None:
    active(desk)
    lend(desk, NAMES[0])

    assert desk.refused("wang", joins(desk, NAMES[1], None))[1] == "group-owes"
    assert desk.refused("wang", move(desk, "dissolved"))[1] == "group-owes"
    desk.record(f"loan {NAMES[0]}").fields["state"] = "settled"
    desk.does("wang", joins(desk, NAMES[1], None))
    desk.does("wang", move(desk, "dissolved"))


def test_nobody_joins_what_is_frozen_and_a_thaw_asks_for_nothing(desk: Desk) -> None:
    active(desk)
    desk.does("wang", move(desk, "frozen"))
    assert desk.refused("wang", joins(desk, "liu"))[1] == "group-closed"

    desk.does("wang", move(desk, "active"))
    desk.does("wang", joins(desk, "liu"))


def test_a_member_of_a_frozen_group_asks_only_as_an_exception(desk: Desk) -> None:
    active(desk)
    desk.does("wang", joins(desk, "liu"))
    desk.does("wang", move(desk, "frozen"))
    investigated(desk)
    excused = {"exception": True, "exception_reason": "与其无关。"}

    assert desk.refused("li", *submission(desk))[1] == "group-frozen"
    desk.does("li", *submission(desk, **excused))


@pytest.mark.parametrize(
    ("fields", "security", "reason"),
    [
        ({"max_per_member_fen": 12_000_00}, "group", None),
        ({"max_per_member_fen": 11_999_99}, "group", "over-the-group-s-most"),
        ({"max_per_member_fen": 11_999_99}, "guarantor", None),
        ({"expires_on": TODAY}, "group", None),
        ({"expires_on": "2026-06-15"}, "group", "group-agreement-over"),
    ],
)
def test_a_group_stands_for_a_member_within_its_agreement(
    desk: Desk, fields: dict[str, Json], security: str, reason: str | None
) -> None:
    active(desk)
    desk.does("wang", joins(desk, "liu"))
    desk.record("g").fields |= fields
    investigated(desk)
    sent = submission(desk, security={"add": [security]})

    if reason is None:
        desk.does("li", *sent)
    else:
        assert desk.refused("li", *sent)[1] == reason


# ------------------------------------------------------------------------------------------- w07


def test_w07_freezes_the_group(desk: Desk) -> None:
    active(desk)
    desk.make("warning_signal", "late", under=NAMES[0], rule="W02", severity="red")
    assert desk.fields("g")["state"] == "active"

    desk.make("warning_signal", "circle", under=NAMES[0], rule="W07", severity="orange")

    assert desk.fields("g")["state"] == "frozen"
    entry = desk.ledger.history[named("g")][-1]
    assert (entry.role, entry.timer) == (SERVER, True)


def test_w07_about_somebody_in_no_group_freezes_none(desk: Desk) -> None:
    active(desk)
    desk.make("warning_signal", "circle", under="liu", rule="W07", severity="orange")

    assert desk.fields("g")["state"] == "active"


# ------------------------------------------------------------------------------------ guarantors


def guaranteed(desk: Desk, amount: int, **fields: Json) -> None:
    """Let Fuhai, who owns 100,000 and owes 20,000, answer for an amount."""
    owned = {"assets.house.value_fen": 100_000_00, "debts.bank.balance_fen": 20_000_00}
    desk.does("li", desk.edit("customer", NAMES[0], at=owned))
    investigated(desk)
    desk.does("li", desk.create(
        "guarantor", "fuhai for liu", application_id=named("app"), kind="individual",
        guarantor_customer_id=named(NAMES[0]), amount_fen=amount, **fields,
    ))  # fmt: skip


def test_a_guarantor_answers_for_half_of_what_he_owns(desk: Desk) -> None:
    guaranteed(desk, 40_000_01)
    assert desk.refused("li", *submission(desk))[1] == "guarantor-over-limit"

    desk.does("wang", desk.edit("guarantor", "fuhai for liu", amount_fen=40_000_00))
    desk.does("li", *submission(desk))


@pytest.mark.parametrize(
    ("state", "loan", "allowed"),
    [
        ("draft", None, False), ("declined", None, True), ("disbursed", None, False),
        ("disbursed", "active", False), ("disbursed", "settled", True),
    ],
)  # fmt: skip
def test_all_his_guarantees_count_until_they_bind_no_more(
    desk: Desk, state: str, loan: str | None, allowed: bool
) -> None:
    guaranteed(desk, 30_000_00)
    begun = "contracted" if state == "disbursed" else state
    desk.make(
        "loan_application", "other app", under="tang", **ASKED, officer_id=named("li"), state=begun
    )
    desk.does(None, desk.edit("loan_application", "other app", under="tang", state=state))
    desk.make(
        "guarantor", "fuhai for tang", under="tang", application_id=named("other app"),
        guarantor_customer_id=named(NAMES[0]), kind="individual", amount_fen=20_000_00,
    )  # fmt: skip
    paid_out = derived_id("loan", named("other app"))
    if loan:
        desk.ledger.records[paid_out].fields["state"] = loan
    else:
        desk.ledger.records.pop(paid_out, None)  # not loaded: it is too far away

    if allowed:
        desk.does("li", *submission(desk))
    else:
        assert desk.refused("li", *submission(desk))[1] == "guarantor-over-limit"


def test_what_he_guarantees_elsewhere_and_owes_here_counts(desk: Desk) -> None:
    guaranteed(desk, 30_000_00, other_guarantees_fen=10_000_01)
    assert desk.refused("li", *submission(desk))[1] == "guarantor-over-limit"

    desk.does("wang", desk.edit("guarantor", "fuhai for liu", other_guarantees_fen=0))
    lend(desk, NAMES[0], principal_fen=30_000_00)
    assert desk.refused("li", *submission(desk))[1] == "guarantor-over-limit"
    desk.does("li", *submission(desk, exception=True, exception_reason="另有押品。"))


@pytest.mark.parametrize("party", [{"name": "王建军"}, {"guarantor_customer_id": named("tang")}])
def test_of_whom_nothing_is_known_the_reviewer_judges(desk: Desk, party: Json) -> None:
    investigated(desk)
    guarantor = {"application_id": named("app"), "kind": "individual", "amount_fen": 1_000_000_00}
    desk.does("li", desk.create("guarantor", "somebody", **guarantor, **party))

    desk.does("li", *submission(desk))
