"""Guards of a loan's class (domain.md, section 8.5): its floor, reasons, and the way back to a better one."""

from __future__ import annotations

from datetime import date

from schemas.derived.risk_class import RiskClass
from sync import classing
from sync.guards.case import Case, Guard, Refusal


def not_above_the_floor(case: Case) -> Refusal | None:
    """A class may be worse than days and facts make it, never better; whoever differs says why."""
    loan = case.sight.record(case.fields["loan_id"])
    if loan is None:
        return None  # on a device that has not got it
    proposed = RiskClass[case.fields["proposed_class"].upper()]
    floor = classing.floor(case.sight, loan, date.fromisoformat(case.fields["as_of"]))
    if proposed < floor and not classing.is_technical(case.sight, loan, case.fields):
        return Refusal("invalid-value", "proposed_class", "class-above-floor")
    differs = case.is_new and proposed != floor
    if differs and not (case.fields.get("reason") or "").strip():
        return Refusal("required", "reason")
    return None


def better_on_conditions(case: Case) -> Refusal | None:
    """Better than the last confirmed class is a loan that is not late, and was paid on time for long enough."""
    loan = case.sight.record(case.fields["loan_id"])
    last = classing.last_confirmed(case.sight, case.after)
    if loan is None or last is None or not classing.is_better(case.after, last):
        return None
    since, as_of = (date.fromisoformat(it.fields["as_of"]) for it in (last, case.after))
    if classing.has_paid_since(case.sight, loan, since, as_of):
        return None
    return Refusal("invalid-value", "proposed_class", "class-better-too-early")


GUARDS = {
    "class-floor": Guard(not_above_the_floor, classing.NEEDS),
    "class-better": Guard(better_on_conditions, classing.NEEDS),
}
"""By the name that a record type declares."""
