"""Acceptance A7 (domain.md, 10.5): each rule of section 4 with one refused and one allowed case, in both languages.

What only a server has to show of them is in tests/server/test_duties_apart.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas import words
from schemas.messages import Change, Fault
from schemas.registry import REGISTRY
from schemas.values import derived_id
from tests.sync.lending import (
    ASKED,
    LIU,
    MADE_AT,
    TODAY,
    Desk,
    approval,
    contracted,
    decision,
    investigated,
    named,
    review,
    review_note,
    reviewed,
    signature,
    submission,
    submitted,
)

Json = Any


@pytest.fixture
def desk() -> Desk:
    return Desk()


def barred(desk: Desk, rule: str, who: str, *changes: Change, tier: int | None = None) -> Fault:
    """Let somebody be refused by a rule, which is told in both languages."""
    result = desk.send(who, *changes, tier=tier)
    assert result.status == "rejected", f"{who} may: {result}"
    fault = result.errors[0]
    assert fault.rule == rule, fault
    about = None if fault.change is None else REGISTRY[changes[fault.change].type]
    for lang in words.LANGUAGES:
        assert words.pick(words.RULES[rule], lang) in words.describe(fault, about, lang)
    return fault


# ------------------------------------------------------------------- who investigates, reviews, decides


def test_sod_1_whoever_investigated_does_not_review_or_approve(desk: Desk) -> None:
    submitted(desk)
    desk.make(
        "inspection_note", "helped", kind="pre_loan", application_id=named("app"),
        checklist_code="pre_loan", checklist_version=1, inspector_ids=[named("sun"), named("wang")],
    )  # fmt: skip
    review_note(desk, "sun")

    barred(desk, "SOD-1", "sun", decision(desk, "sun", "review", "pass"))
    barred(desk, "SOD-1", "sun", *review(desk, "sun"))
    review_note(desk, "feng")
    desk.does("feng", *review(desk, "feng"))
    barred(desk, "SOD-1", "wang", *approval(desk, "wang"))
    desk.does("tan", *approval(desk, "tan"))


def test_sod_1_counts_whoever_surveyed(desk: Desk) -> None:
    submitted(desk)
    desk.record("survey").created_by = named("sun")
    review_note(desk, "sun")

    barred(desk, "SOD-1", "sun", *review(desk, "sun"))


def test_sod_2_the_reviewer_does_not_approve_and_nobody_votes_for_another(desk: Desk) -> None:
    reviewed(desk)
    desk.make(
        "decision", "also reviewed", application_id=named("app"), stage="review", outcome="pass",
        comment="同意。", user_id=named("wang"),
    )  # fmt: skip

    moved_first = list(reversed(approval(desk, "wang")))
    barred(desk, "SOD-2", "wang", *approval(desk, "wang"))
    barred(desk, "SOD-2", "wang", *moved_first)
    barred(desk, "SOD-2", "tan", decision(desk, "guo", "approve", "approve"))
    desk.does("tan", *approval(desk, "tan"))
    barred(desk, "SOD-2", "tan", decision(desk, "tan", "approve", "approve", "again"))


def test_sod_3_whoever_took_part_does_not_pay_out(desk: Desk) -> None:
    contracted(desk)
    pay = desk.edit("loan_application", "app", state="disbursed")
    desk.make(
        "decision", "by a clerk", application_id=named("app"), stage="review", outcome="pass",
        comment="同意。", user_id=named("ma"),
    )  # fmt: skip

    for who in ("li", "sun", "wang", "ma"):
        barred(desk, "SOD-3", who, pay)
    desk.does("he", pay)


@pytest.mark.parametrize("asked", [{}, {"amount_fen": 60_000_00, "exception": True}])
def test_sod_4_a_first_or_large_loan_needs_two_who_were_there_and_signed(
    desk: Desk, asked: dict[str, Json]
) -> None:
    extra = {"exception_reason": "灾后恢复"} if asked else {}
    investigated(desk, second=None, **asked, **extra)

    assert barred(desk, "SOD-4", "li", *submission(desk)).reason == "two-investigators"
    desk.does("li", desk.edit("loan_application", "app", co_officer_id=named("zhao")))
    barred(desk, "SOD-4", "li", *submission(desk))
    note = desk.record("note")
    note.fields["inspector_ids"] = [named("li"), named("zhao")]
    arrival = {"state": "in_progress", "officer_id": named("zhao"), "arrived_at": MADE_AT}
    desk.does("zhao", desk.create("visit", "second visit", purposes=["pre_loan"], **arrival))
    barred(desk, "SOD-4", "li", *submission(desk))
    desk.does("zhao", signature(desk, "note", "zhao"))
    desk.does("li", *submission(desk))


def test_sod_4_a_small_unsecured_second_loan_needs_one(desk: Desk) -> None:
    lend(desk, state="settled")
    investigated(desk, second=None)

    barred(desk, "SOD-4", "li", *submission(desk))  # a guarantor secures it
    desk.does("li", *submission(desk, security={"add": ["unsecured"]}))


def lend(desk: Desk, **fields: Json) -> None:
    """Give Liu a loan, settled long ago or still running."""
    desk.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], **{"officer_id": named("li"), "responsible": {}, **fields},
    )  # fmt: skip


# ------------------------------------------------------------------------------- avoidance of relatives


def kin_of(desk: Desk, who: str, under: str = "liu") -> None:
    desk.make(
        "relationship", f"kin {who}", under=under, kind="staff_relative", to_user_id=named(who)
    )


def test_sod_5_a_relative_begins_and_inspects_nothing(desk: Desk) -> None:
    kin_of(desk, "li")
    note = {"kind": "routine", "checklist_code": "routine", "checklist_version": 1}

    def inspects(*who: str) -> Change:
        people = [named(it) for it in who]
        return desk.create("inspection_note", " ".join(["by", *who]), **note, inspector_ids=people)

    barred(desk, "SOD-5", "li", desk.create("loan_application", "app", **ASKED))
    barred(desk, "SOD-5", "li", inspects("li"))
    barred(desk, "SOD-5", "zhao", inspects("zhao", "li"))
    desk.does("zhao", desk.create("loan_application", "app", **ASKED))
    second = desk.edit("loan_application", "app", co_officer_id=named("li"))
    barred(desk, "SOD-5", "zhao", second)
    desk.does("zhao", inspects("zhao"))


def values(desk: Desk, who: str, second: str | None = None) -> Change:
    said = {"valued_on": TODAY, "method": "market", "value_fen": 10_000_00, "by": named(who)}
    if second:
        said["second_signer"] = named(second)
    return desk.edit(
        "collateral", "house", at={f"valuations.{who}.{it}": said[it] for it in said}
    )  # fmt: skip


def test_sod_5_a_relative_values_nothing(desk: Desk) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    house = {"application_id": named("app"), "kind": "house", "owner_name": "雷春花"}
    desk.does("li", desk.create("collateral", "house", **house))
    kin_of(desk, "zhao")
    kin_of(desk, "wang")

    barred(desk, "SOD-5", "li", values(desk, "zhao"))
    barred(desk, "SOD-5", "wang", values(desk, "li", "wang"))
    desk.does("li", values(desk, "li"))


MOVES: dict[str, tuple[str, str]] = {
    "returned": ("wang", "tan"), "reviewed": ("sun", "feng"), "approved": ("wang", "tan"),
    "disbursed": ("he", "ma"),
}  # fmt: skip
"""By move, who is a relative and who makes it instead."""


@pytest.mark.parametrize("state", MOVES)
def test_sod_5_a_relative_reviews_decides_and_pays_out_nothing(desk: Desk, state: str) -> None:
    before: dict[str, Callable[[Desk], None]] = {"approved": reviewed, "disbursed": contracted}
    before.get(state, submitted)(desk)
    relative, other = MOVES[state]
    kin_of(desk, relative)
    if state == "reviewed":
        for who in (relative, other):
            desk.make(
                "inspection_note", f"review {who}", kind="in_loan_review", state="signed",
                application_id=named("app"), checklist_code="in_loan_review", checklist_version=1,
                inspector_ids=[named(who)],
            )  # fmt: skip

    def moved(who: str) -> list[Change]:
        move = desk.edit("loan_application", "app", state=state)
        stage = ("review", "pass") if state == "reviewed" else ("approve", "approve")
        stage = ("approve", "return") if state == "returned" else stage
        return [move] if state == "disbursed" else [move, decision(desk, who, *stage)]

    barred(desk, "SOD-5", relative, *moved(relative))
    if state != "disbursed":
        barred(desk, "SOD-5", relative, *reversed(moved(relative)))
    raised = 2 if state == "approved" else None  # a relative of staff raises the tier by one
    assert desk.send(other, *moved(other), tier=raised).status == "applied"


def test_sod_5_lends_a_relative_nothing_unsecured_and_on_no_better_terms(desk: Desk) -> None:
    kin_of(desk, "wu")
    investigated(desk)
    better = {"exception": True, "exception_reason": "领导同意。"}
    desk.record("app").fields["rate_bps"] = 499  # the product's lowest is 500

    assert barred(desk, "SOD-5", "li", *submission(desk, **better)).field == "rate_bps"
    desk.record("app").fields["rate_bps"] = 500
    unsecured = submission(desk, security={"add": ["unsecured"]})
    assert barred(desk, "SOD-5", "li", *unsecured).field == "security"
    desk.does("li", *submission(desk))


def test_sod_5_approves_no_better_terms_for_a_relative(desk: Desk) -> None:
    kin_of(desk, "wu")
    reviewed(desk)
    terms = {it: ASKED[it] for it in TERMS}

    cheap = approval(desk, "guo", **{**terms, "rate_bps": 400})
    assert barred(desk, "SOD-5", "guo", *cheap).field == "rate_bps"
    desk.does("guo", *approval(desk, "guo", **{**terms, "rate_bps": 900}))


TERMS = ("amount_fen", "term_months", "maturity_date", "method", "rate_bps", "plan")


@pytest.mark.parametrize("end", ["the relationship", "the guarantee"])
def test_sod_5_counts_the_guarantor_s_relatives_as_long_as_they_are(desk: Desk, end: str) -> None:
    reviewed(desk)
    desk.customer("brother", "999901198509230028")
    desk.make(
        "guarantor", "g", application_id=named("app"), guarantor_customer_id=named("brother"),
        kind="individual", amount_fen=12_000_00,
    )  # fmt: skip
    kin_of(desk, "wang", under="brother")

    barred(desk, "SOD-5", "wang", *approval(desk, "wang"))
    if end == "the relationship":
        kin = desk.edit("relationship", "kin wang", under="brother", ended_on="2026-06-01")
        desk.does(None, kin)
    else:
        gone = Change("delete", "guarantor", named("g"), LIU, {}, reason="换人")
        desk.does(None, gone)
    desk.does("wang", *approval(desk, "wang"))


# ------------------------------------------------------------------------------------------- collateral


def test_sod_6_a_large_valuation_has_a_second_signer_of_his_own(desk: Desk) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    house = {"application_id": named("app"), "kind": "house", "owner_name": "雷春花"}
    valuation = {
        "valuations.v1.valued_on": TODAY, "valuations.v1.method": "market",
        "valuations.v1.value_fen": 80_000_00, "valuations.v1.by": named("li"),
    }  # fmt: skip
    desk.does("li", desk.create("collateral", "house", **house, **valuation))
    second = {"valuations.v1.second_signer": named("wang")}
    register = desk.edit("collateral", "house", state="registered")

    barred(desk, "SOD-6", "he", register)
    barred(desk, "SOD-6", "li", desk.edit("collateral", "house", at=second))
    own = {"valuations.v1.second_signer": named("li")}
    barred(desk, "SOD-6", "li", desk.edit("collateral", "house", at=own))
    desk.does("wang", desk.edit("collateral", "house", at=second))
    desk.does("he", register)


@pytest.mark.parametrize(("value", "signed"), [(50_000_00, False), (50_000_01, True)])
def test_sod_6_what_is_registered_is_valued_anew_by_two(
    desk: Desk, value: int, signed: bool
) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    house = {"application_id": named("app"), "kind": "house", "owner_name": "雷春花"}
    desk.does("li", desk.create("collateral", "house", **house))
    desk.does("he", desk.edit("collateral", "house", state="registered"))
    anew = {"valuations.v2.value_fen": value, "valuations.v2.by": named("li")}

    if signed:
        barred(desk, "SOD-6", "wang", desk.edit("collateral", "house", at=anew))
        anew["valuations.v2.second_signer"] = named("wang")
    desk.does("wang", desk.edit("collateral", "house", at=anew))


# ------------------------------------------------------------------------------- inspection and conflict


HANDLERS: dict[str, tuple[str, ...]] = {
    "the loan's officer": ("wu",),
    "who investigated it": ("sun",),
    "who applied, and the second one": ("deng", "lu"),
    "whose customer it is": ("li",),
}


@pytest.mark.parametrize("what", HANDLERS)
def test_sod_7_a_supervisory_inspection_is_not_made_by_those_who_handle_the_loan(
    desk: Desk, what: str
) -> None:
    desk.make(
        "loan_application", "app", **ASKED, officer_id=named("deng"), co_officer_id=named("lu")
    )
    responsible = {"investigator": [named("sun")]}
    application = {"application_id": named("app")} if what.startswith("who applied") else {}
    lend(desk, officer_id=named("wu"), responsible=responsible, **application)
    desk.make(
        "assignment", "cover", officer_id=named("tan"), customer_id=LIU, role="cover",
        valid_from=TODAY, valid_to="2026-07-01",
    )  # fmt: skip
    of_a_loan = {} if what == "whose customer it is" else {"loan_id": named("loan")}

    def note(who: str) -> Change:
        return desk.create(
            "inspection_note", f"by {who}", kind="supervisory", checklist_code="supervisory",
            checklist_version=1, inspector_ids=[named(who)], **of_a_loan,
        )  # fmt: skip

    for who in HANDLERS[what]:
        assert barred(desk, "SOD-7", "wang", note(who)).field == "inspector_ids"
    desk.does("wang", note("wang"))
    desk.does("tan", note("tan"))  # who only stood in for a colleague


def collided(desk: Desk, sensitive: bool) -> str:
    """Let Li and Zhao change a field unaware of each other; return the conflict's id."""
    desk.does("li", desk.create(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li"), named("zhao")],
    ))  # fmt: skip
    base = desk.ledger.head
    at = {"answers.R04.value": 1} if sensitive else {"answers.R04.note": "甲"}
    desk.does("zhao", desk.edit("inspection_note", "n", at=at))
    mine = {"answers.R04.value": 2} if sensitive else {"answers.R04.note": "乙"}
    result = desk.send("li", desk.edit("inspection_note", "n", at=mine), base=base)
    (conflict,) = result.changes[0].conflicts
    return conflict


def resolves(conflict: str) -> Change:
    said = {"status": "resolved", "resolution": "keep", "comment": "电话核实。"}
    return Change("update", "conflict", conflict, LIU, said)


def test_sod_8_a_sensitive_field_is_decided_by_who_wrote_neither_side(desk: Desk) -> None:
    conflict = collided(desk, sensitive=True)

    for who in ("li", "zhao"):
        barred(desk, "SOD-8", who, resolves(conflict))
    desk.does("wang", resolves(conflict))


def test_sod_8_the_reviewer_writes_what_was_passed_up_to_him_and_nothing_else(desk: Desk) -> None:
    base = desk.ledger.head
    desk.does("wang", desk.edit("customer", "liu", annual_income_fen=5))
    result = desk.send("li", desk.edit("customer", "liu", annual_income_fen=6), base=base)
    (conflict,) = result.changes[0].conflicts
    barred(desk, "SOD-8", "wang", resolves(conflict))
    other = desk.ledger.records[conflict].fields["others"][0]
    chosen = {"device": other["device"], "number": other["number"]}
    decided = Change(
        "update", "conflict", conflict, LIU,
        {"status": "resolved", "resolution": "other", "comment": "已核实。", "chosen": chosen},
    )  # fmt: skip

    also = desk.edit("customer", "liu", annual_income_fen=6, phone="13900000009")
    assert desk.refused("sun", decided, also)[0] == "not-permitted"
    assert (
        desk.refused("sun", desk.edit("customer", "liu", annual_income_fen=6))[0] == "not-permitted"
    )
    desk.does("sun", decided, desk.edit("customer", "liu", annual_income_fen=6))
    assert desk.fields("liu")["annual_income_fen"] == 6


def test_sod_8_any_other_also_by_who_wrote_one(desk: Desk) -> None:
    desk.does("li", resolves(collided(desk, sensitive=False)))


# ------------------------------------------------------------------------------- proposing and confirming


def receipt(desk: Desk, name: str, **fields: Json) -> Change:
    said = {"loan_id": named("loan"), "amount_fen": 500_00, "value_date": TODAY, "channel": "cash"}
    return desk.create("repayment", name, receipt_no=name, **{**said, **fields})


def test_sod_9_who_asks_for_a_reversal_does_not_confirm_it(desk: Desk) -> None:
    lend(desk)
    desk.does("li", receipt(desk, "T1-1"))
    reversal = receipt(desk, "R-1", reverses_id=named("T1-1"))
    task = desk.create(
        "task", "ask", title="冲正", due_on=TODAY, source="manual", record_type="repayment",
        record=named("T1-1"),
    )  # fmt: skip

    assert barred(desk, "SOD-9", "he", reversal).reason == "reversal-not-asked"
    desk.does("he", task)
    barred(desk, "SOD-9", "he", reversal)
    barred(desk, "SOD-9", "zhao", reversal)
    other = receipt(desk, "R-2", reverses_id=named("T1-1"), amount_fen=400_00)
    assert desk.refused("wang", other)[:2] == ("invalid-value", "reversal-amount")
    desk.does("wang", reversal)
    again = receipt(desk, "R-3", reverses_id=named("T1-1"))
    assert desk.refused("wang", again)[:2] == ("invalid-value", "reversal-twice")


def test_sod_9_is_not_about_a_receipt_that_reverses_nothing(desk: Desk) -> None:
    lend(desk)

    desk.does("li", receipt(desk, "T1-1", reverses_id=None))


def test_sod_10_a_class_is_confirmed_by_another_an_upgrade_one_level_above(desk: Desk) -> None:
    lend(desk)
    for key in ("better_class_months", "better_class_installments"):
        desk.make("parameter", key, key=key, value=0, unit_id=named("outlet"), valid_from=TODAY)

    def proposed(name: str, who: str, risk: str) -> Change:
        return desk.create(
            "classification", name, loan_id=named("loan"), as_of=TODAY, proposed_class=risk,
            reason="猪瘟", proposed_by=named(who),
        )  # fmt: skip

    def confirmed(name: str, who: str) -> Change:
        said = {"confirmed_by": named(who), "confirmed_at": MADE_AT}
        return desk.edit("classification", name, **said)

    desk.does("wang", proposed("worse", "wang", "special_mention"))
    barred(desk, "SOD-10", "wang", confirmed("worse", "wang"))
    assert desk.refused("sun", confirmed("worse", "tan"))[:2] == ("not-permitted", "own-name")
    desk.does("tan", confirmed("worse", "tan"))
    desk.does("li", proposed("better", "li", "normal"))
    assert barred(desk, "SOD-10", "wang", confirmed("better", "wang")).reason == "upgrade-above"
    desk.does("sun", confirmed("better", "sun"))


def test_sod_10_a_rating_too(desk: Desk) -> None:
    investigated(desk)
    desk.record("rating").fields["proposed_by"] = named("wang")

    def confirmed(who: str) -> Change:
        return desk.edit("credit_rating", "rating", confirmed_by=named(who))

    barred(desk, "SOD-10", "wang", confirmed("wang"))
    desk.does("tan", confirmed("tan"))


# ------------------------------------------------------------------------- administrators and auditors


def test_sod_11_administrators_and_auditors_change_no_business_records(desk: Desk) -> None:
    phone = desk.edit("customer", "liu", phone="13900000001")
    note = {"kind": "routine", "checklist_code": "routine", "checklist_version": 1}
    own = desk.create("inspection_note", "own", **note, inspector_ids=[named("qian")])
    other = desk.create("inspection_note", "other", **note, inspector_ids=[named("li")])

    for who in ("ding", "qian"):
        barred(desk, "SOD-11", who, phone)
        barred(desk, "SOD-11", who, desk.create("loan_application", "app", **ASKED))
    desk.does("qian", own)
    barred(desk, "SOD-11", "qian", other)
    desk.does("li", other)
    barred(desk, "SOD-11", "qian", desk.edit("inspection_note", "other", narrative="改"))
    desk.does("qian", desk.edit("inspection_note", "own", narrative="已核对。"))
    desk.does("ding", desk.edit("org_unit", "outlet", name="河口支行"))


def test_sod_11_an_auditor_opens_findings_on_his_own_inspections_only(desk: Desk) -> None:
    for name, who in (("own", "qian"), ("other", "li")):
        desk.make(
            "inspection_note", name, kind="routine", checklist_code="routine",
            checklist_version=1, inspector_ids=[named(who)],
        )  # fmt: skip

    def finding(name: str) -> Change:
        said = {"inspection_note_id": named(name), "severity": "minor", "state": "open"}
        return desk.create("finding", f"finding {name}", **said)

    barred(desk, "SOD-11", "qian", finding("other"))
    desk.does("qian", finding("own"))


def test_sod_11_an_auditor_audits_somebody_else_in_his_own_name(desk: Desk) -> None:
    def audit(subject: str, auditor: str) -> Change:
        return desk.create(
            "officer_audit", f"{subject} {auditor}", checklist_code="officer_audit",
            checklist_version=1, subject_user_id=named(subject), auditor_id=named(auditor),
        )  # fmt: skip

    barred(desk, "SOD-11", "qian", audit("qian", "qian"))
    barred(desk, "SOD-11", "qian", audit("li", "wang"))
    desk.does("qian", audit("li", "qian"))
    desk.does("qian", signature(desk, "li qian", "qian", "officer_audit"))
    assert desk.fields("li qian")["state"] == "signed"


# ------------------------------------------------------------------------------------ handing over


def handed_over(desk: Desk) -> None:
    desk.does(
        "wang",
        desk.create(
            "handover", "h", from_officer_id=named("zhao"), to_officer_id=named("li"),
            witness_id=named("tan"), reason="leave", effective_on="2026-06-22",
            **{f"items.{LIU}.listed": True},
        ),
    )  # fmt: skip
    desk.does("wang", desk.edit("handover", "h", state="in_review"))


def test_sod_12_three_people_each_with_an_own_part(desk: Desk) -> None:
    two = {
        "from_officer_id": named("zhao"),
        "to_officer_id": named("li"),
        "witness_id": named("li"),
    }
    again = desk.create("handover", "two", **two, reason="leave", effective_on="2026-06-22")
    barred(desk, "SOD-12", "wang", again)
    handed_over(desk)
    item = f"items.{LIU}"
    agree = desk.edit("handover", "h", at={f"{item}.agreed": True, "state": "agreed"})
    appraisal = desk.edit("handover", "h", at={f"{item}.appraisal": "与台账相符。"})
    early = desk.edit("handover", "h", state="agreed")

    barred(desk, "SOD-12", "zhao", agree)
    barred(desk, "SOD-12", "zhao", early)
    barred(desk, "SOD-12", "li", appraisal)
    refused = desk.refused("li", early)
    assert refused[:2] == ("invalid-transition", "handover-unanswered")
    desk.does("tan", appraisal)
    desk.does("li", agree)
    barred(desk, "SOD-12", "wu", signature(desk, "h", "wu", "handover"))
    barred(desk, "SOD-12", "zhao", signature(desk, "h", "tan", "handover"))
    for who in ("zhao", "li", "tan"):
        assert desk.fields("h")["state"] == "agreed"
        desk.does(who, signature(desk, "h", who, "handover"))
    assert desk.fields("h")["state"] == "signed"


# ----------------------------------------------------------------------- limits, responsibility, licence


@pytest.mark.parametrize("key", ["tier1_unsecured_fen", "committee_members", "expedited_limit_fen"])
def test_sod_13_nobody_sets_a_limit_of_his_own(desk: Desk, key: str) -> None:
    limit = desk.create("parameter", "p", key=key, value=5)

    barred(desk, "SOD-13", "ding", limit, tier=1)
    desk.does("ding", limit)


def test_sod_13_an_approver_who_administers_sets_what_limits_nobody(desk: Desk) -> None:
    days = desk.create("parameter", "p", key="first_followup_days", value=10)

    assert desk.send("ding", days, tier=1).status == "applied"


def test_rsp_1_a_loan_names_who_answers_for_what(desk: Desk) -> None:
    contracted(desk)

    desk.does("he", desk.edit("loan_application", "app", state="disbursed"))

    loan = desk.ledger.records[derived_id("loan", named("app"))]
    assert loan.fields["responsible"] == {
        "investigator": [named("li"), named("zhao")], "reviewer": named("sun"),
        "approver": named("wang"), "clerk": named("he"),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["li", "wang", "he", "guo"])
def test_rsp_1_nobody_rewrites_it(desk: Desk, who: str) -> None:
    lend(desk, responsible={"investigator": [named("li")]})

    barred(desk, "RSP-1", who, desk.edit("loan", "loan", responsible={}))
    assert desk.fields("loan")["responsible"] == {"investigator": [named("li")]}


def test_rsp_2_a_suspended_outlet_takes_no_new_application_and_goes_on_collecting(
    desk: Desk,
) -> None:
    desk.does("tan", desk.edit("org_unit", "outlet", lending_suspended=True))
    application = desk.create("loan_application", "app", **ASKED)

    barred(desk, "RSP-2", "li", application)
    desk.does("li", desk.create("visit", "v", purposes=["collection"], state="in_progress"))
    desk.does("tan", desk.edit("org_unit", "outlet", lending_suspended=False))
    desk.does("li", application)


def test_rsp_2_nobody_suspends_his_own_outlet_and_an_officer_may_be_suspended(desk: Desk) -> None:
    barred(desk, "RSP-2", "wang", desk.edit("org_unit", "outlet", lending_suspended=True))
    desk.does("wang", desk.edit("user", "li", lending_suspended=True))
    barred(desk, "RSP-2", "li", desk.create("loan_application", "app", **ASKED))
    desk.does("zhao", desk.create("loan_application", "app", **ASKED))


def test_each_rule_is_tried_here() -> None:
    tried = [it.removeprefix("test_") for it in globals() if it.startswith("test_")]
    untried = [
        rule
        for rule in words.RULES
        if not any(it.startswith(f"{rule.lower().replace('-', '_')}_") for it in tried)
    ]

    assert untried == []
