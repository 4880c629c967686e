"""Guards of what needs a second person after the loan (domain.md, sections 4, 6.6 and 6.9)."""

from __future__ import annotations

from typing import Any

from schemas.declare import map_key
from sync import classing
from sync.guards.case import Case, Guard, Refusal, forbidden, moving_to, setting
from sync.guards.people import AVOIDANCE, avoided, people

Json = Any


# ------------------------------------------------------------------------------------------- money


def reversal_is_confirmed(case: Case) -> Refusal | None:
    """SOD-9: a task asks for a reversal, another than who asks records it: a supervisor or clerk."""
    sight, undone = case.sight, case.sight.record(case.fields.get("reverses_id"))
    if undone is None:
        return None
    if case.actor.role not in ("supervisor", "clerk"):
        return forbidden("SOD-9", field="reverses_id")
    asked = {it.created_by for it in sight.naming("task", "record", undone.id)}
    if not asked - {case.actor.user, None}:  # the server itself asks for nothing
        return forbidden("SOD-9", "reversal-not-asked", "reverses_id")
    if undone.fields.get("amount_fen") != case.fields.get("amount_fen"):
        return Refusal("invalid-value", "amount_fen", "reversal-amount")
    others = sight.naming("repayment", "reverses_id", undone.id)
    again = any(it.id != case.after.id for it in others) or undone.fields.get("reverses_id")
    return Refusal("invalid-value", "reverses_id", "reversal-twice") if again else None


def deposit_is_one_s_own(case: Case) -> Refusal | None:
    """An officer hands in what he took himself, and a clerk confirms in his own name."""
    if case.is_new and case.fields.get("officer_id") != case.actor.user:
        return forbidden(None, "own-deposit", "officer_id")
    if case.sets("received_by") and case.fields.get("received_by") not in (None, case.actor.user):
        return forbidden(None, "own-name", "received_by")
    return None


def valued_by_two(case: Case) -> Refusal | None:
    """SOD-6: a large valuation has a second signer, who is not the primary officer and signs himself."""
    customer = case.sight.record(case.after.customer)
    holders = customer.holders if customer else ()
    primary = {it.user for it in holders if it.role == "primary" and it.ended is None}
    limit = case.sight.number("second_signer_above_fen")
    for key in {found[1] for path in case.change.set if (found := map_key(path))}:
        value, by, second = (
            case.fields.get(f"valuations.{key}.{it}") for it in ("value_fen", "by", "second_signer")
        )
        field = f"valuations.{key}.second_signer"
        if second is not None and (second == by or second in primary):
            return forbidden("SOD-6", field=field)
        if case.sets(field) and second not in (None, case.actor.user):
            return forbidden("SOD-6", field=field)
        if found_relative := avoided(case, case.after.customer, by, second, field=field):
            return found_relative
        counts = case.fields.get("state") == "registered"
        if counts and second is None and (value or 0) > limit:
            return forbidden("SOD-6", field=field)
    return None


def valued_before_registered(case: Case) -> Refusal | None:
    """SOD-6: collateral is registered when each large valuation of it has its second signer."""
    if not case.moves_to("registered"):
        return None
    limit = case.sight.number("second_signer_above_fen")
    for path, value in case.fields.items():
        if path.startswith("valuations.") and path.endswith(".value_fen") and value > limit:
            second = path.removesuffix("value_fen") + "second_signer"
            if case.fields.get(second) is None:
                return forbidden("SOD-6", field=second)
    return None


# -------------------------------------------------------------------------- proposing and confirming


def confirmed_by_another(case: Case) -> Refusal | None:
    """SOD-10: who proposed a class or a rating does not confirm it, and confirms in no other's name."""
    confirmer = case.fields.get("confirmed_by")
    if confirmer is None or not case.sets("confirmed_by"):
        return None
    if confirmer != case.actor.user:
        return forbidden(None, "own-name", "confirmed_by")
    proposed = people(case.fields.get("proposed_by"), case.after.created_by)
    if confirmer in proposed:
        return forbidden("SOD-10", field="confirmed_by")
    if case.after.type == "classification" and _is_upgrade(case) and case.actor.role != "reviewer":
        return forbidden("SOD-10", "upgrade-above", "confirmed_by")
    return None


def _is_upgrade(case: Case) -> bool:
    """Tell whether a class is better than the last that was confirmed for the loan."""
    last = classing.last_confirmed(case.sight, case.after)
    return last is not None and classing.is_better(case.after, last)


# ------------------------------------------------------------------------------- signals and cases


def red_is_cleared_above(case: Case) -> Refusal | None:
    """An orange or red signal is cleared by a supervisor."""
    grave = case.fields.get("severity") in ("orange", "red")
    above = case.moves_to("cleared") and grave and case.actor.role != "supervisor"
    return forbidden(None, "signal-above") if above else None


def complaint_is_closed_above(case: Case) -> Refusal | None:
    """A complaint is closed by a supervisor, and no case by whom it is about."""
    if not case.moves_to("closed"):
        return None
    if case.fields.get("about_user_id") == case.actor.user:
        return forbidden(None, "about-oneself")
    above = case.fields.get("kind") == "complaint" and case.actor.role != "supervisor"
    return forbidden(None, "complaint-above") if above else None


# ------------------------------------------------------------------------------ limits and permission


def not_one_s_own_limit(case: Case) -> Refusal | None:
    """SOD-13: nobody sets an approval limit that applies to himself."""
    about = str(case.fields.get("key")).startswith(("tier", "committee", "expedited"))
    return forbidden("SOD-13") if about and case.actor.tier > 0 else None


def suspended_from_above(case: Case) -> Refusal | None:
    """RSP-2: lending is suspended by somebody of a unit above, or by an administrator."""
    if not case.sets("lending_suspended") or case.actor.role != "supervisor":
        return None
    unit = case.after.id if case.after.type == "org_unit" else case.fields.get("unit_id")
    above = case.sight.units_from(unit)[1 if case.after.type == "org_unit" else 0 :]
    mine = case.sight.unit_of(case.actor.user)
    return None if mine in above and mine != case.after.id else forbidden("RSP-2")


def taken_back_while_offered(case: Case) -> Refusal | None:
    """Collateral is removed while it is only offered."""
    gone = case.change.op == "delete" and case.before.get("state") != "offered"
    return forbidden(None, "registered-already") if gone else None


GUARDS = {
    "SOD-9": Guard(reversal_is_confirmed, frozenset({"task", "repayment"}), setting("reverses_id")),
    "own-deposit": Guard(deposit_is_one_s_own, concerns=setting("officer_id", "received_by")),
    "SOD-6": Guard(valued_by_two, AVOIDANCE | {"parameter"}, setting("valuations")),
    "SOD-6-register": Guard(
        valued_before_registered, frozenset({"parameter"}), moving_to("registered")
    ),
    "offered": Guard(taken_back_while_offered, concerns=lambda it: it.op == "delete"),
    "SOD-10": Guard(confirmed_by_another, frozenset({"classification"}), setting("confirmed_by")),
    "signal": Guard(red_is_cleared_above, concerns=moving_to("cleared")),
    "case": Guard(complaint_is_closed_above, concerns=moving_to("closed")),
    "SOD-13": Guard(not_one_s_own_limit),
    "RSP-2-suspend": Guard(
        suspended_from_above, frozenset({"org_unit", "user"}), setting("lending_suspended")
    ),
}
"""By the name that a record type declares."""
