"""Guards of inspections, audits and findings (domain.md, sections 4, 6.4 and 6.5)."""

from __future__ import annotations

from typing import Any

from sync.guards.case import Case, Guard, Refusal, forbidden, moving_to, setting
from sync.guards.people import AVOIDANCE, avoided, people
from sync.ledger import RecordState
from sync.sealed import CONTENT, GUARD, SEALED, is_content

Json = Any


def inspectors(note: RecordState) -> set[str]:
    """Return who inspects by a note, or by an audit."""
    fields = note.fields
    return people(*(fields.get("inspector_ids") or ()), fields.get("auditor_id"))


def not_by_the_handlers(case: Case) -> Refusal | None:
    """SOD-7: a supervisory inspection is not made by those who handle the loan or its customer."""
    if case.fields.get("kind") != "supervisory":
        return None
    sight, handlers = case.sight, set[str]()
    loan = sight.record(case.fields.get("loan_id"))
    if loan is not None:
        responsible = loan.fields.get("responsible") or {}
        handlers |= people(loan.fields.get("officer_id"), *(responsible.get("investigator") or ()))
        application = sight.record(loan.fields.get("application_id"))
        if application is not None:
            handlers |= people(
                *(application.fields.get(it) for it in ("officer_id", "co_officer_id"))
            )
    customer = sight.record(case.after.customer)
    for holding in customer.holders if customer else ():
        if holding.role == "primary" and holding.ended is None:
            handlers.add(holding.user)
    return forbidden("SOD-7", field="inspector_ids") if handlers & inspectors(case.after) else None


def not_by_relatives(case: Case) -> Refusal | None:
    """SOD-5: no relative inspects."""
    return avoided(case, case.after.customer, *inspectors(case.after), field="inspector_ids")


def signed_by_oneself(case: Case) -> Refusal | None:
    """A signature is its signer's own, and the signer's one of the inspectors."""
    allowed = inspectors(case.after)
    for path in case.change.set:
        signs = path.startswith("signed_by.") and path.endswith(".user") and case.sets(path)
        signer = case.fields.get(path)
        if signs and (signer != case.actor.user or signer not in allowed):
            return forbidden(None, "signature-of-another", path)
    return None


def sealed_once_signed(case: Case) -> Refusal | None:
    """What all have signed is not changed; later words are an amendment."""
    if case.before.get("state") not in SEALED:
        return None
    for path in case.change.set:
        if is_content(path) and case.sets(path):
            return forbidden(None, "signed-already", path)
    return None


def confirmed_by_the_right(case: Case) -> Refusal | None:
    """An in-loan review is confirmed by a reviewer, another inspection by a supervisor."""
    if not case.moves_to("confirmed"):
        return None
    wanted = "reviewer" if case.fields.get("kind") == "in_loan_review" else "supervisor"
    return None if case.actor.role == wanted else forbidden(None)


def audited_by_oneself(case: Case) -> Refusal | None:
    """SOD-11: an auditor changes nobody's inspections and findings but his own."""
    if case.actor.role != "auditor":
        return None
    if case.after.type == "finding":
        note = case.sight.record(case.fields.get("inspection_note_id"))
        mine = note is not None and case.actor.user in inspectors(note)
    else:
        mine = case.actor.user in inspectors(case.after)
    return None if mine else forbidden("SOD-11")


def audits_another(case: Case) -> Refusal | None:
    """An audit is of somebody else."""
    if case.fields.get("subject_user_id") == case.fields.get("auditor_id"):
        return forbidden("SOD-11", field="subject_user_id")
    return None


# --------------------------------------------------------------------------------------- findings


def put_right_by_the_owner(case: Case) -> Refusal | None:
    """The owner claims, another verifies: a supervisor or an inspector; a critical one an approver waives."""
    if case.is_new or not case.sets("state"):
        return None
    owner, actor = case.fields.get("owner_id"), case.actor
    note = case.sight.record(case.fields.get("inspection_note_id"))
    may_judge = actor.role == "supervisor" or (note is not None and actor.user in inspectors(note))
    if case.moves_to("rectified"):
        return None if owner in (None, actor.user) else forbidden(None, "owner-claims")
    if case.moves_to("waived"):
        critical = case.fields.get("severity") == "critical"
        right = "approver" if critical else "supervisor"
        return None if actor.role == right else forbidden(None, "critical-waived-above")
    # What was claimed is judged: closed, or open again.
    return None if may_judge and actor.user != owner else forbidden(None, "owner-verifies")


_MADE = setting("kind", "loan_id", "inspector_ids")
_PEOPLE = frozenset({"loan", "loan_application"})
GUARDS = {
    "SOD-7": Guard(not_by_the_handlers, _PEOPLE, _MADE),
    "SOD-5-inspection": Guard(not_by_relatives, AVOIDANCE, setting("inspector_ids")),
    "own-signature": Guard(signed_by_oneself, concerns=setting("signed_by")),
    GUARD: Guard(sealed_once_signed, concerns=setting(*CONTENT)),
    "confirming": Guard(confirmed_by_the_right, concerns=moving_to("confirmed")),
    "SOD-11": Guard(audited_by_oneself),
    "SOD-11-audit": Guard(audits_another),
    "finding": Guard(put_right_by_the_owner, frozenset({"inspection_note"}), setting("state")),
}
"""By the name that a record type declares."""
