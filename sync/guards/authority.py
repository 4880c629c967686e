"""Who may approve how much (domain.md, section 3.3)."""

from __future__ import annotations

from typing import Any

from sync.guards import money
from sync.guards.people import decisions, made
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.scope import Actor

Json = Any

HIGHEST = 4


def required_tier(sight: Sight, application: RecordState) -> int:
    """Return the tier that decides an application: by exposure, raised by one for what is out of the ordinary."""
    fields, customer = application.fields, application.customer
    unit = sight.unit_of(fields.get("officer_id"))
    kind = "secured" if money.is_secured(fields) else "unsecured"
    exposure = money.exposure_fen(sight, application, fields.get("amount_fen") or 0)
    tier = next(
        (it for it in (1, 2, 3) if exposure <= sight.number(f"tier{it}_{kind}_fen", unit)), HIGHEST
    )
    raised = (
        bool(fields.get("exception"))
        or fields.get("loan_id") is not None  # a loan is to be restructured
        or bool(sight.relatives([customer]))
        or money.has_bad_history(sight, customer)
        or _has_major_finding(sight, customer)
    )
    return min(HIGHEST, tier + 1) if raised else tier


def _has_major_finding(sight: Sight, customer: str | None) -> bool:
    """Tell whether a finding of severity major or worse is neither closed nor waived."""
    return any(
        it.fields.get("severity") in ("major", "critical")
        and it.fields.get("state") in ("open", "rectified")
        for it in sight.under(customer, "finding")
    )


def committee_refusal(sight: Sight, application: RecordState) -> str | None:
    """Return why a committee has not approved: its approvers decide by two thirds, and the chair may veto."""
    votes = decisions(sight, application.id, "approve")
    members = {it for it in made(votes) if _is_approver(sight, it)}
    for_it = made([it for it in votes if it.fields.get("outcome") == "approve"]) & members
    unit = sight.unit_of(application.fields.get("officer_id"))
    if sight.parameter("committee_chair", unit) in made(votes) - for_it:
        return "committee-vetoed"
    enough = len(members) >= sight.number("committee_members", unit)
    return None if enough and 3 * len(for_it) >= 2 * len(members) else "quorum-missing"


def _is_approver(sight: Sight, user: str) -> bool:
    state = sight.record(user)
    return state is not None and state.fields.get("role") == "approver"


def may_decide(actor: Actor, tier: int) -> bool:
    """Tell whether somebody decides up to a tier: a supervisor up to the first, others up to their own."""
    own = max(actor.tier, 1) if actor.role == "supervisor" else actor.tier
    return own >= tier
