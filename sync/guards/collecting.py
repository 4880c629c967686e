"""Guards of cash, of what is given up, and of what is to be done (domain.md, sections 5.5, 6.2 and 6.9)."""

from __future__ import annotations

from sync.guards.case import Case, Guard, Refusal, forbidden, moving_to, setting

WRITE_OFF_TIER = 3
UNITS = frozenset({"parameter", "org_unit", "user"})


def cash_is_allowed(case: Case) -> Refusal | None:
    """A lender that forbids cash takes none."""
    if case.fields.get("channel") != "cash" or not case.is_new:
        return None
    taken_by = case.fields.get("collected_by") or case.actor.user
    allowed = case.sight.parameter("cash_allowed", case.sight.unit_of(taken_by))
    return forbidden(None, "cash-not-allowed", "channel") if allowed is False else None


def written_off_high_enough(case: Case) -> Refusal | None:
    """A loan is written off by an approver of the third tier or above."""
    low = case.moves_to("written_off") and case.actor.tier < WRITE_OFF_TIER
    return forbidden(None, "above-authority", "state") if low else None


def task_is_one_s_own(case: Case) -> Refusal | None:
    """A task is ended by whom it is for or by a supervisor, and cancelled with a reason.

    Of somebody who has the customer no more it is for who has him now.
    """
    if not case.moves_to("done", "cancelled"):
        return None
    actor, fields = case.actor, case.fields
    assignee = case.before.get("assignee_id") or fields.get("assignee_id")
    if actor.role != "supervisor" and assignee not in (None, actor.user):
        customer = case.sight.record(case.after.customer)
        taken_over = customer is not None and not customer.holds(assignee)
        if not (taken_over and customer is not None and customer.holds(actor.user or "")):
            return forbidden(None, "task-of-another", "state")
    # Before schema 2 the only place for a reason was the note.
    said = fields.get("cancel_reason") or fields.get("done_note")
    if case.moves_to("cancelled") and not (said or "").strip():
        return Refusal("required", "cancel_reason")
    return None


GUARDS = {
    "cash": Guard(cash_is_allowed, UNITS, setting("channel")),
    "write-off": Guard(written_off_high_enough, concerns=moving_to("written_off")),
    "task": Guard(task_is_one_s_own, concerns=moving_to("done", "cancelled")),
}
"""By the name that a record type declares."""
