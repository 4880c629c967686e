"""What the rules of lending look at is loaded, and what follows from them reaches tablets (domain.md, 5 and 6)."""

from __future__ import annotations

from typing import Any

from schemas.values import derived_id
from server import loading, store
from server.db import writing
from sync.ledger import Ledger
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    WANG,
    ZHAO_HAS,
    Server,
    create,
    fresh_id,
    named,
    update,
)
from tests.server.counting import counting
from tests.server.test_lending import ASKED, PUSH, in_the_office, is_whole, modern, product
from tests.server.test_money import DAY, LOAN, lend

Json = Any


def grouped(server: Server, count: int) -> str:
    """Make a group of so many households of two officers."""
    group = fresh_id()
    made = create("group", None, group, name="柳湾五户联保组", formed_on="2026-01-10")
    assert in_the_office(server, "", "server", made)["status"] == "applied"
    for it in (*LI_HAS, *ZHAO_HAS)[:count]:
        joined = in_the_office(
            server, WANG, "supervisor", update("customer", it, it, group_id=group)
        )
        assert joined["status"] == "applied", joined
    return group


def test_a_group_begins_with_its_members_who_are_loaded_with_it(server: Server) -> None:
    few = grouped(server, 4)
    start = update("group", few, None, state="active")
    assert in_the_office(server, WANG, "supervisor", start)["errors"][0]["reason"] == (
        "group-too-small"
    )

    enough = grouped(server, 5)
    begun = in_the_office(
        server, WANG, "supervisor", update("group", enough, None, state="active")
    )  # fmt: skip

    assert begun["status"] == "applied", begun
    assert is_whole(server)


def test_nobody_leaves_a_group_in_which_another_owes(server: Server) -> None:
    lend(server)
    grouped(server, 5)

    left = in_the_office(
        server, WANG, "supervisor", update("customer", ZHAO_HAS[0], ZHAO_HAS[0], group_id=None)
    )  # fmt: skip

    assert left["errors"][0]["reason"] == "group-owes"


def test_w07_freezes_the_group_and_tablets_hear_of_it(server: Server) -> None:
    group, li = grouped(server, 5), modern(server)
    start = update("group", group, None, state="active")
    assert in_the_office(server, WANG, "supervisor", start)["status"] == "applied"
    signal = create("warning_signal", LI_HAS[1], None, rule="W07", severity="orange")

    assert in_the_office(server, "", "server", signal)["status"] == "applied"

    assert li.catch_up().fields(group)["state"] == "frozen"
    assert is_whole(server)


def test_a_proposed_class_gets_the_system_s_beside_it_within_the_budget(server: Server) -> None:
    lend(server)
    li, proposed = modern(server), fresh_id()
    class_ = create(
        "classification", GUIYING, proposed, loan_id=LOAN, as_of=DAY, proposed_by=LI,
        proposed_class="special_mention", reason="猪瘟损失九头",
    )  # fmt: skip

    with counting(server.engine) as counted:
        result = li.sync(li.change_set(class_))["results"][0]

    assert result["status"] == "applied", result
    assert counted.statements <= PUSH
    assert li.catch_up().fields(proposed)["system_class"] == "normal"
    assert is_whole(server)


def test_an_approval_in_an_emergency_asks_for_the_review(server: Server) -> None:
    li, application = modern(server), fresh_id()
    in_the_office(
        server, "", "server", product(),
        create("parameter", None, None, key="disaster_declared", value=True, valid_from=DAY),
        create(
            "loan_application", GUIYING, application, **ASKED, officer_id=LI, state="submitted",
            expedited=True,
        ),
    )  # fmt: skip

    result = in_the_office(
        server, WANG, "supervisor",
        create(
            "decision", GUIYING, None, application_id=application, stage="approve",
            outcome="approve", user_id=WANG, comment="同意。",
        ),
        update("loan_application", application, GUIYING, state="approved"),
    )  # fmt: skip

    assert result["status"] == "applied", result
    task = li.catch_up().fields(derived_id("expedited_review", application))
    assert (task["record"], task["state"]) == (application, "open")


def test_what_a_guarantor_answers_for_elsewhere_is_loaded(server: Server) -> None:
    far, guarantee = fresh_id(), fresh_id()
    applied = create("loan_application", GUIYING, fresh_id(), **ASKED, officer_id=LI)
    guarantor = {"guarantor_customer_id": LI_HAS[1], "kind": "individual", "amount_fen": 100}
    in_the_office(
        server, "", "server", product(), applied,
        create("guarantor", GUIYING, None, application_id=applied["id"], **guarantor),
        create("loan_application", ZHAO_HAS[0], far, **ASKED, officer_id=named("zhao.min")),
        create("guarantor", ZHAO_HAS[0], guarantee, application_id=far, **guarantor),
    )  # fmt: skip
    ledger = Ledger(0)

    with writing(server.engine) as connection:
        row = connection.execute(store.branch.select().where(store.branch.c.code == "QH")).one()
        types = {"guarantor", "loan_application", "customer"}
        loading.load_touched(
            connection, ledger, row.id, [applied["id"]], row.head, beside=({GUIYING}, types)
        )

    assert {far, guarantee, LI_HAS[1]} <= set(ledger.records)
    assert ZHAO_HAS[1] not in ledger.records
