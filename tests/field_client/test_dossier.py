"""What the dossier tells first, and how far its user has come: here, and as the server has accepted it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from field_client import dossier_tables
from field_client.dossier import Figure
from field_client.faults import InvalidInputError
from field_client.visits import Place
from tests.field_client.branches import USERS, Branch
from tests.field_client.tablets import CHEN, LOAN, TODAY, VISIT, Tablet

Json = Any
LI = USERS["li.min"]["id"]
TOLD = {"direction": "in", "at": "2026-06-16T01:00:00.000Z"}


@pytest.fixture(autouse=True)
def planned(ada: Tablet, branch: Branch) -> None:
    """The visit of the day is Li Min's."""
    branch.put("visit", VISIT, CHEN, officer_id=LI)
    ada.client.sync()


def complained(made: Tablet, kind: str = "complaint") -> str:
    words = {"kind": kind, "summary": "收费不明", **TOLD}
    return made.client.create("interaction", CHEN, words)


def test_a_complaint_opens_its_case_in_the_same_set(ada: Tablet) -> None:
    interaction = complained(ada)

    (case,) = ada.client.records("case", CHEN)
    assert (case.fields["interaction_id"], case.fields["kind"]) == (interaction, "complaint")
    assert (case.fields["state"], case.fields["owner_id"]) == ("open", LI)
    assert len(ada.store.own_sets()) == 1
    (trouble,) = ada.client.troubles(ada.client.record(CHEN))
    assert (trouble.record, trouble.summary, trouble.is_open) == (case.id, "收费不明", True)


def test_a_call_opens_none_and_a_case_that_comes_with_it_is_enough(ada: Tablet) -> None:
    complained(ada, "call")
    action = ada.client.desk.begin("complaint")
    words = {"kind": "problem", "summary": "收据不清", **TOLD}
    interaction = action.create("interaction", CHEN, words)
    action.create("case", CHEN, {"interaction_id": interaction, "kind": "problem"})
    action.save()

    assert len(ada.client.records("case", CHEN)) == 1


def test_a_case_goes_its_way_offline_and_a_complaint_is_closed_above(ada: Tablet) -> None:
    complained(ada)
    (case,) = ada.client.records("case", CHEN)
    for state in ("in_progress", "resolved"):
        ada.client.edit(case.id, {"state": state, "resolution": "已当面说明。"})

    with pytest.raises(InvalidInputError):
        ada.client.edit(case.id, {"state": "closed"})
    ada.client.edit(case.id, {"state": "in_progress"})
    assert ada.client.record(case.id).fields["state"] == "in_progress", "it came up again"


def test_figures_are_told_as_here_and_as_accepted(ada: Tablet, branch: Branch) -> None:
    target = {"officer_id": LI, "period": "2026-06", "metric": "visit_completion"}
    branch.put("target", LOAN[:-1] + "8", None, **target, target_value=9500)
    closing = {**target, "metric": "finding_closure", "target_value": 8000}
    branch.put("target", LOAN[:-1] + "9", None, **closing)
    branch.put("target", LOAN[:-1] + "7", None, **{**target, "period": "2026-05"}, target_value=1)
    ada.client.sync()

    ada.client.visit_start(CHEN, visit=VISIT, place=Place(30_123_456, 110_654_321, 12))
    ada.client.visit_finish(VISIT, summary="收款。", met_with=["陈国平"])

    by_name = {it.metric: it for it in ada.client.figures()}
    assert by_name["visit_completion"] == Figure("visit_completion", 10_000, 0, 9500)
    assert by_name["finding_closure"] == Figure("finding_closure", None, None, 8000)
    ada.client.sync()
    assert {it.metric: it for it in ada.client.figures()}["visit_completion"].accepted == 10_000


def test_cash_findings_and_inspections_have_figures(ada: Tablet, branch: Branch) -> None:
    receipt, note = LOAN[:-1] + "6", LOAN[:-1] + "4"
    money = {"loan_id": LOAN, "amount_fen": 100_00, "value_date": "2026-06-10", "receipt_no": "R1"}
    branch.put("repayment", receipt, CHEN, **money, channel="cash", collected_by=LI)
    deposit = {"officer_id": LI, "business_date": "2026-06-11", "receipt_ids": [receipt]}
    branch.put("cash_deposit", LOAN[:-1] + "3", None, **deposit, state="confirmed")
    owed = {"inspection_note_id": note, "owner_id": LI, "severity": "minor", "due_on": "2026-06-12"}
    branch.put("finding", LOAN[:-1] + "2", CHEN, **owed, state="closed", level=0)
    ada.client.sync()

    found = {it.metric: (it.here, it.accepted) for it in ada.client.figures("2026-06")}
    assert found["deposit_discipline"] == (10_000, 10_000)
    assert found["finding_closure"] == (10_000, 10_000)
    assert "inspection_timeliness" in found


def test_figures_of_papers_that_cannot_be_are_none(ada: Tablet, branch: Branch) -> None:
    branch.put("loan", LOAN, CHEN, officer_id=LI, maturity_on=None)
    branch.put("loan", LOAN, CHEN, rate_bps=None)
    ada.client.sync()

    found = {it.metric: it.here for it in ada.client.figures("2026-06")}
    assert (found["par30"], found["visit_completion"]) == (None, 0), "the others are told"


def test_by_when_to_be_in_touch(ada: Tablet) -> None:
    chen = ada.client.record(CHEN)
    assert ada.client.contact_due(chen) is None

    complained(ada, "call")

    due = ada.client.contact_due(chen)
    assert due is not None
    assert due > TODAY
    assert dossier_tables.contact_line(due, TODAY, "en") == f"Be in touch by {due}"
    assert dossier_tables.contact_line(due, due.replace(year=2030), "zh").startswith("应在")


def raised(branch: Branch, severity: str = "yellow", state: str = "handling") -> str:
    """Put a signal about income into Chen's dossier, for which nothing speaks any more."""
    signal = LOAN[:-1] + "5"
    facts = {"subject_type": "customer", "subject": CHEN, "period": "2026-06"}
    fields = {"rule": "W04", "severity": severity, "state": state, "facts": facts, "level": 0}
    branch.put("warning_signal", signal, CHEN, **fields)
    return signal


def test_a_signal_whose_reason_has_gone_is_told(ada: Tablet, branch: Branch) -> None:
    signal = raised(branch)
    ada.client.sync()

    assert ada.client.outlived(ada.client.record(CHEN)) == [signal]

    branch.put("warning_signal", signal, CHEN, state="cleared")
    ada.client.sync()
    assert ada.client.outlived(ada.client.record(CHEN)) == []


def test_a_yellow_signal_is_cleared_while_the_branch_is_in_reach(
    ada: Tablet, branch: Branch
) -> None:
    """Clearing is no move that may be recorded offline (section 6.6)."""
    signal = raised(branch)
    ada.client.sync()
    ada.now += timedelta(minutes=11)
    with pytest.raises(InvalidInputError) as error:
        ada.client.edit(signal, {"state": "cleared"})
    assert [it.code for it in error.value.faults] == ["invalid-transition"]

    ada.client.sync()
    assert ada.client.edit(signal, {"state": "cleared"})


def test_a_red_signal_is_cleared_by_a_supervisor(ada: Tablet, branch: Branch) -> None:
    signal = raised(branch, "red")
    ada.client.sync()

    with pytest.raises(InvalidInputError) as error:
        ada.client.edit(signal, {"state": "cleared"})
    assert [it.reason for it in error.value.faults] == ["signal-above"]
