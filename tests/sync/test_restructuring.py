"""A loan is restructured: a new decision, the next version of its schedule, what follows (domain.md, 6.2, 8.4, 8.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.derived.loan_papers import LoanPapers
from schemas.messages import Change
from sync import classing
from sync.draft import Draft
from sync.guards import money
from sync.guards.authority import required_tier
from sync.guards.sight import Sight
from tests.sync.lending import (
    PHOTO,
    TODAY,
    Desk,
    approval,
    investigated,
    named,
    reviewed,
    submission,
)

Json = Any
OWED = 10_000_00
PAY_OUT = {"state": "disbursed"}


@pytest.fixture
def desk() -> Desk:
    """Liu's loan: 2,000.00 and interest of 70.00 were due on 16 May, nothing is paid."""
    found = Desk()
    lend(found, "loan", "liu")
    return found


def lend(desk: Desk, name: str, customer: str) -> None:
    desk.make(
        "loan", name, under=customer, product_id=named("nh01"), principal_fen=OWED, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10",
        first_due_on="2026-05-16", purpose="购买仔猪", security=["unsecured"],
        officer_id=named("li"), responsible={"reviewer": named("feng")},
    )  # fmt: skip
    for seq, due, principal, interest in (
        (1, "2026-05-16", 2_000_00, 70_00),
        (2, "2026-12-10", 8_000_00, 0),
    ):
        desk.make(
            "installment", f"{name} {seq}", under=customer, loan_id=named(name),
            schedule_version=1, seq=seq, due_date=due, principal_fen=principal,
            interest_fen=interest, fee_fen=0,
        )  # fmt: skip


def paid(desk: Desk, name: str, amount: int, on: str) -> Change:
    return desk.create(
        "repayment", name, loan_id=named("loan"), amount_fen=amount, value_date=on,
        channel="cash", receipt_no=name,
    )  # fmt: skip


def contracted(desk: Desk, **asked: Json) -> None:
    """The restructuring is decided at the second tier, and signed."""
    reviewed(desk, loan_id=named("loan"), **asked)
    desk.does("guo", *approval(desk, "guo"))
    desk.make(
        "attachment", "contract", record_type="loan_application", record=named("app"),
        kind="contract", **PHOTO,
    )  # fmt: skip
    desk.does("he", desk.edit("loan_application", "app", state="contracted"))


def papers(desk: Desk) -> LoanPapers:
    loan = desk.record("loan")
    return money.papers(Sight(Draft(desk.ledger), TODAY), loan)


def rows(desk: Desk, version: int) -> list[dict[str, Json]]:
    found = [it.fields for it in desk.all("installment")]
    return sorted(
        (it for it in found if it["schedule_version"] == version), key=lambda it: it["seq"]
    )


def test_the_loan_goes_on_with_a_new_schedule_from_what_is_owed(desk: Desk) -> None:
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))

    loan, (first, *others) = desk.fields("loan"), rows(desk, 2)
    assert (loan["state"], loan["schedule_version"], loan["restructure_count"]) == ("active", 2, 1)
    assert (loan["restructured_on"], loan["method"]) == (TODAY, "equal_installment")
    assert (loan["first_due_on"], loan["maturity_on"]) == ("2026-07-16", "2027-06-16")
    assert loan["responsible"] == {"reviewer": named("feng")}, "RSP-1: never rewritten"
    assert len(rows(desk, 1)) == 2, "the old version stays"
    assert sum(it["principal_fen"] for it in (first, *others)) == OWED
    # 70.00 was due; since then 31 days ran on the 8,000.00 that were not due, penalty on the others.
    assert first["interest_fen"] == 70_00 + 57_87 + 70_00
    assert first["fee_fen"] == 21_70
    assert len(desk.all("loan")) == 1
    assert not [it for it in desk.all("task") if it.fields["title"] == "首次跟踪检查"]


def test_it_is_watched_for_a_year_and_late_no_more(desk: Desk) -> None:
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))

    sight, loan = Sight(Draft(desk.ledger), TODAY), desk.record("loan")
    assert papers(desk).replay(date.fromisoformat(TODAY)).state.dpd == 0
    assert classing.floor(sight, loan, date(2026, 6, 16)).code == "special_mention"
    assert classing.floor(sight, loan, date(2027, 6, 16), dpd=0).code == "normal"


def test_what_was_paid_before_and_comes_in_later_counts_on_the_new_schedule(desk: Desk) -> None:
    desk.does("li", paid(desk, "known", 100_00, TODAY))
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))
    owed = papers(desk).replay(date(2026, 7, 16)).state.due_today_fen

    desk.does("li", paid(desk, "late", 50_00, "2026-06-15"))

    assert desk.fields("loan")["receipts_before"] == [named("known")]
    assert papers(desk).replay(date(2026, 7, 16)).state.due_today_fen == owed - 50_00


def test_whoever_reverses_a_receipt_of_the_old_balance_makes_work_for_the_officer(
    desk: Desk,
) -> None:
    desk.does("li", paid(desk, "known", 100_00, TODAY))
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))
    asked = {"title": "冲正", "due_on": TODAY, "source": "manual", "record_type": "repayment"}
    desk.does("li", desk.create("task", "ask", record=named("known"), **asked))

    again = desk.create(
        "repayment", "undone", loan_id=named("loan"), amount_fen=100_00, value_date=TODAY,
        channel="cash", receipt_no="undone", reverses_id=named("known"),
    )  # fmt: skip
    desk.does("ma", again)

    told = [it.fields for it in desk.all("task") if it.fields.get("record") == named("loan")]
    assert [(it["assignee_id"], it["due_on"]) for it in told] == [(named("li"), TODAY)]


def test_it_is_decided_a_tier_above_and_counts_once(desk: Desk) -> None:
    reviewed(desk, loan_id=named("loan"))
    sight, application = Sight(Draft(desk.ledger), TODAY), desk.record("app")

    assert required_tier(sight, application) == 2
    assert money.exposure_fen(sight, application, 12_000_00) == 12_000_00
    assert desk.refused("wang", *approval(desk, "wang"))[1] == "above-authority"
    desk.does("guo", *approval(desk, "guo"))
    other = desk.ledger.records[named("app")].copy()
    other.id, other.fields = named("other"), {"amount_fen": 5_000_00}
    sight = Sight(Draft(desk.ledger), TODAY)
    assert money.exposure_fen(sight, other, 5_000_00) == OWED + 5_000_00, "no new money"


def test_after_it_the_customer_is_decided_a_tier_above(desk: Desk) -> None:
    contracted(desk)
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))

    assert money.has_bad_history(Sight(Draft(desk.ledger), TODAY), named("liu"))


def test_what_is_small_or_above_a_limit_may_be_restructured(desk: Desk) -> None:
    """A product's least amount and the rated limit are about new money."""
    investigated(desk, loan_id=named("loan"), amount_fen=500_00)
    desk.does("li", *submission(desk))


@pytest.mark.parametrize("whose", ["nothing", "another's", "a visit"])
def test_only_a_loan_of_the_customer_is_restructured(desk: Desk, whose: str) -> None:
    desk.customer("chen", "999901198509230028")
    lend(desk, "another's", "chen")
    desk.make("visit", "a visit", purposes=["routine"], state="in_progress")
    made = desk.create(
        "loan_application", "app", product_id=named("nh01"), amount_fen=5_000_00, term_months=12,
        method="bullet", rate_bps=840, purpose="购买仔猪", loan_id=named(whose),
    )  # fmt: skip

    assert desk.send("li", made).errors[0].field == "loan_id"


def test_a_settled_loan_is_not_restructured(desk: Desk) -> None:
    investigated(desk, loan_id=named("loan"))
    desk.does(None, desk.edit("loan", "loan", state="settled"))

    assert desk.refused("li", *submission(desk))[1] == "restructure-loan"


def test_more_than_was_decided_about_is_not_carried_out(desk: Desk) -> None:
    contracted(desk, amount_fen=5_000_00)

    refused = desk.refused("he", desk.edit("loan_application", "app", **PAY_OUT))

    assert refused[1] == "restructure-amount"


def test_of_a_plan_by_harvests_what_was_paid_since_is_off_the_first(desk: Desk) -> None:
    plan = [
        {"due_date": "2026-09-30", "principal_fen": 2_000_00},
        {"due_date": "2026-11-30", "principal_fen": 8_000_00},
    ]
    contracted(
        desk, amount_fen=OWED, method="seasonal", plan=plan, term_months=None,
        maturity_date="2026-11-30",
    )  # fmt: skip
    desk.does("li", paid(desk, "since", 2_591_70 - 70_00, TODAY))
    desk.does("he", desk.edit("loan_application", "app", **PAY_OUT))

    assert [it["principal_fen"] for it in rows(desk, 2)] == [0, 7_570_00]


def test_terms_that_have_passed_are_not_carried_out(desk: Desk) -> None:
    plan = [{"due_date": "2026-06-10", "principal_fen": OWED}]
    contracted(
        desk, amount_fen=OWED, method="seasonal", plan=plan, term_months=None,
        maturity_date="2026-06-10",
    )  # fmt: skip

    refused = desk.refused("he", desk.edit("loan_application", "app", **PAY_OUT))

    assert refused[1] == "terms-have-passed"


@pytest.mark.parametrize("lost", [None, "loan"])
def test_what_cannot_be_carried_out_is_refused_to_the_server_itself(
    desk: Desk, lost: str | None
) -> None:
    plan = [{"due_date": "2026-06-10", "principal_fen": OWED}]
    contracted(
        desk, amount_fen=OWED, method="seasonal", plan=plan, term_months=None,
        maturity_date="2026-06-10",
    )  # fmt: skip
    if lost:
        desk.ledger.records[named(lost)].deleted = True

    result = desk.send(None, desk.edit("loan_application", "app", **PAY_OUT))

    assert [it.reason for it in result.errors] == ["terms-have-passed"]
