"""A whole import is taken back, unless somebody has built upon it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from schemas.registry import REGISTRY
from server import accounts, field_book, readmodels, verify
from server.accounts import account
from server.db import writing
from server.importing.planning import create
from server.importing.sentences import Trouble
from server.importing.undo import Blocker, BuiltUponError
from server.store import branch, log
from tests.server.branch import Server, edit, fresh_id, named
from tests.server.importing.desk import (
    AS_OF,
    DATA,
    LOAN,
    REPAYMENT,
    Desk,
    customer,
)


def blockers(desk: Desk, batch: str | None) -> list[Blocker]:
    with pytest.raises(BuiltUponError) as found:
        desk.undo(batch)
    return found.value.blockers


def submit(desk: Desk, *changes: dict[str, object]) -> None:
    with desk.landing() as landing:
        (result,) = landing.submit([("test", list(changes))])
    assert result["status"] == "applied", result


def test_undoing_brings_back_counts_and_digests(any_desk: Desk) -> None:
    before = any_desk.counts(), any_desk.digests()
    people = any_desk.customers(
        customer(1), customer(2, 行政村="新村", 管户客户经理="新人"), create_missing=True
    )
    between = any_desk.counts(), any_desk.digests()
    loans = any_desk.loans(LOAN)
    money = any_desk.repayments(REPAYMENT)

    any_desk.undo(money.batch)
    any_desk.undo(loans.batch)
    assert (any_desk.counts(), any_desk.digests()) == between
    any_desk.undo(people.batch)
    assert (any_desk.counts(), any_desk.digests()) == before


def test_the_log_still_proves_itself_after_an_undo(desk_with_loans: Desk) -> None:
    desk = desk_with_loans
    money = desk.run("repayments", DATA / "repayments-gbk.csv", skip_bad=True)
    for batch in (money.batch, "QH-20260616-2", "QH-20260616-1"):
        desk.undo(batch)

    assert desk.counts() == {"org_unit": 9, "user": 6}
    with desk.engine.connect() as connection:
        assert verify.verify(connection, REGISTRY).finding is None


def test_what_was_taken_back_can_be_imported_again(desk: Desk) -> None:
    rows = [customer(it, 行政村="新村", 管户客户经理="新人") for it in (1, 2)]
    first = desk.customers(*rows, create_missing=True)
    counts = desk.counts()
    desk.undo(first.batch)

    again = desk.customers(*rows, create_missing=True)

    assert again.batch == "QH-20260616-2"
    assert desk.counts() == counts


def test_a_tablet_drops_the_customers_that_are_taken_back(desk: Desk) -> None:
    outcome = desk.customers(customer(1), customer(2, 管户客户经理="赵磊"))
    server = Server(str(desk.engine.url), desk.folder, settings={"business_date": AS_OF})
    tablet = server.tablet("officer0").catch_up()
    (held,) = [it for it, one in tablet.held.items() if one["type"] == "customer"]

    desk.undo(outcome.batch)
    answer = tablet.sync()

    server.close()
    assert [it["customer"] for it in answer["left"]] == [held]
    assert {it["type"] for it in tablet.held.values()} <= {"org_unit", "user", "product", "device"}
    digest = answer["digest"]
    assert (digest["records"], digest["sum"]) == (tablet.digest().records, tablet.digest().sum)


def test_an_officers_visit_keeps_the_import(desk: Desk) -> None:
    outcome = desk.customers(customer(1), customer(2))
    held = desk.records("customer")[0].id
    visit = {
        "purposes": ["routine"], "planned_on": "2026-06-20", "slot": "am", "plan_reason": "例行",
        "officer_id": named("李敏"),
    }  # fmt: skip
    made = create("visit", fresh_id(), held, visit)
    submit(desk, made)
    before = desk.head(), desk.counts(), desk.digests()

    (found,) = blockers(desk, outcome.batch)

    assert (found.how, found.type, found.id, found.about) == ("refers", "visit", made["id"], held)
    assert (desk.head(), desk.counts(), desk.digests()) == before


def test_an_edit_keeps_the_import(desk: Desk) -> None:
    outcome = desk.customers(customer(1), customer(2))
    held = desk.records("customer")[1].id
    submit(desk, edit(held, phone="13900000000"))
    submit(desk, edit(held, phone="13900000001"))

    assert [(it.how, it.id) for it in blockers(desk, outcome.batch)] == [("changed", held)]


def test_another_officer_for_a_customer_keeps_the_import(desk: Desk) -> None:
    outcome = desk.customers(customer())
    (held,) = desk.records("customer")
    fields = {
        "officer_id": named("赵磊"), "customer_id": held.id, "role": "primary",
        "valid_from": AS_OF.isoformat(),
    }  # fmt: skip
    made = create("assignment", fresh_id(), None, fields)
    submit(desk, made)

    assert ("refers", made["id"]) in [(it.how, it.id) for it in blockers(desk, outcome.batch)]


def test_loans_keep_their_customers_until_they_are_taken_back_themselves(desk: Desk) -> None:
    people = desk.customers(customer())
    loans = desk.loans(LOAN)

    assert [(it.how, it.id) for it in blockers(desk, people.batch)] == [("batch", loans.batch)]
    desk.undo(loans.batch)
    assert desk.undo(people.batch) == 2


def test_a_made_village_that_others_use_keeps_the_import(desk: Desk) -> None:
    first = desk.customers(customer(1, 行政村="新村"), create_missing=True)
    second = desk.customers(customer(2, 行政村="新村"))

    assert [(it.how, it.id) for it in blockers(desk, first.batch)] == [("batch", second.batch)]


def test_a_made_officer_with_a_password_keeps_the_import(desk: Desk) -> None:
    outcome = desk.customers(customer(管户客户经理="新人"), create_missing=True)
    with desk.landing() as landing:
        accounts.set_password(landing.connection, "新人", "a new password")

    assert [(it.how, it.type) for it in blockers(desk, outcome.batch)] == [("entered", "user")]


def test_the_account_of_a_made_officer_goes_with_the_import(desk: Desk) -> None:
    outcome = desk.customers(customer(管户客户经理="新人"), create_missing=True)

    desk.undo(outcome.batch)

    with desk.landing() as landing:
        names = landing.connection.execute(select(account.c.name)).scalars()
        assert "新人" not in set(names)


def test_nothing_is_owed_on_loans_that_were_taken_back(desk: Desk) -> None:
    desk.customers(customer())
    loans = desk.loans(LOAN)
    with desk.landing() as landing:
        branch = landing.branch.id
    (position,) = readmodels.loan_positions(desk.engine, branch, AS_OF)
    assert position.outstanding_fen == 3_000_000

    desk.undo(loans.batch)

    assert readmodels.loan_positions(desk.engine, branch, AS_OF) == []


def test_a_batch_is_taken_back_once(desk: Desk) -> None:
    outcome = desk.customers(customer())
    desk.undo(outcome.batch)

    for batch, key in ((outcome.batch, "undone-before"), ("QH-20260616-9", "no-batch")):
        with pytest.raises(Trouble) as found:
            desk.undo(batch)
        assert found.value.key == key


def test_the_history_keeps_what_was_taken_back(desk: Desk) -> None:
    outcome = desk.customers(customer())
    (held,) = desk.records("customer")
    desk.undo(outcome.batch)

    with desk.landing() as landing:
        query = select(log.c.op, log.c.action).where(log.c.record == held.id)
        rows = [tuple(it) for it in landing.connection.execute(query.order_by(log.c.position))]
    assert rows == [("create", "import.customers"), ("delete", "import.undo")]


def test_receipts_of_an_import_are_forgotten_with_it(any_desk: Desk) -> None:
    any_desk.customers(customer(1), create_missing=True)
    any_desk.loans(LOAN)
    money = any_desk.repayments(REPAYMENT)
    with writing(any_desk.engine) as connection:
        branch_id = connection.execute(
            select(branch.c.id).where(branch.c.code == "QH")
        ).scalar_one()
        there = field_book.recompute(connection, branch_id)

    any_desk.undo(money.batch)

    field_book.bring_up(any_desk.engine, branch_id)
    with writing(any_desk.engine) as connection:
        left = field_book.recompute(connection, branch_id)
    assert (there.receipts, left.receipts, left.differing) == (1, 0, ())
