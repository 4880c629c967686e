"""Guards of joint-liability groups and of guarantors (domain.md, sections 5.3 and 6.9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.declare import map_key
from schemas.loan_application import ENDED
from schemas.messages import Change
from sync.guards import money
from sync.guards.case import Case, Guard, Refusal, forbidden, moving_to, not_yet, setting
from sync.guards.sight import Sight
from sync.ledger import Ledger, RecordState

Json = Any
CLOSED = ("frozen", "dissolved")
TYPES = money.LOANS | {"customer", "relationship", "org_unit", "parameter", "group"}
"""What is looked at of each member."""
_LINES = ("spouse",)


def asked_about(ledger: Ledger, changes: Iterable[Change]) -> set[str]:
    """Return the groups whose members are asked for by *changes*: it moves, or a customer joins or leaves."""
    found: set[Json] = set()
    for change in changes:
        if change.type == "group" and "state" in change.set:
            found.add(change.id)
        elif change.type == "customer" and "group_id" in change.set:
            known = ledger.records.get(change.id)
            found |= {change.set["group_id"], known.fields.get("group_id") if known else None}
    return {it for it in found if isinstance(it, str)}


def members(sight: Sight, group: Json) -> list[RecordState]:
    """Return the customers who name a group."""
    return sight.naming("customer", "group_id", group)


# ------------------------------------------------------------------------------------- the group


def fit_to_begin(case: Case) -> Refusal | None:
    """A group begins with households enough, of one outlet, none twice and none in default."""
    if not case.moves_to("active") or case.before.get("state") != "forming":
        return None
    sight, found = case.sight, members(case.sight, case.after.id)
    if len(found) < sight.number("group_members_least"):
        return not_yet("group-too-small")
    reason = next(filter(None, (_unfit(sight, it, found) for it in found)), None)
    return not_yet(reason) if reason else None


def _unfit(sight: Sight, customer: RecordState, others: list[RecordState]) -> str | None:
    """Return why a customer does not belong among *others*, or None."""
    if len({_outlet(sight, it) for it in (customer, *others)}) > 1:
        return "group-two-outlets"
    named = {it.id for it in others} - {customer.id}
    if any(
        it.fields.get("kind") in _LINES and it.fields.get("to_customer_id") in named
        for it in sight.under(customer.id, "relationship")
    ):
        return "group-one-household"
    return "group-in-default" if _in_default(sight, customer) else None


def _outlet(sight: Sight, customer: RecordState) -> str | None:
    units = [sight.record(it) for it in sight.units_from(customer.fields.get("village_id"))]
    return next((it.id for it in units if it and it.fields.get("kind") == "outlet"), None)


def _in_default(sight: Sight, customer: RecordState) -> bool:
    return any(
        it.fields.get("state") == "written_off" or money.is_npl(sight, it)
        for it in sight.under(customer.id, "loan")
    )


def nobody_owes_when_it_ends(case: Case) -> Refusal | None:
    """A group ends when none of its members owes."""
    if not case.moves_to("dissolved"):
        return None
    return not_yet("group-owes") if _owes(case.sight, members(case.sight, case.after.id)) else None


def _owes(sight: Sight, customers: Iterable[RecordState]) -> bool:
    return any(
        it.fields.get("state") == "written_off" or money.outstanding_fen(sight, it) > 0
        for customer in customers
        for it in sight.under(customer.id, "loan")
    )


# --------------------------------------------------------------------------------------- members


def may_join_or_leave(case: Case) -> Refusal | None:
    """Nobody leaves while a member owes, and nobody joins what is closed or where he does not fit."""
    if not case.sets("group_id"):
        return None
    sight, customer, left = case.sight, case.after, case.before.get("group_id")
    if left is not None and _owes(sight, [customer, *members(sight, left)]):
        return forbidden(None, "group-owes", "group_id")
    joined = sight.record(case.fields.get("group_id"))
    if joined is None:
        return None
    if joined.fields.get("state") in CLOSED:
        return forbidden(None, "group-closed", "group_id")
    begun = joined.fields.get("state") == "active"
    reason = _unfit(sight, customer, members(sight, joined.id)) if begun else None
    return forbidden(None, reason, "group_id") if reason else None


def group_is_not_frozen(case: Case) -> Refusal | None:
    """A member of a frozen group asks for a loan only as an exception; on the group's word, within its agreement."""
    if not case.moves_to("submitted") or case.fields.get("exception"):
        return None
    customer = case.sight.record(case.after.customer)
    group = case.sight.record(customer.fields.get("group_id")) if customer else None
    if group is None:
        return None
    if group.fields.get("state") == "frozen":
        return not_yet("group-frozen", "exception")
    if "group" not in (case.fields.get("security") or ()):
        return None
    if str(group.fields.get("expires_on") or case.sight.today) < case.sight.today:
        return not_yet("group-agreement-over", "security")
    asked, most = case.fields.get("amount_fen") or 0, group.fields.get("max_per_member_fen")
    return not_yet("over-the-group-s-most", "amount_fen") if most and asked > most else None


# ------------------------------------------------------------------------------------ guarantors


def guarantors_can_pay(case: Case) -> Refusal | None:
    """Whoever guarantees does so for half of what he owns at most, all his guarantees together.

    A guarantor who is no customer, or of whom nothing is on record that he owns, is the reviewer's to judge.
    """
    if not case.moves_to("submitted") or case.fields.get("exception"):
        return None
    sight = case.sight
    share = sight.number("guarantee_share_bps", sight.unit_of(case.fields.get("officer_id")))
    for mine in sight.naming("guarantor", "application_id", case.after.id):
        guarantor = sight.record(mine.fields.get("guarantor_customer_id"))
        owned = net_assets_fen(sight, guarantor) if guarantor else None
        if guarantor is None or owned is None:
            continue
        promised = (mine.fields.get("other_guarantees_fen") or 0) + sum(
            it.fields["amount_fen"]
            for it in sight.naming("guarantor", "guarantor_customer_id", guarantor.id)
            if _counts(sight, it)
        )
        if promised * 10_000 > owned * share:
            return not_yet("guarantor-over-limit", "security")
    return None


def net_assets_fen(sight: Sight, customer: RecordState) -> int | None:
    """Return what a customer owns beyond what he owes, here and elsewhere; None: no assets on record."""
    owned = [it for path, it in customer.fields.items() if _leaf(path) == ("assets", "value_fen")]
    if not owned:
        return None
    debts = (it for path, it in customer.fields.items() if _leaf(path) == ("debts", "balance_fen"))
    own = (money.outstanding_fen(sight, it) for it in sight.under(customer.id, "loan"))
    return int(sum(owned)) - int(sum(debts)) - sum(own)


def _leaf(path: str) -> tuple[str, str] | None:
    key = map_key(path)
    return (key[0], path.rpartition(".")[2]) if key else None


def _counts(sight: Sight, guarantee: RecordState) -> bool:
    """Tell whether a guarantee still binds: its application has not ended, or its loan is not paid up."""
    application = sight.record(guarantee.fields.get("application_id"))
    state = application.fields.get("state") if application else None
    if application is None or state not in ENDED:
        return True
    if state != "disbursed":
        return False
    loans = sight.naming("loan", "application_id", application.id)
    return not loans or any(it.fields.get("state") != "settled" for it in loans)


GUARDS = {
    "group-begins": Guard(fit_to_begin, TYPES, moving_to("active")),
    "group-ends": Guard(nobody_owes_when_it_ends, TYPES, moving_to("dissolved")),
    "group-member": Guard(may_join_or_leave, TYPES, setting("group_id")),
    "group-frozen": Guard(
        group_is_not_frozen, frozenset({"group", "customer"}), moving_to("submitted")
    ),
    "guarantors": Guard(
        guarantors_can_pay,
        money.LOANS | {"guarantor", "loan_application", "customer", "parameter"},
        moving_to("submitted"),
    ),
}
"""By the name that a record type declares."""
