"""Schedules asked for in JSON, in the shape of the golden cases E1 to E4."""

from collections.abc import Iterable
from datetime import date
from typing import Final, cast, get_args

from schemas.derived.case import Case
from schemas.derived.day_count import DayCount
from schemas.derived.schedule import Installment, Method, PlannedPrincipal, Terms, build_schedule

OWN_METHODS: Final = tuple(method for method in get_args(Method) if method != "flat_interest")
_STEPPED: Final = ("equal_installment", "equal_principal", "interest_first")

_ANY_DAY: Final = date.min
"""Stands in where a golden case has no dates: the monthly methods do not look at them."""


def golden_out(case: Case, plan: Iterable[Case] = ()) -> object:
    """Answer a case in the shape of ``domain-golden.json``: E1 to E4 and their like.

    Args:
        case: The ``in`` of a golden case.
        plan: Rows with ``due`` (or ``due_date``) and ``principal_fen``, where *case* has none.

    Returns:
        Rows of fen; for ``bullet`` one object with ``days`` and ``interest_fen``. ``due`` is left
        out where the case has no dates.
    """
    terms = golden_terms(case, plan)
    schedule = build_schedule(terms)
    if terms.method == "bullet":
        (only,) = dated_rows(schedule, terms.disbursed_on)
        return {name: only[name] for name in ("days", "interest_fen")}
    if terms.method == "seasonal":
        return dated_rows(schedule, terms.disbursed_on)
    has_dates = terms.disbursed_on != _ANY_DAY or terms.first_due_on is not None
    return [_golden_row(row, has_dates=has_dates) for row in schedule]


def golden_terms(case: Case, plan: Iterable[Case] = ()) -> Terms:
    """Read the terms of a golden case; E3 says ``from`` and ``to`` for its two dates."""
    method = case.text("method", OWN_METHODS)
    monthly = method in _STEPPED
    start, due = ("from", "to") if "from" in case else ("disbursed_on", "first_due_on")
    return Terms(
        method=cast(Method, method),
        principal_fen=case.integer("principal_fen"),
        rate_bps=case.integer("rate_bps"),
        disbursed_on=_disbursed_on(case, start, optional=monthly),
        count=case.integer("n") if monthly else 1,
        first_due_on=case.day(due) if due in case else None,
        plan=plan_of(case, plan) if method == "seasonal" else (),
        day_count=_day_count(case),
    )


def _disbursed_on(case: Case, name: str, *, optional: bool) -> date:
    return _ANY_DAY if optional and name not in case else case.day(name)


def _day_count(case: Case) -> DayCount:
    if "day_count" not in case:
        return "act360"
    return cast(DayCount, case.text("day_count", ("act360", "act365")))


def plan_of(case: Case, fallback: Iterable[Case]) -> tuple[PlannedPrincipal, ...]:
    """Read a harvest plan: the case's own ``plan``, or the rows of *fallback*."""
    rows = list(case.cases("plan") if "plan" in case else fallback)
    if not rows:
        raise case.fault("plan", "is missing")
    return tuple(
        PlannedPrincipal(
            row.day("due_date" if "due_date" in row else "due"), row.integer("principal_fen")
        )
        for row in rows
    )


def _golden_row(row: Installment, *, has_dates: bool) -> dict[str, object]:
    return {
        "seq": row.seq,
        **({"due": row.due_date.isoformat()} if has_dates else {}),
        "principal_fen": row.principal_fen,
        "interest_fen": row.interest_fen,
        "balance_fen": row.balance_fen,
    }


def dated_rows(schedule: Iterable[Installment], disbursed_on: date) -> list[dict[str, object]]:
    """Write the rows of a schedule that counts days, each with its days of interest."""
    rows, start = list[dict[str, object]](), disbursed_on
    for row in schedule:
        days, start = (row.due_date - start).days, row.due_date
        rows.append(
            {
                "due": row.due_date.isoformat(),
                "days": days,
                "principal_fen": row.principal_fen,
                "interest_fen": row.interest_fen,
                "balance_fen": row.balance_fen,
            }
        )
    return rows
