"""The budget of a push (protocol, section 14) for each type of lending: what guards look at comes in one read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.registry import REGISTRY
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    WANG,
    ZHAO,
    Server,
    Tablet,
    create,
    fresh_id,
    update,
)
from tests.server.counting import counting
from tests.server.test_budgets import PUSH, cost
from tests.server.test_lending import ASKED, MADE_AT, in_the_office, modern, note, signature
from tests.server.test_money import DAY, LOAN, lend, receipt

Json = Any
MANY = 12
MOVED = 2
"""What a customer who comes into another officer's sight costs beside: the dossier is read, its last day noted."""
APPLICATION = fresh_id()
NOTE, INTERACTION = fresh_id(), fresh_id()
PAPER = {
    "kind": "contract", "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg",
    "captured_at": MADE_AT,
}  # fmt: skip


@pytest.fixture
def dossier(server: Server) -> Server:
    """The branch in which Guiying has a loan, an application, an inspection and a call behind her."""
    lend(server)
    made = in_the_office(
        server, "", "server",
        create("loan_application", GUIYING, APPLICATION, **ASKED, officer_id=LI, state="draft"),
        create(
            "inspection_note", GUIYING, NOTE, kind="routine", checklist_code="routine",
            checklist_version=1, inspector_ids=[ZHAO], loan_id=LOAN,
        ),
        create(
            "interaction", GUIYING, INTERACTION, kind="complaint", direction="in", at=MADE_AT,
            summary="态度差",
        ),
    )  # fmt: skip
    assert made["status"] == "applied", made
    return server


def of_guiying(type_name: str, **fields: Json) -> Callable[[int], list[Json]]:
    return lambda place: [create(type_name, GUIYING, None, **fields)]


def a_rating(place: int) -> list[Json]:
    survey = fresh_id()
    return [
        create(
            "cashflow_survey", GUIYING, survey, application_id=APPLICATION, start_month="2026-07",
            opening_cash_fen=0, surveyed_on=DAY,
        ),
        create(
            "credit_rating", GUIYING, None, survey_id=survey, scores={"able_workers": 7}, total=73,
            grade="A", limit_fen=12_000_00, valid_to="2027-06-15", proposed_by=LI,
        ),
    ]  # fmt: skip


def a_deposit(place: int) -> list[Json]:
    taken = receipt(f"T1-{place}", 100_00 + place)
    deposit = create(
        "cash_deposit", None, None, officer_id=LI, business_date=DAY, receipt_ids=[taken["id"]],
        counted_fen=100_00 + place,
    )  # fmt: skip
    return [taken, deposit]


MADE: dict[str, Callable[[int], list[Json]]] = {
    "loan_application": lambda place: [
        create("loan_application", LI_HAS[place % 3], None, **ASKED)
    ],
    "cashflow_survey": of_guiying(
        "cashflow_survey", application_id=APPLICATION, start_month="2026-07", opening_cash_fen=0,
        surveyed_on=DAY,
    ),
    "credit_rating": a_rating,
    "guarantor": of_guiying(
        "guarantor", application_id=APPLICATION, guarantor_customer_id=LI_HAS[1],
        kind="individual", amount_fen=5,
    ),
    "collateral": of_guiying(
        "collateral", application_id=APPLICATION, kind="house", owner_name="雷春花",
        **{
            "valuations.v.valued_on": DAY, "valuations.v.method": "market",
            "valuations.v.value_fen": 80_000_00, "valuations.v.by": LI,
        },
    ),
    "relationship": of_guiying("relationship", kind="sibling", to_customer_id=LI_HAS[1]),
    "group": lambda place: [
        create("group", None, None, name=f"联保 {place} 组", formed_on="2026-01-10")
    ],
    "cash_deposit": a_deposit,
    "case": of_guiying("case", interaction_id=INTERACTION, kind="complaint", state="open"),
    "finding": of_guiying("finding", inspection_note_id=NOTE, severity="major", owner_id=LI),
    "warning_signal": of_guiying("warning_signal", rule="manual", severity="yellow"),
    "classification": of_guiying(
        "classification", loan_id=LOAN, as_of=DAY, proposed_by=LI, reason="猪瘟",
        proposed_class="special_mention",
    ),
    "inspection_note": lambda place: [note(LI, loan_id=LOAN, **{"answers.R03.value": "yes"})],
    "repayment": lambda place: [receipt(f"T1-{place}", 100_00 + place)],
    "attachment": of_guiying(
        "attachment", record_type="loan_application", record=APPLICATION, **PAPER
    ),
    "task": of_guiying("task", title="收款", due_on=DAY, source="manual", record=LOAN,
                       record_type="loan"),
}  # fmt: skip
"""By type, what an officer's tablet pushes: the *place*-th of many."""

NOT_FROM_A_TABLET = {
    "decision": "decided at a desk", "parameter": "administered", "watchlist_entry": "administered",
    "target": "set by a supervisor", "handover": "opened by a supervisor",
    "officer_audit": "made by an auditor",
}  # fmt: skip


def test_every_type_of_lending_has_its_push() -> None:
    ours = {name for name, it in REGISTRY.types.items() if it.since == 3}

    assert ours - {*MADE, *NOT_FROM_A_TABLET} == set()
    assert {
        it: REGISTRY[it].made_by for it in NOT_FROM_A_TABLET if "officer" in REGISTRY[it].made_by
    } == {}


@pytest.mark.parametrize("kind", MADE)
def test_a_push_takes_as_many_statements_for_many_as_for_one(dossier: Server, kind: str) -> None:
    li = modern(dossier)
    push = MADE[kind]
    one = cost(dossier, li, li.change_set(*push(1000)))
    li.catch_up()

    many = cost(dossier, li, *(li.change_set(*push(place)) for place in range(MANY)))

    assert many.statements == one.statements, [it[:90] for it in many.sent]
    assert one.statements <= PUSH, [it[:90] for it in one.sent]


Moved = Callable[[Tablet], list[Json]]


def made_first(tablet: Tablet, change: Json) -> str:
    result = tablet.push(change)
    assert result["status"] == "applied", result
    return str(change["id"])


def moves(kind: str, place: int, state: str, **fields: Json) -> Moved:
    """Return the move of what *kind* makes last: it is there already when the move is sent."""

    def moved(tablet: Tablet) -> list[Json]:
        changes = MADE[kind](place)
        assert tablet.push(*changes)["status"] == "applied"
        one = changes[-1]
        return [update(kind, one["id"], one["customer"], state=state, **fields)]

    return moved


MOVES: dict[str, Moved] = {
    "an application is withdrawn": moves(
        "loan_application", 1, "withdrawn", withdraw_reason="不养猪了。"
    ),
    "a deposit is handed in": moves("cash_deposit", 1, "handed_in"),
    "a finding is put right": moves("finding", 1, "rectified"),
    "a signal is answered": moves("warning_signal", 1, "acknowledged"),
    "a case is begun": moves("case", 1, "in_progress"),
    "a task is done": moves("task", 1, "done"),
    "a note is signed": lambda tablet: [
        signature(made_first(tablet, note(LI, **{"answers.R05.value": "yes"})), LI)
    ],
    "a receipt is reversed": lambda tablet: [
        receipt("R-1", 100_00, reverses_id=made_first(tablet, receipt("T1-1", 100_00)))
    ],
}


def named_second(count: int) -> list[Json]:
    return [
        create("loan_application", it, None, **ASKED, co_officer_id=ZHAO) for it in LI_HAS[:count]
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_naming_a_second_investigator_costs_as_much_for_many_customers(
    dossier: Server, count: int
) -> None:
    li, zhao = modern(dossier), modern(dossier, "zhao.min")
    asked = named_second(count)

    named = cost(dossier, li, *(li.change_set(it) for it in asked))
    assert named.statements <= PUSH + MOVED, [it[:90] for it in named.sent]
    assert {it["id"] for it in asked} <= zhao.catch_up().held.keys()

    ended = [
        update(
            "loan_application", it["id"], it["customer"], state="withdrawn",
            withdraw_reason="不养猪了。",
        )
        for it in asked
    ]  # fmt: skip
    li.catch_up()
    withdrawn = cost(dossier, li, *(li.change_set(it) for it in ended))
    assert withdrawn.statements <= PUSH + MOVED, [it[:90] for it in withdrawn.sent]
    assert not {it["id"] for it in asked} & zhao.catch_up().held.keys()


@pytest.mark.parametrize("what", MOVES)
def test_no_move_takes_more(dossier: Server, what: str) -> None:
    li = modern(dossier)
    changes = MOVES[what](li)
    li.catch_up()

    with counting(dossier.engine) as counted:
        result = li.sync(li.change_set(*changes))["results"][0]

    expected = "rejected" if what == "a receipt is reversed" else "applied"  # SOD-9: not by her
    assert result["status"] == expected, result
    assert counted.statements <= PUSH, [it[:90] for it in counted.sent]


def test_what_is_paid_out_at_a_desk_costs_as_much_for_any_schedule(dossier: Server) -> None:
    def disbursed(months: int) -> int:
        one = fresh_id()
        asked = {**ASKED, "term_months": months}
        in_the_office(
            dossier, "", "server",
            create("loan_application", GUIYING, one, **asked, officer_id=LI, state="contracted"),
            create(
                "decision", GUIYING, None, application_id=one, stage="approve", outcome="approve",
                user_id=WANG, comment="同意。",
            ),
        )  # fmt: skip
        with counting(dossier.engine) as counted:
            paid = in_the_office(
                dossier, ZHAO, "clerk", update("loan_application", one, GUIYING, state="disbursed")
            )
        assert paid["status"] == "applied", paid
        return counted.statements

    assert disbursed(3) == disbursed(36)
