"""Guards of the plan of visits (domain.md, sections 5.6 and 6.3): an officer puts one off once, and says why."""

from __future__ import annotations

from sync.guards.case import Case, Guard, Refusal, forbidden, setting


def put_off_once(case: Case) -> Refusal | None:
    """An officer moves the day of a planned visit once, with a reason; a supervisor as often as need be.

    What settles a conflict about the plan is a choice between two plans, and no third.
    """
    before = case.before
    moved = before.get("planned_on") is not None and case.sets("planned_on")
    if case.actor.role != "officer" or not moved or _is_disputed(case):
        return None
    if before.get("original_planned_on") is not None:
        return forbidden(None, "plan-moved-already", "planned_on")
    if not (case.fields.get("plan_reason") or "").strip():
        return Refusal("required", "plan_reason", "plan-needs-a-reason")
    return None


def _is_disputed(case: Case) -> bool:
    return any(
        (it.fields.get("record"), it.fields.get("field")) == (case.after.id, "plan")
        for it in case.sight.of("conflict")
    )


GUARDS = {"plan": Guard(put_off_once, concerns=setting("planned_on"))}
"""By the name that a record type declares."""
