"""Early warning at the server: the daily run makes what holds on a day, once, and tablets hear of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from schemas.registry import REGISTRY
from schemas.values import derived_id
from server import early_warning, store
from server.cli import cli
from server.context import context
from server.early_warning import Made
from server.verify import verify
from sync.guards.submitting import watchlist_hash
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    LOAN,
    PRODUCT,
    VILLAGE,
    ZHAO_HAS,
    Server,
    create,
    fresh_id,
    named,
    national_id,
    update,
)
from tests.server.counting import counting
from tests.server.test_lending import PUSH, in_the_office, modern, note

Json = Any
TODAY = date(2026, 6, 16)


def loan(record: str = LOAN, customer: str = GUIYING, **fields: Json) -> Json:
    whole = {
        "product_id": PRODUCT, "principal_fen": 10_000_00, "rate_bps": 840, "method": "bullet",
        "disbursed_on": "2026-06-03", "maturity_on": "2026-12-03", "schedule_version": 1,
        "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": LI, "responsible": {},
        "restructure_count": 0, "state": "active", **fields,
    }  # fmt: skip
    return create("loan", customer, record, **whole)


def due(on: str, loan_id: str = LOAN, customer: str = GUIYING, seq: int = 1) -> Json:
    fields = {
        "loan_id": loan_id, "schedule_version": 1, "seq": seq, "due_date": on,
        "principal_fen": 10_000_00, "interest_fen": 0, "fee_fen": 0,
    }  # fmt: skip
    return create("installment", customer, fresh_id(), **fields)


def paid(on: str, amount: int = 11_000_00) -> Json:
    fields = {"loan_id": LOAN, "value_date": on, "channel": "cash", "amount_fen": amount}
    return create("repayment", GUIYING, None, receipt_no=f"R-{on}", **fields)


def parameter(key: str, value: Json, **fields: Json) -> Json:
    return create("parameter", None, None, key=key, value=value, **fields)


def product() -> Json:
    return create("product", None, PRODUCT, code="FS01", name="丰收贷")


@pytest.fixture
def branch(server: Server) -> Server:
    """A branch so small that everybody would be among its ten largest borrowers."""
    made = in_the_office(server, "", "server", product(), parameter("large_top", 0))
    assert made["status"] == "applied", made
    return server


def given(server: Server, *changes: Json) -> None:
    result = in_the_office(server, "", "server", *changes)
    assert result["status"] == "applied", result


def run(server: Server, as_of: date | None = None) -> Made:
    parts = context(server.app)
    with server.engine.connect() as connection:
        found = select(store.branch.c.id).where(store.branch.c.code == "QH")
        branch_id = connection.execute(found).scalar_one()
    return early_warning.run(
        server.engine, REGISTRY, parts.settings, branch_id, server.clock(), as_of
    )


def signals(server: Server) -> list[tuple[str, str, str]]:
    """Return what an officer's tablet is given of them."""
    held = [it for name in ("li.wei", "zhao.min") for it in modern(server, name).held.values()]
    found = [it for it in held if it["type"] == "warning_signal"]
    return sorted((it["fields"]["rule"], it["fields"]["severity"], it["customer"]) for it in found)


def is_whole(server: Server) -> bool:
    with server.engine.connect() as connection:
        return verify(connection, REGISTRY).finding is None


def test_huang_bought_a_motor_tricycle(branch: Server) -> None:
    """Walk-through 10.1, step 4."""
    given(branch, loan(), due("2026-12-03"))
    answers = {"answers.F01.value": False}
    follow_up = note(LI, kind="first_followup", loan_id=LOAN, **answers)

    assert modern(branch).push(follow_up)["status"] == "applied"

    assert signals(branch) == [("W03", "red", GUIYING)]
    assert dict(run(branch).by_rule) == {}
    assert is_whole(branch)


def test_wu_lost_nine_pigs(branch: Server) -> None:
    """Walk-through 10.1, step 6."""
    given(branch, loan(), due("2026-12-03"))
    answers = {"answers.R05.value": True, "answers.R02.value": -35}
    assert modern(branch).push(note(LI, loan_id=LOAN, **answers))["status"] == "applied"

    assert signals(branch) == [("W04", "orange", GUIYING)]
    assert dict(run(branch).by_rule) == {}


@pytest.mark.parametrize(
    ("oldest", "severity"),
    [("2026-06-15", "yellow"), ("2026-06-08", "orange"), ("2026-05-15", "red")],
)
def test_chen_is_late(branch: Server, oldest: str, severity: str) -> None:
    """Walk-through 10.1, step 2: 32 days red, and 1 day yellow when he has paid."""
    given(branch, loan(), due(oldest))

    run(branch)

    assert signals(branch) == [("W02", severity, GUIYING)]


def test_what_follows_is_made_within_the_statements_of_a_push(branch: Server) -> None:
    given(branch, loan(), due("2026-12-03"))
    li = modern(branch)
    one = note(LI, loan_id=LOAN, **{"answers.R03.value": "yes"})

    with counting(branch.engine) as counted:
        assert li.push(one)["status"] == "applied"

    assert counted.statements <= PUSH
    assert signals(branch) == [("W05", "orange", GUIYING)]


def test_two_visits_to_nobody(branch: Server) -> None:
    given(branch, loan(), due("2026-12-03"))
    li = modern(branch)

    def visit(day: str) -> None:
        one = create(
            "visit", GUIYING, fresh_id(), purposes=["collection"], state="in_progress",
            arrived_at=f"{day}T02:00:00.000Z", outcome="absent", reason="无人在家",
        )  # fmt: skip
        assert li.push(one)["status"] == "applied"

    visit("2026-06-01")
    assert signals(branch) == []

    visit("2026-06-15")

    assert signals(branch) == [("W10", "yellow", GUIYING)]


def test_a_second_run_and_a_later_day_make_nothing_twice(branch: Server) -> None:
    given(branch, loan(disbursed_on="2026-06-10"), due("2026-06-15"), due("2026-06-20", seq=2))

    first, second = run(branch), run(branch)
    next_day = run(branch, date(2026, 6, 17))

    assert (dict(first.by_rule), dict(second.by_rule), dict(next_day.by_rule)) == (
        {"W01": 1, "W02": 1}, {}, {},
    )  # fmt: skip
    assert dict(run(branch, date(2026, 6, 23)).by_rule) == {"W02": 1}
    assert signals(branch) == [("W02", "orange", GUIYING), ("W02", "yellow", GUIYING)]
    assert is_whole(branch)


def test_the_reminder_is_a_task_of_the_loans_officer(branch: Server) -> None:
    given(branch, loan(disbursed_on="2026-06-10"), due("2026-06-20"))

    run(branch)

    task = modern(branch).fields(derived_id("W01", LOAN, "2026-06-20"))
    wanted = {
        "title": "6 月 20 日还款到期", "assignee_id": LI, "due_on": "2026-06-20", "source": "rule",
        "state": "open", "record_type": "loan", "record": LOAN,
    }  # fmt: skip
    assert {name: task[name] for name in wanted} == wanted


def test_what_a_tablet_has_made_is_not_made_again(branch: Server) -> None:
    given(branch, loan(), due("2026-06-15"))
    made = derived_id("warning", "W02", "yellow", LOAN, "2026-06")
    facts = {"subject_type": "loan", "subject": LOAN, "period": "2026-06"}
    li = modern(branch)
    one = create(
        "warning_signal", GUIYING, made, rule="W02", severity="yellow", loan_id=LOAN, facts=facts,
        state="raised",
    )  # fmt: skip
    assert li.push(one)["status"] == "applied"

    assert dict(run(branch).by_rule) == {}
    assert signals(branch) == [("W02", "yellow", GUIYING)]


def test_a_tablet_that_makes_what_the_server_has_made_changes_nothing(branch: Server) -> None:
    given(branch, loan(), due("2026-06-15"))
    li = modern(branch)
    run(branch)
    made = derived_id("warning", "W02", "yellow", LOAN, "2026-06")
    facts = {"subject_type": "loan", "subject": LOAN, "period": "2026-06"}

    result = li.push(
        create(
            "warning_signal", GUIYING, made, rule="W02", severity="yellow", loan_id=LOAN,
            facts=facts, state="raised",
        )
    )  # fmt: skip

    assert result["status"] == "applied"
    assert [it["type"] for it in li.catch_up().held.values()].count("conflict") == 0


def test_whoever_has_handled_a_signal_is_left_alone(branch: Server) -> None:
    given(branch, loan(), due("2026-06-15"))
    run(branch)
    made = derived_id("warning", "W02", "yellow", LOAN, "2026-06")
    li = modern(branch)
    moved = update("warning_signal", made, GUIYING, state="acknowledged")
    assert li.push(moved)["status"] == "applied"

    run(branch)

    assert modern(branch).fields(made)["state"] == "acknowledged"


def test_a_signal_whose_reason_has_gone_is_told_to_the_officer_who_clears_it(
    branch: Server,
) -> None:
    given(branch, loan(), due("2026-06-15"), due("2026-12-15", seq=2))
    run(branch)
    signal = derived_id("warning", "W02", "yellow", LOAN, "2026-06")
    assert dict(run(branch).by_rule) == {}, "it holds"
    given(branch, paid("2026-06-16"))

    first, second = run(branch), run(branch)

    assert (dict(first.by_rule), dict(second.by_rule)) == ({"outlived": 1}, {})
    li = modern(branch)
    task = li.fields(derived_id("signal-outlived", signal))
    assert (task["assignee_id"], task["record"], task["state"]) == (LI, signal, "open")
    for state in ("acknowledged", "handling", "cleared"):
        moved = update("warning_signal", signal, GUIYING, state=state)
        assert li.push(moved)["status"] == "applied"
    assert is_whole(branch)


def test_who_owes_nothing_any_more_is_looked_at_as_long_as_a_signal_stands(branch: Server) -> None:
    given(branch, loan(), due("2026-06-15"))
    run(branch)
    given(branch, paid("2026-06-16"))

    assert dict(run(branch).by_rule) == {"outlived": 1}


def test_members_of_a_group_hear_of_one_who_is_long_late(branch: Server) -> None:
    other, group = named("loan of another"), named("group")
    given(
        branch,
        create("group", None, group, name="柳湾五户联保组", formed_on="2026-01-10", state="active"),
        *(update("customer", it, it, group_id=group) for it in (GUIYING, ZHAO_HAS[0])),
        loan(), due("2026-12-03"), loan(other, ZHAO_HAS[0]), due("2026-05-16", other, ZHAO_HAS[0]),
    )  # fmt: skip

    run(branch)

    assert [it for it in signals(branch) if it[0] == "W07"] == sorted(
        [("W07", "orange", GUIYING), ("W07", "orange", ZHAO_HAS[0])]
    )


def test_a_guarantor_hears_of_the_borrower(branch: Server) -> None:
    application, other = fresh_id(), named("loan of another")
    given(
        branch,
        create("loan_application", GUIYING, application, product_id=PRODUCT, amount_fen=10_000_00,
               term_months=12, method="bullet", rate_bps=840, purpose="购买仔猪"),
        create("guarantor", GUIYING, fresh_id(), application_id=application, kind="individual",
               guarantor_customer_id=LI_HAS[1], amount_fen=10_000_00),
        loan(application_id=application), due("2026-05-16"),
        loan(other, LI_HAS[1]), due("2026-12-03", other, LI_HAS[1]),
    )  # fmt: skip

    run(branch)

    assert ("W07", "orange", LI_HAS[1]) in signals(branch)


def test_a_disaster_of_the_village_and_segment(branch: Server) -> None:
    """The household grows grain."""

    def declare(value: Json, day: str, unit: str = VILLAGE) -> None:
        given(branch, parameter("disaster_declared", value, unit_id=unit, valid_from=day))
        run(branch)

    other = create("org_unit", None, fresh_id(), name="东坡", code="QH-02", kind="village")
    given(branch, loan(), due("2026-12-03"), other)
    declare(["livestock"], "2026-06-10")
    declare(True, "2026-06-10", other["id"])
    declare(True, "2026-06-17")
    assert signals(branch) == []

    declare(["grain", "livestock"], "2026-06-11")

    assert signals(branch) == [("W06", "orange", GUIYING)]


def test_a_disaster_that_is_over(branch: Server) -> None:
    given(
        branch, loan(), due("2026-12-03"),
        parameter("disaster_declared", True, unit_id=VILLAGE, valid_from="2026-06-10"),
        parameter("disaster_declared", False, unit_id=VILLAGE, valid_from="2026-06-12"),
    )  # fmt: skip

    run(branch)

    assert signals(branch) == []


def test_somebody_put_on_the_watchlist_after_the_loan(branch: Server) -> None:
    hashed = watchlist_hash("a key", national_id(0))
    given(
        branch, loan(), due("2026-12-03"), parameter("watchlist_key", "a key"),
        create("watchlist_entry", None, fresh_id(), id_no_hash=hashed, level="block", reason="骗贷",
               valid_from="2026-06-10"),
    )  # fmt: skip

    run(branch)

    assert signals(branch) == [("W15", "red", GUIYING)]


def test_a_large_borrower_is_warned_of_one_severity_up(server: Server) -> None:
    given(server, product(), loan(), due("2026-06-15"))

    run(server)

    assert signals(server) == [("W02", "orange", GUIYING)]


def test_a_parameter_moves_a_threshold(branch: Server) -> None:
    given(branch, loan(), due("2026-06-15"), parameter("warn_dpd_yellow", 2))

    run(branch)

    assert signals(branch) == []


def test_what_cannot_be_read_stops_nobody_else(branch: Server) -> None:
    other = named("loan of another")
    given(
        branch, loan(), due("2026-06-15"), loan(other, ZHAO_HAS[0]),
        due("2026-06-15", other, ZHAO_HAS[0]), parameter("warn_due_days", 10**10),
    )  # fmt: skip

    assert len(run(branch).refused) == 2


def test_the_statements_do_not_grow_with_the_customers(branch: Server) -> None:
    loans = {it: named(f"loan of {it}") for it in (*LI_HAS, *ZHAO_HAS)}
    given(branch, loan(loans[GUIYING]), due("2026-06-15", loans[GUIYING]))
    run(branch)
    with counting(branch.engine) as few:
        run(branch)
    for customer, one in list(loans.items())[1:]:
        given(branch, loan(one, customer), due("2026-06-15", one, customer))
    run(branch)

    with counting(branch.engine) as many:
        run(branch)

    assert many.statements == few.statements <= 20


def test_the_command(branch: Server) -> None:
    given(branch, loan(disbursed_on="2026-06-10"), due("2026-06-15"))
    places = ["--data", str(branch.data), "--database", branch.url]

    def daily(*words: str) -> Any:
        return CliRunner().invoke(cli, ["daily", *words, *places])

    made = daily("--branch", "QH", "--date", "2026-06-16")

    assert made.exit_code == 0
    assert made.output.startswith("QH: W02 1")
    assert daily("--date", "2026-06-16").output == "HX: nothing new\nQH: nothing new\n"
    assert daily("--branch", "none").exit_code == 1
    assert daily("--date", "tomorrow").exit_code == 2
