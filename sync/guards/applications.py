"""Guards of a loan application and of the decisions about it (domain.md, sections 3.3, 4 and 6.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sync import paying
from sync.guards import money, restructuring
from sync.guards.authority import committee_refusal, may_decide, required_tier
from sync.guards.case import Case, Guard, Refusal, forbidden, moving_to, not_yet, setting
from sync.guards.people import (
    AVOIDANCE,
    INVESTIGATION,
    avoided,
    decisions,
    earlier,
    investigators,
    made,
)
from sync.guards.sight import Sight
from sync.ledger import RecordState

Json = Any

OPEN = ("draft", "returned")
DECIDED = ("reviewed", "approved", "returned", "declined")
ASKED = (
    "amount_fen", "term_months", "maturity_date", "method", "rate_bps", "plan", "purpose",
    "purpose_note",
)  # fmt: skip
UNITS = frozenset({"parameter", "org_unit", "user"})


# ------------------------------------------------------------------------------------ making one


def may_begin(case: Case) -> Refusal | None:
    """RSP-2: no new application where lending is suspended, and none for a customer who is blocked."""
    if not case.is_new:
        return None
    sight, actor = case.sight, case.actor.user
    customer = sight.record(case.after.customer)
    if customer is not None and customer.fields.get("state") == "blocked":
        return forbidden(None, "customer-blocked")
    village = customer.fields.get("village_id") if customer else None
    places = {*sight.units_from(sight.unit_of(actor)), *sight.units_from(village)}
    if any(_is_suspended(sight.record(it)) for it in {*places, actor}):
        return forbidden("RSP-2")
    return None


def _is_suspended(state: RecordState | None) -> bool:
    return state is not None and bool(state.fields.get("lending_suspended"))


def asked_until_submitted(case: Case) -> Refusal | None:
    """What is asked for is the officer's until it is submitted, and nobody's afterwards."""
    if case.is_new or case.before.get("state") in OPEN or not case.sets(*ASKED):
        return None
    return forbidden(None, "after-submit", next(it for it in ASKED if case.sets(it)))


def kept_apart(case: Case) -> Refusal | None:
    """SOD-5: no relative among those who handle it; for one no unsecured loan, and no better terms."""
    fields, customer = case.fields, case.after.customer
    named = [it for it in ("officer_id", "co_officer_id") if case.sets(it)]
    for field in named:
        if found := avoided(case, customer, fields.get(field), field=field):
            return found
    if case.sets("state") and (found := avoided(case, customer, case.actor.user)):
        return found
    if not case.moves_to("submitted") or not case.sight.relatives([customer]):
        return None
    if "unsecured" in (fields.get("security") or ()) or not fields.get("security"):
        return forbidden("SOD-5", field="security")
    better = _better_than_standard(case.sight, case.after, fields)
    return forbidden("SOD-5", field=better) if better else None


def _better_than_standard(sight: Sight, application: RecordState, terms: Json) -> str | None:
    """Return the term on which a customer would do better than the product lets any, or None."""
    product = sight.record(application.fields.get("product_id"))
    bounds = product.fields if product else {}
    for name, bound, sign in (
        ("rate_bps", "rate_bps_min", -1),
        ("amount_fen", "max_amount_fen", 1),
        ("term_months", "max_term_months", 1),
    ):
        value, limit = terms.get(name), bounds.get(bound)
        if value is not None and limit is not None and (value - limit) * sign > 0:
            return name
    return None


# --------------------------------------------------------------------------------------- deciding


def not_by_investigators(case: Case) -> Refusal | None:
    """SOD-1: whoever investigated does not decide."""
    if not case.moves_to(*DECIDED):
        return None
    mine = case.actor.user in investigators(case.sight, case.after)
    return forbidden("SOD-1") if mine else None


def not_by_the_reviewer(case: Case) -> Refusal | None:
    """SOD-2: the reviewer does not approve."""
    if not case.moves_to("approved"):
        return None
    mine = case.actor.user in made(earlier(case.sight, case.after.id, "review"))
    return forbidden("SOD-2") if mine else None


def with_a_decision(case: Case) -> Refusal | None:
    """A move of those who decide comes with their decision, which says why."""
    if not case.moves_to(*DECIDED):
        return None
    wanted = {
        "reviewed": "pass",
        "approved": "approve",
        "returned": "return",
        "declined": "decline",
    }
    mine = [
        it
        for it in decisions(case.sight, case.after.id)
        if case.actor.user in made([it])
        and it.fields.get("outcome") == wanted[case.fields["state"]]
    ]
    return None if mine else not_yet("decision-missing")


def reviewed(case: Case) -> Refusal | None:
    """A review is passed over a signed in-loan review, and nothing is approved without a review."""
    notes = case.sight.naming("inspection_note", "application_id", case.after.id)
    signed = any(
        it.fields.get("kind") == "in_loan_review"
        and it.fields.get("state") in ("signed", "confirmed")
        for it in notes
    )
    if case.moves_to("reviewed") and not signed:
        return not_yet("review-note-missing")
    return None


def within_authority(case: Case) -> Refusal | None:
    """Who approves has the tier that the exposure asks for; a committee has its quorum (3.3)."""
    if not case.moves_to("approved"):
        return None
    sight, application = case.sight, case.after
    if case.before.get("state") == "submitted":
        return _on_the_emergency_path(case)
    tier = required_tier(sight, application)
    if not may_decide(case.actor, tier):
        return forbidden(None, "above-authority", "state")
    if tier < 3:
        return None
    reason = committee_refusal(sight, application)
    return not_yet(reason) if reason else None


def _on_the_emergency_path(case: Case) -> Refusal | None:
    sight, fields = case.sight, case.fields
    customer = sight.record(case.after.customer)
    village = customer.fields.get("village_id") if customer else None
    if not fields.get("expedited") or sight.parameter("disaster_declared", village) is not True:
        return not_yet("no-emergency")
    small = (fields.get("amount_fen") or 0) <= sight.number("expedited_limit_fen", village)
    return None if small else forbidden(None, "above-authority", "state")


# ------------------------------------------------------------------------------- contract and money


def contract_is_signed(case: Case) -> Refusal | None:
    """The borrower's contract is there, and every guarantor has signed."""
    if not case.moves_to("contracted"):
        return None
    sight, wanted = case.sight, ("contract", "signature")
    papers = sight.naming("attachment", "record", case.after.id)
    guarantors = sight.naming("guarantor", "application_id", case.after.id)
    signed = all(it.fields.get("signature_attachment_id") for it in guarantors)
    if signed and any(it.fields.get("kind") in wanted for it in papers):
        return None
    return not_yet("contract-unsigned")


def paid_out_by_another(case: Case) -> Refusal | None:
    """SOD-3: whoever investigated, reviewed or approved does not pay out."""
    if not case.moves_to("disbursed"):
        return None
    took_part = investigators(case.sight, case.after)
    took_part |= made(case.sight.naming("decision", "application_id", case.after.id))
    return forbidden("SOD-3") if case.actor.user in took_part else None


def conditions_are_met(case: Case) -> Refusal | None:
    """Nothing is paid out before what the approval asks for is there."""
    if not case.moves_to("disbursed"):
        return None
    for decision in decisions(case.sight, case.after.id, "approve"):
        for path, due in decision.fields.items():
            key = path.removeprefix("conditions.").removesuffix(".must_before")
            first = path == f"conditions.{key}.must_before" and due == "disburse"
            met = f"conditions_met.{key}.on"
            if first and not case.fields.get(met):
                return not_yet("conditions-not-met", met)
    return None


def can_be_paid_out_today(case: Case) -> Refusal | None:
    """The terms still hold today: no day of them has passed."""
    if not case.moves_to("disbursed"):
        return None
    product = case.sight.record(case.fields.get("product_id"))
    votes = [it.fields for it in decisions(case.sight, case.after.id)]
    today, loan = date.fromisoformat(case.sight.today), restructuring.loan_of(case)
    try:
        terms = paying.approved(case.fields, votes)
        if loan is not None:
            terms = paying.of_what_is_owed(terms, money.outstanding_fen(case.sight, loan))
        paying.schedule(terms, product.fields if product else {}, today)
    except ValueError:
        return not_yet("terms-have-passed")
    return None


# -------------------------------------------------------------------------- the decisions themselves


def decided_in_own_name(case: Case) -> Refusal | None:
    """A decision is its maker's own, one for each stage: nobody votes for another (SOD-2)."""
    if case.fields.get("user_id") not in (None, case.actor.user):
        return forbidden("SOD-2", field="user_id")
    stage = str(case.fields.get("stage"))
    others = decisions(case.sight, case.fields["application_id"], stage)
    mine = [it for it in others if case.actor.user in made([it]) and it.id != case.after.id]
    return forbidden("SOD-2", "decided-already") if mine else None


def decided_by_others(case: Case) -> Refusal | None:
    """SOD-1, SOD-2, SOD-5 for the decision: neither investigator, nor reviewer, nor relative."""
    application = case.sight.record(case.fields["application_id"])
    assert application is not None  # its parent
    if case.actor.user in investigators(case.sight, application):
        return forbidden("SOD-1")
    reviewers = made(earlier(case.sight, application.id, "review"))
    if case.fields.get("stage") == "approve" and case.actor.user in reviewers:
        return forbidden("SOD-2")
    if found := avoided(case, case.after.customer, case.actor.user):
        return found
    if case.fields.get("stage") != "approve" or not case.sight.relatives([application.customer]):
        return None
    better = _better_than_standard(case.sight, application, case.fields)
    return forbidden("SOD-5", field=better) if better else None


def stage_fits_the_role(case: Case) -> Refusal | None:
    """Reviewers review; supervisors and approvers approve, each up to their own tier."""
    stage, role = case.fields.get("stage"), case.actor.role
    if stage == "review" and role != "reviewer":
        return forbidden(None, "above-authority", "stage")
    if stage == "approve" and (role == "reviewer" or not may_decide(case.actor, 1)):
        return forbidden(None, "above-authority", "stage")
    return None


_CIRCLE = INVESTIGATION | AVOIDANCE | {"decision", "product"}
GUARDS = {
    "RSP-2": Guard(may_begin, UNITS | {"customer"}, lambda it: it.op == "create"),
    "asked-until-submitted": Guard(asked_until_submitted, concerns=setting(*ASKED)),
    "SOD-5-application": Guard(
        kept_apart,
        AVOIDANCE | {"product"},
        lambda it: it.op == "create" or setting("officer_id", "co_officer_id", "state")(it),
    ),
    "SOD-1": Guard(not_by_investigators, INVESTIGATION, moving_to(*DECIDED)),
    "SOD-2": Guard(not_by_the_reviewer, frozenset({"decision"}), moving_to("approved")),
    "decision-beside": Guard(with_a_decision, frozenset({"decision"}), moving_to(*DECIDED)),
    "reviewed": Guard(reviewed, INVESTIGATION, moving_to("reviewed")),
    "authority": Guard(
        within_authority,
        money.EXPOSURE | UNITS | {"decision", "finding", "inspection_note"},
        moving_to("approved"),
    ),
    "contract": Guard(
        contract_is_signed, frozenset({"attachment", "guarantor"}), moving_to("contracted")
    ),
    "SOD-3": Guard(paid_out_by_another, INVESTIGATION | {"decision"}, moving_to("disbursed")),
    "conditions": Guard(conditions_are_met, frozenset({"decision"}), moving_to("disbursed")),
    "payable": Guard(can_be_paid_out_today, money.LOANS | {"decision"}, moving_to("disbursed")),
    "own-decision": Guard(decided_in_own_name, _CIRCLE),
    "SOD-1-decision": Guard(decided_by_others, _CIRCLE),
    "stage": Guard(stage_fits_the_role),
}
"""By the name that a record type declares."""
