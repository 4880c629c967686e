"""What happens by itself as days pass (domain.md, section 6), once a day, and not a second time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import update as sql_update

from schemas.registry import REGISTRY
from server import due_moves, store
from server.accounts import device
from server.context import context
from server.store import record
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    LOAN,
    PRODUCT,
    SUN,
    WANG,
    ZHAO,
    ZHAO_HAS,
    Server,
    create,
    fresh_id,
    update,
)
from tests.server.test_early_warning import loan
from tests.server.test_lending import in_the_office, modern

Json = Any
TODAY = date(2026, 6, 16)
MISSED: Json = {"visit.miss": 1}


def run(server: Server, days: int = 0) -> dict[str, int]:
    """Run it so many days from today; a second time it must find nothing."""
    parts = context(server.app)
    with server.engine.connect() as connection:
        found = select(store.branch.c.id).where(store.branch.c.code == "QH")
        branch = connection.execute(found).scalar_one()
    known = (
        server.engine,
        REGISTRY,
        parts.settings,
        branch,
        server.clock(),
        TODAY + timedelta(days),
    )
    made = dict(due_moves.run(*known))
    assert dict(due_moves.run(*known)) == {}
    with server.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None
    return made


def given(server: Server, *changes: Json) -> None:
    result = in_the_office(server, "", "server", *changes)
    assert result["status"] == "applied", result


def fields(server: Server, record_id: str) -> Mapping[str, Json]:
    with server.engine.connect() as connection:
        query = select(record.c.fields).where(record.c.id == record_id)
        found: Mapping[str, Json] = connection.execute(query).scalar_one()
        return found


def tasks(server: Server) -> list[tuple[str, str]]:
    """Return who shall look at which customer's loan."""
    with server.engine.connect() as connection:
        rows = connection.execute(select(record).where(record.c.type == "task")).all()
    return sorted((it.fields["assignee_id"], it.customer) for it in rows)


# ----------------------------------------------------------------------------------------- visits


@pytest.fixture
def visit(server: Server) -> str:
    """A visit of Li's, planned for the 10th."""
    made = fresh_id()
    plan = {"planned_on": "2026-06-10", "slot": "am", "officer_id": LI, "purposes": ["collection"]}
    given(server, create("visit", GUIYING, made, **plan, state="planned"))
    return made


def heard(server: Server, clean_at: str | None, state: str = "active") -> None:
    """Let Li's tablet have been heard today, and have had nothing waiting at an instant."""
    modern(server)
    with server.engine.begin() as connection:
        mine = (device.c.user == LI) & (device.c.kind == "tablet")
        connection.execute(sql_update(device).where(mine).values(clean_at=clean_at, state=state))


@pytest.mark.parametrize(
    ("days", "clean_at", "made"),
    [
        (-5, "2026-06-11T01:00:00.000Z", {}),
        (-4, "2026-06-11T01:00:00.000Z", MISSED),
        (0, "2026-06-10T15:59:00.000Z", {}),
        (0, "2026-06-10T16:00:00.000Z", MISSED),
        (0, None, {}),
        (40, None, MISSED),
    ],
    ids=[
        "one day",
        "two days",
        "that evening",
        "next morning",
        "never clean",
        "not heard for long",
    ],
)
def test_a_visit_is_missed_when_no_tablet_can_tell_otherwise(
    server: Server, visit: str, days: int, clean_at: str | None, made: Json
) -> None:
    heard(server, clean_at)

    assert run(server, days) == made
    assert fields(server, visit)["state"] == ("missed" if made else "planned")


def test_a_visit_that_was_missed_may_be_made_after_all(server: Server, visit: str) -> None:
    li = modern(server)
    assert run(server, 40) == MISSED

    late = update("visit", visit, GUIYING, state="in_progress")
    assert li.push(late)["status"] == "merged"
    assert fields(server, visit)["state"] == "in_progress"


# ----------------------------------------------------------------------------------- applications


def application(state: str) -> tuple[str, Json]:
    made = fresh_id()
    whole = {
        "product_id": PRODUCT, "officer_id": LI, "amount_fen": 12_000_00, "method": "bullet",
        "rate_bps": 840, "term_months": 12, "purpose": "购买仔猪", "state": state,
    }  # fmt: skip
    return made, create("loan_application", GUIYING, made, **whole)


@pytest.mark.parametrize("state", ["approved", "contracted"])
@pytest.mark.parametrize(("days", "made"), [(60, {}), (61, {"application.lapse": 1})])
def test_what_is_not_paid_out_in_sixty_days_lapses(
    server: Server, state: str, days: int, made: Json
) -> None:
    given(server, create("product", None, PRODUCT, code="FS01", name="丰收贷"))
    asked, change = application(state)
    given(server, change)
    vote = {"application_id": asked, "stage": "approve", "outcome": "approve", "user_id": WANG}
    given(server, create("decision", GUIYING, fresh_id(), **vote, tier=1, comment="同意"))

    assert run(server, days) == made
    assert fields(server, asked)["state"] == ("lapsed" if made else state)


# ------------------------------------------------------------------------------------ escalations


@pytest.mark.parametrize(("days", "level"), [(7, 0), (8, 1), (14, 1), (15, 2), (300, 10)])
def test_a_finding_past_due_goes_up_by_the_week(server: Server, days: int, level: int) -> None:
    note, finding = fresh_id(), fresh_id()
    paper = {
        "kind": "routine", "checklist_code": "routine", "checklist_version": 1, "inspector_ids": [LI],
    }  # fmt: skip
    said = {
        "inspection_note_id": note, "severity": "major", "description": "猪圈空置", "owner_id": LI,
        "due_on": "2026-06-23", "state": "open",
    }  # fmt: skip
    given(server, create("inspection_note", GUIYING, note, **paper))
    given(server, create("finding", GUIYING, finding, **said))

    assert run(server, days) == ({"finding.escalate": 1} if level else {})
    assert fields(server, finding)["level"] == level


@pytest.mark.parametrize(
    ("severity", "state", "days", "level"),
    [
        ("yellow", "raised", 2, 0),
        ("yellow", "raised", 3, 1),
        ("yellow", "acknowledged", 30, 0),
        ("yellow", "acknowledged", 31, 1),
        ("orange", "handling", 16, 1),
        ("red", "acknowledged", 6, 1),
        ("red", "raised", 6, 2),
        ("red", "raised", 13, 3),
        ("red", "cleared", 30, 0),
    ],
)
def test_a_signal_that_nobody_deals_with_goes_up(
    server: Server, severity: str, state: str, days: int, level: int
) -> None:
    signal = fresh_id()
    given(
        server,
        create("warning_signal", GUIYING, signal, rule="manual", severity=severity, state=state),
    )

    assert run(server, days) == ({"signal.escalate": 1} if level else {})
    assert fields(server, signal).get("level", 0) == level


def test_a_plan_with_a_day_counts_from_that_day(server: Server) -> None:
    signal = fresh_id()
    planned = {"rule": "manual", "severity": "red", "state": "handling", "due_on": "2026-07-31"}
    given(server, create("warning_signal", GUIYING, signal, **planned))

    assert run(server, 45) == {}
    assert run(server, 46) == {"signal.escalate": 1}


# -------------------------------------------------------------------------------------- customers


def awake(server: Server) -> None:
    for customer in (*LI_HAS, *ZHAO_HAS):
        given(server, update("customer", customer, customer, state="active"))


def test_a_customer_sleeps_after_a_year_without_a_loan_or_a_word_and_wakes_at_one(
    server: Server,
) -> None:
    awake(server)
    everyone = len(LI_HAS) + len(ZHAO_HAS)
    assert run(server, 365) == {}
    assert run(server, 366) == {"customer.sleep": everyone}
    assert fields(server, GUIYING)["state"] == "dormant"

    said = create(
        "interaction", GUIYING, fresh_id(), kind="call", direction="in",
        at="2026-06-16T02:00:00.000Z", summary="询问丰收贷利率",
    )  # fmt: skip
    assert modern(server).push(said)["status"] == "applied"

    assert fields(server, GUIYING)["state"] == "active"
    assert fields(server, LI_HAS[1])["state"] == "dormant"


def test_who_owes_does_not_sleep(server: Server) -> None:
    awake(server)
    given(server, create("product", None, PRODUCT, code="FS01", name="丰收贷"), loan())

    made = run(server, 400)

    assert made["customer.sleep"] == len(LI_HAS) + len(ZHAO_HAS) - 1
    assert fields(server, GUIYING)["state"] == "active"


# -------------------------------------------------------------------------------------- handovers


@pytest.mark.parametrize(
    ("reason", "audit", "days", "made"),
    [
        ("leave", None, 5, {}),
        ("leave", None, 6, {"handover.take_effect": 1}),
        ("departure", None, 6, {}),
        ("departure", "draft", 6, {}),
        ("departure", "signed", 6, {"handover.take_effect": 1}),
    ],
)
def test_a_signed_handover_takes_effect_on_its_day(
    server: Server, reason: str, audit: str | None, days: int, made: Json
) -> None:
    """Before a departure the outgoing officer's work is audited."""
    one = fresh_id()
    three = {"from_officer_id": ZHAO, "to_officer_id": LI, "witness_id": SUN}
    listed = {f"items.{it}.listed": True for it in ZHAO_HAS[:2]}
    when = {"reason": reason, "effective_on": "2026-06-22", "state": "signed"}
    given(server, create("handover", None, one, **three, **when, **listed))
    if audit:
        paper = {"checklist_code": "officer_audit", "checklist_version": 1}
        said = {"subject_user_id": ZHAO, "auditor_id": SUN, "state": audit, **paper}
        given(server, create("officer_audit", None, fresh_id(), **said))
    zhao, li = modern(server, "zhao.min"), modern(server)

    assert run(server, days) == made

    moved = set(ZHAO_HAS[:2]) if made else set()
    assert {it["customer"] for it in zhao.sync()["left"]} == moved
    assert {it["customer"] for it in li.sync()["records"] if it["customer"]} == moved


# ------------------------------------------------------------------------------------ inspections


def test_the_server_chooses_loans_for_a_supervisor_to_look_at(server: Server) -> None:
    given(server, create("product", None, PRODUCT, code="FS01", name="丰收贷"))
    for customer in (*LI_HAS, *ZHAO_HAS):
        officer = LI if customer in LI_HAS else ZHAO
        given(server, loan(fresh_id(), customer, officer_id=officer))

    assert run(server) == {"inspection.sample": 4}

    chosen = tasks(server)
    assert {who for who, _ in chosen} == {WANG}
    assert [sum(it in has for _, it in chosen) for has in (LI_HAS, ZHAO_HAS)] == [2, 2]
    assert run(server, 14) == {}, "once a month"
    assert run(server, 15)["inspection.sample"] == 4


def test_a_red_signal_is_looked_at_in_any_case(server: Server) -> None:
    given(server, create("product", None, PRODUCT, code="FS01", name="丰收贷"))
    for customer in LI_HAS:
        given(server, loan(fresh_id() if customer != GUIYING else LOAN, customer))
    for customer in LI_HAS:
        red = {"rule": "manual", "severity": "red", "state": "raised"}
        given(server, create("warning_signal", customer, fresh_id(), **red))

    assert run(server) == {"inspection.sample": 3}
    assert [it for _, it in tasks(server)] == sorted(LI_HAS)
