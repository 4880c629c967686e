"""Rules about money that is due: W01, W02, W07, W13, W18 (domain.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.derived.early_warning.dossier import Dossier, Kept, Owing, local_day, plus
from schemas.derived.early_warning.signals import Due, Severity, Signal


def falling_due(dossier: Dossier) -> Iterator[Due]:
    """W01: each installment with something unpaid that is due today or within days; a task."""
    until = dossier.as_of + timedelta(days=dossier.number("warn_due_days"))
    for loan in dossier.loans:
        sums: dict[str, int] = {}
        for row in loan.state.balances:
            if dossier.as_of <= row.due_date <= until and row.scheduled_fen > 0:
                day = row.due_date.isoformat()
                sums[day] = sums.get(day, 0) + row.scheduled_fen
        for day, amount in sorted(sums.items()):
            yield Due(loan.id, day, amount, loan.fields.get("officer_id"))


def past_due(dossier: Dossier) -> Iterator[Signal]:
    """W02: days past due 1 to 7 yellow, 8 to 30 orange, above red; since the day that reached it."""
    steps: tuple[tuple[Severity, int], ...] = (
        ("red", dossier.number("warn_dpd_red")),
        ("orange", dossier.number("warn_dpd_orange")),
        ("yellow", dossier.number("warn_dpd_yellow")),
    )
    for loan in dossier.loans:
        dpd = loan.state.dpd
        for severity, least in steps:
            if 0 < dpd >= least:
                yield Signal(
                    rule="W02", severity=severity, subject_type="loan", subject=loan.id,
                    since=plus(loan.late_since.isoformat(), least), loan_id=loan.id,
                    figures={"dpd": dpd, "arrears_fen": loan.state.arrears_fen},
                )  # fmt: skip
                break


def circle_past_due(dossier: Dossier) -> Iterator[Signal]:
    """W07: a member of the group or of the guaranteed circle, the customer included, is long past due."""
    above = dossier.number("warn_group_dpd_above")
    if not dossier.circle:
        return
    late = [(it.oldest_unpaid_on, it.loan) for it in dossier.circle]
    late += [(it.late_since.isoformat(), it.id) for it in dossier.loans]
    long = sorted((day, loan) for day, loan in late if _days(dossier, day) > above)
    if long:
        oldest = long[0][0]
        yield Signal(
            rule="W07", severity="orange", subject_type="customer", subject=dossier.customer,
            since=plus(oldest, above + 1), records=tuple(sorted(loan for _, loan in long)),
            figures={"dpd": _days(dossier, oldest), "loans": len(long)},
        )  # fmt: skip


def promise_broken(dossier: Dossier) -> Iterator[Signal]:
    """W13: what was promised on a visit was not paid by the day, and still is not."""
    for visit in dossier.of("visit"):
        on = visit.fields.get("promise_on")
        said = _day_of(visit)
        if on is None or said is None or on >= dossier.today or not dossier.loans:
            continue
        promised = visit.fields.get("promise_amount_fen") or 1
        paid = _paid_since(dossier, said)
        if paid < promised:
            yield Signal(
                rule="W13", severity="yellow", subject_type="visit", subject=visit.id,
                since=plus(on, 1), records=(visit.id,),
                figures={"promised_fen": promised, "paid_fen": paid},
            )  # fmt: skip


def matures_in_doubt(dossier: Dossier) -> Iterator[Signal]:
    """W18: the last day is near, and the last inspections were not satisfactory."""
    days, count = dossier.number("warn_maturity_days"), dossier.number("warn_maturity_inspections")
    for loan in dossier.loans:
        left = (date.fromisoformat(loan.fields["maturity_on"]) - dossier.as_of).days
        last = dossier.signed_notes(loan.id)[-count:] if count > 0 else []
        doubtful = [
            it for it in last if it[1].fields.get("conclusion") not in (None, "satisfactory")
        ]
        if 0 <= left <= days and count > 0 and len(doubtful) == count:
            yield _doubt(loan, days, doubtful, left)


def _doubt(loan: Owing, days: int, notes: list[tuple[str, Kept]], left: int) -> Signal:
    near = plus(loan.fields["maturity_on"], -days)
    return Signal(
        rule="W18", severity="orange", subject_type="loan", subject=loan.id,
        since=max(near, notes[-1][0]), loan_id=loan.id,
        records=tuple(sorted(it.id for _, it in notes)), figures={"days_left": left},
    )  # fmt: skip


def _days(dossier: Dossier, day: str) -> int:
    return (dossier.as_of - date.fromisoformat(day)).days


def _day_of(visit: Kept) -> str | None:
    """Return the day on which a visit was made, or for which it was planned."""
    arrived = visit.fields.get("arrived_at")
    return local_day(arrived) if arrived else visit.fields.get("planned_on")


def _paid_since(dossier: Dossier, day: str) -> int:
    """Add up what was paid after the day of the promise, without what was reversed.

    What was taken on that very visit is no part of the promise.
    """
    receipts = dossier.of("repayment")
    undone = {it.fields.get("reverses_id") for it in receipts} - {None}
    return sum(
        it.fields["amount_fen"]
        for it in receipts
        if it.id not in undone
        and it.fields.get("reverses_id") is None
        and day < it.fields["value_date"] <= dossier.today
    )
