"""Rules about inspections and their answers: W03, W04, W05, W09, W11 (domain.md, sections 7 and 9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import Dossier, Kept, Owing, leaves, plus
from schemas.derived.early_warning.signals import Severity, Signal
from schemas.derived.risk_class import class_by_days

Json = Any
FIRST = ("first_followup",)
ROUTINE = ("routine",)


def purpose_not_as_agreed(dossier: Dossier) -> Iterator[Signal]:
    """W03: used otherwise than agreed (F01 no), or lent on (F04 yes)."""
    for qid, wrong in (("F01", False), ("F04", True)):
        for day, note, value in dossier.latest_answers(FIRST, qid):
            if _truth(value) is wrong:
                yield _from_note("W03", "red", dossier, day, note, {})


def income_down(dossier: Dossier) -> Iterator[Signal]:
    """W04: expected income down by more than 20 % orange, by more than 40 % red (R02)."""
    orange, red = (
        dossier.number("warn_income_orange_percent"),
        dossier.number("warn_income_red_percent"),
    )
    for day, note, value in dossier.latest_answers(ROUTINE, "R02"):
        change = _whole(value)
        if change is not None and -change > min(orange, red):
            severity: Severity = "red" if -change > red else "orange"
            yield _from_note("W04", severity, dossier, day, note, {"change_percent": change})


def household_event(dossier: Dossier) -> Iterator[Signal]:
    """W05: death, serious illness, divorce, the whole family away (R03)."""
    for day, note, value in dossier.latest_answers(ROUTINE, "R03"):
        if _truth(value) is True:
            yield _from_note("W05", "orange", dossier, day, note, {})


def new_debt(dossier: Dossier) -> Iterator[Signal]:
    """W09: new debts elsewhere (R04, yuan) above a fifth of the income, or three or more lenders."""
    if not dossier.loans:
        return
    income = dossier.household.get("annual_income_fen")
    percent = dossier.number("warn_new_debt_percent")
    for day, note, value in dossier.latest_answers(ROUTINE, "R04"):
        debt = _whole(value)
        if debt is not None and income is not None and debt * 100 * 100 > income * percent:
            figures = {"new_debt_fen": debt * 100, "income_fen": income}
            yield _from_note("W09", "orange", dossier, day, note, figures)
    lenders = {
        it["lender"]
        for it in leaves(dossier.household, "debts").values()
        if it.get("lender") and it.get("balance_fen") != 0
    }
    if len(lenders) >= dossier.number("warn_lenders"):
        yield Signal(
            rule="W09", severity="orange", subject_type="customer", subject=dossier.customer,
            since=dossier.today, records=(dossier.customer,), figures={"lenders": len(lenders)},
        )  # fmt: skip


def inspection_overdue(dossier: Dossier) -> Iterator[Signal]:
    """W11: no first follow-up in time, or a later inspection overdue by more than seven days."""
    for loan in dossier.loans:
        done = dossier.signed_notes(loan.id)
        if done:
            due, least = next_inspection(dossier, loan, done[-1][0]), None
            late = dossier.number("warn_inspection_late_days")
        else:
            least = dossier.number("first_followup_days")
            due, late = plus(loan.fields["disbursed_on"], least), 0
        days = (dossier.as_of - date.fromisoformat(due)).days
        if days > late:
            yield Signal(
                rule="W11", severity="yellow", subject_type="loan", subject=loan.id,
                since=plus(due, late + 1), loan_id=loan.id,
                records=tuple(it.id for _, it in done[-1:]), figures={"days_overdue": days},
            )  # fmt: skip


def next_inspection(dossier: Dossier, loan: Owing, last: str) -> str:
    """Return the day on which a loan is due to be inspected again (section 7, routine)."""
    risk = class_by_days(loan.state.dpd).code
    confirmed = [
        it.fields
        for it in dossier.of("classification")
        if it.fields.get("loan_id") == loan.id and it.fields.get("confirmed_by")
    ]
    if confirmed:
        newest = max(confirmed, key=lambda it: str(it.get("as_of")))
        risk = max(risk, str(newest.get("proposed_class")), key=_ORDER.index)
    if _ORDER.index(risk) >= _ORDER.index("substandard"):
        return plus(last, dossier.number("inspect_npl_days"))
    if risk == "special_mention":
        months = dossier.number("inspect_mention_months")
    elif loan.fields["principal_fen"] > dossier.number("inspect_large_above_fen"):
        months = dossier.number("inspect_large_months")
    else:
        months = dossier.number("inspect_normal_months")
    return due_after(date.fromisoformat(last), months).isoformat()


_ORDER = ("normal", "special_mention", "substandard", "doubtful", "loss")


def _from_note(
    rule: str, severity: Severity, dossier: Dossier, day: str, note: Kept, figures: dict[str, int]
) -> Signal:
    """Make a signal of a note's answer: about its loan, or about the customer where it names none."""
    loan = note.fields.get("loan_id")
    return Signal(
        rule=rule, severity=severity, subject_type="loan" if loan else "customer",
        subject=loan or dossier.customer, since=day, loan_id=loan, records=(note.id,),
        figures=figures,
    )  # fmt: skip


def _truth(value: Json) -> bool | None:
    """Read a yes or no, in either of the ways in which answers are kept."""
    return {"yes": True, "no": False}.get(value) if isinstance(value, str) else value


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
