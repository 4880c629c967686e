"""The guards of domain.md, section 6: one refused and one allowed case each; section 4: test_separation_of_duties."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.registry import REGISTRY
from schemas.values import derived_id
from sync.follow_ups import FOLLOW_UPS
from sync.guards.checking import GUARDS
from sync.guards.submitting import watchlist_hash
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
FORBIDDEN, NOT_YET = "not-permitted", "invalid-transition"


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---------------------------------------------------------------------------------- from draft to loan


def test_an_application_goes_all_the_way_to_a_loan(desk: Desk) -> None:
    contracted(desk)

    desk.does("he", desk.edit("loan_application", "app", state="disbursed"))

    loan = desk.ledger.records[derived_id("loan", named("app"))]
    assert (loan.fields["principal_fen"], loan.fields["disbursed_on"]) == (12_000_00, TODAY)
    rows = desk.all("installment")
    assert sum(it.fields["principal_fen"] for it in rows) == 12_000_00
    assert len(rows) == 12
    (task,) = desk.all("task")
    assert (task.fields["due_on"], task.fields["assignee_id"]) == ("2026-07-01", named("li"))
    assert desk.fields("liu")["state"] == "active"
    assert (loan.created_by, loan.created_device) == (None, "server")


# ------------------------------------------------------------------------------------------ submitting

MISSING: dict[str, tuple[str, dict[str, Json]]] = {
    "the survey is not locked": ("survey-missing", {}),
    "the rating has run out": ("rating-missing", {}),
    "consent": ("consent-missing", {}),
    "the five Cs": ("five-c-incomplete", {"five_c.capital.note": "好"}),
    "outside the product": ("outside-the-product", {"purpose": "买车"}),
    "a rate outside the product": ("outside-the-product", {}),
    "over the limit": ("over-the-limit", {}),
}


@pytest.mark.parametrize("what", MISSING)
def test_submit_says_what_is_missing(desk: Desk, what: str) -> None:
    reason, more = MISSING[what]
    asked = {
        "over the limit": {"amount_fen": 13_000_00},
        "a rate outside the product": {"rate_bps": 1201},
    }
    investigated(desk, **asked.get(what, {}))
    changes = submission(desk, **more)
    if what == "the survey is not locked":
        changes = changes[1:]
    if what == "the rating has run out":
        desk.record("rating").fields["valid_to"] = "2026-06-15"
    if what == "consent":
        del desk.record("liu").fields["consent_attachment_id"]

    assert desk.refused("li", *changes)[:2] == (NOT_YET, reason)


def test_submit_waits_for_the_last_signature(desk: Desk) -> None:
    investigated(desk)
    desk.does("wang", desk.edit("inspection_note", "note", state="returned"))

    assert desk.refused("li", *submission(desk))[:2] == (NOT_YET, "inspection-missing")
    for who in ("li", "zhao"):
        desk.does(who, signature(desk, "note", who, of="again"))
    desk.does("li", *submission(desk))


@pytest.mark.parametrize(
    ("level", "more", "reason"),
    [
        ("block", {"exception_reason": "说明"}, "watchlist-block"),
        ("caution", {}, "watchlist-caution"),
        ("caution", {"exception_reason": "已核实，非本人。"}, None),
    ],
)
def test_the_watchlist_stops_or_asks_for_a_comment(
    desk: Desk, level: str, more: dict[str, Json], reason: str | None
) -> None:
    key = "0123456789abcdef"
    desk.make("parameter", "key", key="watchlist_key", value=key)
    hashed = watchlist_hash(key, "999901197805120013")
    desk.make("watchlist_entry", "w", id_no_hash=hashed, level=level, reason="骗贷")
    investigated(desk)
    exception = {"exception": None, **more} if more else {}

    if reason is None:
        desk.does("li", *submission(desk, **exception))
    else:
        assert desk.refused("li", *submission(desk, **exception))[:2] == (NOT_YET, reason)


def test_a_red_signal_on_a_related_customer_asks_for_an_exception(desk: Desk) -> None:
    desk.customer("brother", "999901198509230028")
    desk.make("relationship", "kin", under="brother", kind="sibling", to_customer_id=named("liu"))
    desk.make("warning_signal", "w", under="brother", rule="W03", severity="red")
    investigated(desk)
    excused = {"exception": True, "exception_reason": "与其无关。"}

    assert desk.refused("li", *submission(desk))[:2] == (NOT_YET, "red-or-npl")
    desk.does("li", *submission(desk, **excused))


def test_what_is_asked_for_stands_once_it_is_submitted(desk: Desk) -> None:
    submitted(desk)
    purpose = desk.edit("loan_application", "app", purpose="购买饲料")

    assert desk.refused("li", purpose)[:2] == (FORBIDDEN, "after-submit")
    desk.does(
        "wang",
        desk.edit("loan_application", "app", state="returned"),
        decision(desk, "wang", "approve", "return"),
    )
    assert desk.fields("survey")["state"] == "draft", "the server opens the survey again"
    desk.does("li", purpose)


# ------------------------------------------------------------------------------------------ authority


def test_a_decision_says_why_and_a_review_is_signed(desk: Desk) -> None:
    submitted(desk)
    alone = desk.edit("loan_application", "app", state="declined")

    assert desk.refused("wang", alone)[:2] == (NOT_YET, "decision-missing")
    assert desk.refused("sun", *review(desk, "sun"))[:2] == (NOT_YET, "review-note-missing")
    review_note(desk, "sun")
    desk.does("sun", *review(desk, "sun"))
    assert desk.refused("sun", decision(desk, "sun", "approve", "approve"))[1] == "above-authority"
    assert desk.refused("tan", decision(desk, "tan", "review", "pass"))[1] == "above-authority"


AMOUNTS = [
    (50_000_00, "wang", None),
    (50_000_01, "wang", "above-authority"),
    (50_000_01, "guo", None),
    (200_000_01, "guo", "above-authority"),
    (200_000_01, "deng", "quorum-missing"),
    (500_000_01, "deng", "above-authority"),
]


@pytest.mark.parametrize(("amount", "who", "reason"), AMOUNTS)
def test_each_tier_approves_up_to_its_own_limit(
    desk: Desk, amount: int, who: str, reason: str | None
) -> None:
    reviewed(desk)
    fields = desk.record("app").fields
    fields |= {"amount_fen": amount, "security": ["unsecured"]}

    if reason is None:
        desk.does(who, *approval(desk, who))
    else:
        assert desk.refused(who, *approval(desk, who))[1] == reason


@pytest.mark.parametrize(("kind", "tier"), [("sibling", 2), ("guarantees", 1), (None, 1)])
def test_what_related_customers_were_promised_counts(
    desk: Desk, kind: str | None, tier: int
) -> None:
    reviewed(desk)
    desk.record("app").fields |= {"amount_fen": 30_000_00, "security": ["unsecured"]}
    for name, id_no in (("brother", "999901198509230028"), ("other", "999901197001010011")):
        desk.customer(name, id_no)
    promised = {"officer_id": named("zhao"), "state": "approved"}
    desk.make("loan_application", "his", under="brother", **{
        **ASKED, "amount_fen": 20_000_01, **promised,
    })  # fmt: skip
    desk.make("relationship", "far", under="other", kind="parent", to_customer_id=named("brother"))
    if kind:
        desk.make("relationship", "kin", under="brother", kind=kind, to_customer_id=LIU)

    if tier > 1:
        assert desk.refused("wang", *approval(desk, "wang"))[1] == "above-authority"
    desk.does("wang" if tier == 1 else "guo", *approval(desk, "wang" if tier == 1 else "guo"))


def test_an_exception_raises_the_tier_by_one(desk: Desk) -> None:
    reviewed(desk)
    desk.record("app").fields |= {"exception": True, "exception_reason": "灾后恢复"}

    assert desk.refused("wang", *approval(desk, "wang"))[1] == "above-authority"
    desk.does("guo", *approval(desk, "guo"))


def test_a_committee_of_three_decides_by_two_thirds(desk: Desk) -> None:
    reviewed(desk)
    desk.record("app").fields |= {"amount_fen": 300_000_00, "security": ["unsecured"]}
    desk.does("lu", decision(desk, "lu", "approve", "approve"))
    assert desk.refused("deng", *approval(desk, "deng"))[1] == "quorum-missing"
    desk.does("guo", decision(desk, "guo", "approve", "decline", reason_code="exposure"))
    desk.does("deng", *approval(desk, "deng"))


AGES = [
    ("999901196106170000", {}, None),  # 65 until the day before the last
    ("999901196106160000", {}, "age-at-maturity"),
    ("999901200906160000", {}, None),
    ("999901200906170000", {}, "age-at-maturity"),
    ("999901196106160000", {"maturity_date": "2027-06-15"}, None),
    ("999901196106160000", {"exception": True, "exception_reason": "子女共同还款"}, None),
    (None, {}, None),
]


@pytest.mark.parametrize(("id_no", "asked", "reason"), AGES)
def test_a_borrower_is_of_age_on_the_last_day(
    desk: Desk, id_no: str | None, asked: dict[str, Json], reason: str | None
) -> None:
    investigated(desk)
    desk.record("liu").fields["id_no"] = id_no
    desk.record("app").fields |= asked

    if reason is None:
        desk.does("li", *submission(desk))
    else:
        assert desk.refused("li", *submission(desk))[1] == reason


def test_a_supervisor_s_word_is_no_vote_of_the_committee(desk: Desk) -> None:
    reviewed(desk)
    desk.record("app").fields |= {"amount_fen": 300_000_00, "security": ["unsecured"]}
    desk.does("lu", decision(desk, "lu", "approve", "approve"))
    desk.does("tan", decision(desk, "tan", "approve", "approve"))

    assert desk.refused("deng", *approval(desk, "deng"))[1] == "quorum-missing"


@pytest.mark.parametrize(("chair", "reason"), [("guo", "committee-vetoed"), ("lu", None)])
def test_the_chair_may_veto_and_not_impose(desk: Desk, chair: str, reason: str | None) -> None:
    reviewed(desk)
    desk.record("app").fields |= {"amount_fen": 300_000_00, "security": ["unsecured"]}
    desk.make("parameter", "chair", key="committee_chair", value=named(chair))
    desk.does("lu", decision(desk, "lu", "approve", "approve"))
    assert desk.refused("deng", *approval(desk, "deng"))[1] == "quorum-missing"
    desk.does("guo", decision(desk, "guo", "approve", "decline", reason_code="exposure"))

    if reason:
        assert desk.refused("deng", *approval(desk, "deng"))[1] == reason
    else:
        desk.does("deng", *approval(desk, "deng"))


def test_the_emergency_path_is_for_small_loans_where_a_disaster_is_declared(desk: Desk) -> None:
    submitted(desk)
    straight = approval(desk, "wang")

    assert desk.refused("wang", *straight)[:2] == (NOT_YET, "no-emergency")
    desk.does("wang", desk.edit("loan_application", "app", expedited=True))
    assert desk.refused("wang", *straight)[:2] == (NOT_YET, "no-emergency")
    desk.make(
        "parameter", "flood", key="disaster_declared", value=True, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.does("wang", *straight)


def test_nothing_is_paid_out_before_its_conditions_are_met(desk: Desk) -> None:
    condition = {"conditions.sow.text": "买母猪保险", "conditions.sow.must_before": "disburse"}
    contracted(desk, **condition)
    pay = desk.edit("loan_application", "app", state="disbursed")

    assert desk.refused("he", pay)[:2] == (NOT_YET, "conditions-not-met")
    met = {"conditions_met.sow.on": TODAY, "conditions_met.sow.by": named("he")}
    desk.does("he", desk.edit("loan_application", "app", at=met))
    desk.does("he", pay)


@pytest.mark.parametrize("who", ["he", None], ids=["a clerk", "the server"])
def test_nothing_is_paid_out_on_terms_whose_day_has_passed(desk: Desk, who: str | None) -> None:
    contracted(desk)
    desk.record("app").fields |= {"method": "bullet", "maturity_date": TODAY}

    result = desk.send(who, desk.edit("loan_application", "app", state="disbursed"))

    assert [(it.code, it.reason) for it in result.errors] == [(NOT_YET, "terms-have-passed")]
    assert (desk.fields("app")["state"], desk.all("loan")) == ("contracted", [])


def test_no_contract_without_its_paper(desk: Desk) -> None:
    reviewed(desk)
    desk.does("wang", *approval(desk, "wang"))

    sign = desk.edit("loan_application", "app", state="contracted")
    assert desk.refused("he", sign)[:2] == (NOT_YET, "contract-unsigned")


def test_a_blocked_customer_asks_for_nothing_new(desk: Desk) -> None:
    desk.does("wang", desk.edit("customer", "liu", state="blocked"))

    asked = desk.create("loan_application", "app", **ASKED)
    assert desk.refused("li", asked)[:2] == (FORBIDDEN, "customer-blocked")


# ------------------------------------------------------------------------ inspections, findings, cases


def test_everybody_signs_for_themselves_and_what_all_signed_stands(desk: Desk) -> None:
    investigated(desk)
    note = desk.edit("inspection_note", "note", narrative="改一句。")

    assert desk.fields("note")["state"] == "signed"
    assert desk.refused("li", note)[:2] == (FORBIDDEN, "signed-already")
    other = desk.create(
        "inspection_note", "n2", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li")],
    )  # fmt: skip
    desk.does("li", other)
    assert desk.refused("li", signature(desk, "n2", "zhao"))[1] == "signature-of-another"
    assert desk.refused("zhao", signature(desk, "n2", "zhao"))[1] == "signature-of-another"
    desk.does("li", desk.edit("inspection_note", "n2", narrative="长势正常。"))


def test_a_finding_is_put_right_by_its_owner_and_verified_by_another(desk: Desk) -> None:
    desk.make(
        "inspection_note", "n", kind="supervisory", checklist_code="supervisory",
        checklist_version=1, inspector_ids=[named("qian")],
    )  # fmt: skip
    finding = {"inspection_note_id": named("n"), "severity": "critical", "owner_id": named("li")}
    desk.make("finding", "f", **finding)
    claim, verify = (desk.edit("finding", "f", state=it) for it in ("rectified", "closed"))

    assert desk.refused("zhao", claim)[1] == "owner-claims"
    desk.does("li", claim)
    assert desk.refused("li", verify)[1] == "owner-verifies"
    assert desk.refused("zhao", verify)[1] == "owner-verifies"
    desk.does("qian", verify)
    desk.make("finding", "g", **finding)
    waive = desk.edit("finding", "g", state="waived", waive_comment="已另案处理。")
    assert desk.refused("wang", waive)[1] == "critical-waived-above"
    desk.does("guo", waive)


def test_a_complaint_is_closed_by_a_supervisor_and_not_by_whom_it_is_about(desk: Desk) -> None:
    desk.make("interaction", "i", kind="complaint", direction="in", at=MADE_AT, summary="态度差")
    for name, kind, about in (("c", "complaint", "wang"), ("r", "request", None)):
        desk.make(
            "case", name, interaction_id=named("i"), kind=kind, state="open",
            about_user_id=named(about) if about else None,
        )  # fmt: skip
        desk.does("li", desk.edit("case", name, state="in_progress"))
        desk.does("li", desk.edit("case", name, state="resolved"))
    close = desk.edit("case", "c", state="closed")

    assert desk.refused("li", close)[1] == "complaint-above"
    assert desk.refused("wang", close)[1] == "about-oneself"
    desk.does("tan", close)
    desk.does("li", desk.edit("case", "r", state="closed"))


def test_a_red_signal_is_cleared_by_a_supervisor(desk: Desk) -> None:
    for name, severity in (("red", "red"), ("yellow", "yellow")):
        desk.make("warning_signal", name, rule="W02", severity=severity)
        desk.does("li", desk.edit("warning_signal", name, state="acknowledged"))
        desk.does("li", desk.edit("warning_signal", name, state="handling"))

    clear = desk.edit("warning_signal", "red", state="cleared")
    assert desk.refused("li", clear)[1] == "signal-above"
    desk.does("wang", clear)
    desk.does("li", desk.edit("warning_signal", "yellow", state="cleared"))


def test_cash_is_handed_in_by_whoever_took_it(desk: Desk) -> None:
    desk.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    desk.does("li", desk.create(
        "repayment", "receipt", loan_id=named("loan"), amount_fen=500_00, value_date=TODAY,
        channel="cash", receipt_no="T1-20260616-001",
    ))  # fmt: skip
    deposit = {"business_date": TODAY, "receipt_ids": [named("receipt")], "officer_id": named("li")}

    foreign = desk.create("cash_deposit", "d", **deposit)
    assert desk.refused("zhao", foreign)[1] == "own-deposit"
    desk.does("li", foreign)
    desk.does("li", desk.edit("cash_deposit", "d", state="handed_in", counted_fen=500_00))
    taken = desk.edit("cash_deposit", "d", state="confirmed", received_by=named("he"))
    assert desk.refused("ma", taken)[1] == "own-name"
    desk.does("he", taken)


def test_registered_collateral_is_released_and_not_removed(desk: Desk) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    house = {"application_id": named("app"), "kind": "house", "owner_name": "雷春花"}
    for name in ("one", "two"):
        desk.does("li", desk.create("collateral", name, **house))
    desk.does("he", desk.edit("collateral", "one", state="registered"))

    def removed(name: str) -> Any:
        edit = desk.edit("collateral", name)
        return type(edit)("delete", "collateral", edit.id, edit.customer, reason="写错了")

    assert desk.refused("li", removed("one"))[1] == "registered-already"
    desk.does("li", removed("two"))


@pytest.mark.parametrize(
    ("kind", "maker", "right", "wrong"),
    [("routine", "li", "wang", "sun"), ("in_loan_review", "sun", "feng", "wang")],
)
def test_a_note_is_confirmed_by_a_supervisor_an_in_loan_review_by_a_reviewer(
    desk: Desk, kind: str, maker: str, right: str, wrong: str
) -> None:
    desk.does(maker, desk.create(
        "inspection_note", "n", kind=kind, checklist_code=kind, checklist_version=1,
        inspector_ids=[named(maker)],
    ))  # fmt: skip
    desk.does(maker, signature(desk, "n", maker))
    confirm = desk.edit("inspection_note", "n", state="confirmed")

    assert desk.refused(wrong, confirm)[0] == FORBIDDEN
    desk.does(right, confirm)


def test_a_claim_is_rejected_by_another_than_its_owner(desk: Desk) -> None:
    desk.make(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("zhao")],
    )  # fmt: skip
    said = {"inspection_note_id": named("n"), "severity": "minor", "owner_id": named("li")}
    desk.does("li", desk.create("finding", "f", **said, state="open"))
    desk.does("li", desk.edit("finding", "f", state="rectified"))
    reject = desk.edit("finding", "f", state="open")

    assert desk.refused("li", reject)[1] == "owner-verifies"
    desk.does("zhao", reject)


# ------------------------------------------------------------------------- what the server does by itself


def test_a_second_loan_finds_the_customer_active(desk: Desk) -> None:
    contracted(desk)
    desk.record("liu").fields["state"] = "active"
    before = desk.record("liu").version

    desk.does("he", desk.edit("loan_application", "app", state="disbursed"))

    assert desk.record("liu").version == before


@pytest.mark.parametrize(
    ("state", "awake"), [("dormant", "active"), ("prospect", "prospect"), ("blocked", "blocked")]
)
def test_whoever_is_in_touch_wakes_a_customer_who_slept(desk: Desk, state: str, awake: str) -> None:
    desk.record("liu").fields["state"] = state

    desk.does("li", desk.create(
        "interaction", "i", kind="call", direction="out", at=MADE_AT, summary="问候。"
    ))  # fmt: skip

    assert desk.fields("liu")["state"] == awake


def test_a_return_opens_the_locked_survey_and_leaves_another(desk: Desk) -> None:
    submitted(desk)
    desk.does("li", desk.create(
        "cashflow_survey", "anew", application_id=named("app"), start_month="2026-08",
        opening_cash_fen=0, surveyed_on=TODAY,
    ))  # fmt: skip
    before = desk.record("anew").version

    desk.does(
        "wang",
        desk.edit("loan_application", "app", state="returned"),
        decision(desk, "wang", "approve", "return"),
    )

    assert desk.fields("survey")["state"] == "draft"
    assert desk.record("anew").version == before


# ---------------------------------------------------------------------------- the second investigator


def test_the_second_investigator_inspects_the_customer_until_the_application_ends(
    desk: Desk,
) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED))
    assert not desk.record("liu").holds(named("zhao"))

    desk.does("li", desk.edit("loan_application", "app", co_officer_id=named("zhao")))
    assert desk.record("liu").holds(named("zhao"))
    ended = desk.edit("loan_application", "app", state="withdrawn", withdraw_reason="不养猪了。")
    desk.does("li", ended)
    assert not desk.record("liu").holds(named("zhao"))
    assert desk.record("liu").holds(named("li"))


def test_a_second_investigator_who_is_named_again_inspects_again(desk: Desk) -> None:
    desk.does("li", desk.create("loan_application", "app", **ASKED, co_officer_id=named("zhao")))
    for who in ("wu", "zhao"):
        desk.does("wang", desk.edit("loan_application", "app", co_officer_id=named(who)))
        assert [it for it in ("wu", "zhao") if desk.record("liu").holds(named(it))] == [who]


def test_who_had_the_customer_before_has_him_when_the_application_ends(desk: Desk) -> None:
    desk.make(
        "assignment", "cover", officer_id=named("wu"), customer_id=LIU, role="cover",
        valid_from=TODAY, valid_to="2026-07-01",
    )  # fmt: skip
    desk.does("li", desk.create("loan_application", "app", **ASKED, co_officer_id=named("wu")))

    ended = desk.edit("loan_application", "app", state="withdrawn", withdraw_reason="不养猪了。")
    desk.does("li", ended)

    assert desk.record("liu").holds(named("wu"))


def test_every_guard_is_declared_by_a_type_and_every_rule_is_tried_here() -> None:
    declared = {name for it in REGISTRY.types.values() for name in it.guards}
    assert declared == set(GUARDS)
    assert {it.follow_up for it in REGISTRY.types.values()} - {None} == set(FOLLOW_UPS)
