"""Rules over several records are asked on the tablet; what they forbid is said there (domain.md, section 6)."""

from __future__ import annotations

from typing import Any

import pytest

from field_client.faults import InvalidInputError
from schemas.loan_application import FIVE_C
from sync.guards.submitting import watchlist_hash
from tests.field_client.branches import USERS, Branch
from tests.field_client.tablets import CHEN, LIU, LOAN, PRODUCT, VILLAGE, Tablet, loan

Json = Any
LI, ZHAO = (USERS[it]["id"] for it in ("li.min", "zhao.lei"))
ASKED = {
    "product_id": PRODUCT, "amount_fen": 12_000_00, "term_months": 12, "method": "bullet",
    "rate_bps": 840, "purpose": "仔猪饲料", "security": ["unsecured"], "repay_source": "卖猪款。",
    "officer_opinion": "建议发放。",
}  # fmt: skip
JUDGED = {
    f"five_c.{name}.{leaf}": value
    for name in FIVE_C
    for leaf, value in (("score", 4), ("note", "邻里口碑好，三年无拖欠记录。"))
}


def refused(made: Tablet, record: str, **fields: Json) -> tuple[str | None, str | None]:
    """Return the rule and the reason for which an edit is not stored."""
    before = len(made.store.own_sets())
    with pytest.raises(InvalidInputError) as error:
        made.client.edit(record, fields)
    assert len(made.store.own_sets()) == before, "nothing is stored"
    (fault,) = error.value.faults
    return fault.rule, fault.reason


def prepared(made: Tablet, customer: str, **asked: Json) -> str:
    """Bring an application of an old customer to where one officer may submit it; return its id."""
    client = made.client
    application = client.create("loan_application", customer, {**ASKED, **JUDGED, **asked})
    survey = client.create(
        "cashflow_survey", customer,
        {
            "application_id": application, "start_month": "2026-07", "opening_cash_fen": 1,
            "surveyed_on": "2026-06-16",
        },
    )  # fmt: skip
    client.create(
        "credit_rating", customer,
        {
            "survey_id": survey, "scores": {"able_workers": 7}, "total": 73, "grade": "A",
            "limit_fen": 12_000_00, "valid_to": "2027-06-15", "proposed_by": LI,
        },
    )  # fmt: skip
    note = client.create(
        "inspection_note", customer,
        {
            "kind": "pre_loan", "application_id": application, "checklist_code": "routine",
            "checklist_version": 2, "inspector_ids": [LI],
        },
    )  # fmt: skip
    hashed = {"at": "2026-06-16T01:00:00.000Z", "content_hash": "0" * 64}
    signed = {f"signed_by.{application}.{leaf}": it for leaf, it in {"user": LI, **hashed}.items()}
    client.edit(note, signed)
    paper = client.attach(customer, b"\x89PNG\r\n\x1a\n" + bytes(64), "consent")
    client.edit(customer, {"consent_attachment_id": paper})
    return application


def known_for_years(ada: Tablet, branch: Branch) -> None:
    """Liu has had a loan, and has paid it back."""
    branch.put("loan", LOAN[:-1] + "5", LIU, **{**loan(), "state": "settled"})
    ada.client.sync()


def test_who_has_paid_for_years_is_submitted_offline_and_the_survey_is_locked(
    ada: Tablet, branch: Branch
) -> None:
    known_for_years(ada, branch)
    ada.link.up = False
    application = prepared(ada, LIU, amount_fen=5_000_00)

    saved = ada.client.edit(application, {"state": "submitted"})

    assert saved is not None
    assert [it["type"] for it in saved.content["changes"]] == [  # type: ignore[index]
        "loan_application", "cashflow_survey",
    ]  # fmt: skip
    (survey,) = ada.client.records("cashflow_survey", LIU)
    assert survey.fields["state"] == "locked"


def test_a_first_loan_waits_for_the_second_investigator_and_its_draft_is_kept(ada: Tablet) -> None:
    ada.link.up = False
    application = prepared(ada, LIU)

    assert refused(ada, application, state="submitted") == ("SOD-4", "two-investigators")
    ada.client.edit(application, {"co_officer_id": ZHAO})
    assert refused(ada, application, state="submitted")[0] == "SOD-4", "who has not been there"

    assert ada.client.record(application).fields["state"] == "draft"
    (survey,) = ada.client.records("cashflow_survey", LIU)
    assert survey.fields["state"] == "draft"


def test_what_is_missing_is_named(ada: Tablet) -> None:
    application = ada.client.create("loan_application", CHEN, ASKED)

    assert refused(ada, application, state="submitted") == (None, "survey-missing")


def test_a_person_on_the_watchlist_is_not_submitted(ada: Tablet, branch: Branch) -> None:
    known_for_years(ada, branch)
    listed = watchlist_hash("secret", str(ada.client.record(LIU).fields["id_no"]))
    branch.put("parameter", LOAN[:-1] + "6", None, key="watchlist_key", value="secret")
    entry = {"id_no_hash": listed, "level": "block", "reason": "假证"}
    branch.put("watchlist_entry", LOAN[:-1] + "7", None, **entry)
    ada.client.sync()
    application = prepared(ada, LIU, amount_fen=5_000_00)

    assert refused(ada, application, state="submitted") == (None, "watchlist-block")


def test_lending_that_is_suspended_begins_nothing(ada: Tablet, branch: Branch) -> None:
    branch.put("org_unit", VILLAGE, None, lending_suspended=True)
    ada.client.sync()

    with pytest.raises(InvalidInputError) as error:
        ada.client.create("loan_application", CHEN, ASKED)

    assert [it.rule for it in error.value.faults] == ["RSP-2"]


def test_another_s_loan_is_not_restructured(ada: Tablet) -> None:
    with pytest.raises(InvalidInputError) as error:
        ada.client.create("loan_application", LIU, {**ASKED, "loan_id": LOAN})

    assert [it.reason for it in error.value.faults] == ["restructure-loan"]
    assert ada.client.create("loan_application", CHEN, {**ASKED, "loan_id": LOAN})


def test_a_relative_of_the_officer_is_somebody_else_s(ada: Tablet) -> None:
    kin = {"kind": "staff_relative", "to_user_id": LI, "evidence": "户口本"}
    ada.client.create("relationship", CHEN, kin)

    with pytest.raises(InvalidInputError) as error:
        ada.client.create("loan_application", CHEN, ASKED)

    assert [it.rule for it in error.value.faults] == ["SOD-5"]


def test_a_task_is_cancelled_with_a_reason(ada: Tablet) -> None:
    task = {"title": "收款", "due_on": "2026-06-20", "source": "manual"}
    made = ada.client.create("task", CHEN, task)

    with pytest.raises(InvalidInputError) as error:
        ada.client.edit(made, {"state": "cancelled"})
    assert [(it.field, it.code) for it in error.value.faults] == [("cancel_reason", "required")]

    assert ada.client.edit(made, {"state": "cancelled", "cancel_reason": "已结清"})


def test_a_set_may_name_what_has_gone_meanwhile(ada: Tablet, branch: Branch) -> None:
    """What is no more on the tablet is left to the server."""
    task = {"title": "收款", "due_on": "2026-06-20", "source": "manual"}
    made = ada.client.create("task", CHEN, task)
    action = ada.client.desk.begin("edit")
    action.changes.append(
        {"op": "update", "type": "task", "id": LOAN[:-1] + "9", "customer": CHEN,
         "set": {"state": "done"}}
    )  # fmt: skip

    assert action.save() is not None
    assert ada.client.record(made).fields["state"] == "open"
