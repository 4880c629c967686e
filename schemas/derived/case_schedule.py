"""Schedules asked for in JSON: in the shape of the public vectors, or of the golden cases."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, cast, get_args

from schemas.derived.case import Case, as_money
from schemas.derived.day_count import DayCount
from schemas.derived.due_dates import Unit
from schemas.derived.rounding import Rounding, half_even, half_up
from schemas.derived.schedule import (
    Installment,
    Method,
    Period,
    PlannedPrincipal,
    Terms,
    build_schedule,
)

_UNDERSTOOD: Final = frozenset(
    {
        "annual_rate_percent",
        "count",
        "day_count",
        "digits",
        "disbursements",
        "every",
        "fee_per_installment_percent_of_interest",
        "fees",
        "first_due_on",
        "installment_multiple",
        "method",
        "rounding",
        "schedule_start",
        "unit",
    }
)
_METHODS: Final = ("equal_installment", "equal_principal", "interest_first")
_ROUNDINGS: Final[dict[str, Rounding]] = {"half_up": half_up, "half_even": half_even}
_DAY_COUNTS: Final[dict[str, DayCount | None]] = {
    "months": None,
    "weeks/52": None,
    "30/360": "30e360",
    "act/360": "act360",
    "act/364": "act364",
    "act/365": "act365",
    "act/act": "actact",
}
_WHOLE_STEPS: Final = {"months": "month", "weeks/52": "week"}

_ANY_DAY: Final = date.min
"""Stands in where a golden case has no dates: the monthly methods do not look at them."""


def schedule_answer(case: Case) -> object:
    """Answer a schedule case in whichever of the two shapes it is.

    Golden case E4 writes its plan only in ``out``; so its dates and principal are read there.
    """
    if "terms" in case:
        return {"rows": vector_rows(case)}
    if "in" not in case:
        return golden_out(case)
    given = case.within("in")
    seasonal = "method" in given and given.text("method") == "seasonal"
    plan = case.cases("out") if seasonal and "out" in case else []
    return {"out": golden_out(given, plan)}


def vector_rows(case: Case) -> list[dict[str, object]]:
    """Answer a case with ``terms`` (vectors/README.md): one row an installment, money as text.

    Raises:
        ValueError: A term is missing, impossible or not supported; the sentence names it.
    """
    terms = case.within("terms")
    for name in terms.names():
        if name not in _UNDERSTOOD:
            raise terms.fault(name, "is not supported")
    digits = _digits(terms)
    rounded = _ROUNDINGS[terms.text("rounding", _ROUNDINGS) if "rounding" in terms else "half_up"]
    schedule = build_schedule(_vector_terms(terms, digits), rounded)
    charged = _with_fees(schedule, terms, digits, rounded)
    return [_vector_row(row, digits) for row in charged]


def _digits(terms: Case) -> int:
    digits = terms.integer("digits", default=2)
    if not 0 <= digits <= 4:
        raise terms.fault("digits", f"must be 0 to 4, not {digits}")
    return digits


def _vector_terms(terms: Case, digits: int) -> Terms:
    method = terms.text("method", _METHODS)
    disbursement = _only_disbursement(terms)
    return Terms(
        method=cast(Method, method),
        principal_fen=disbursement.money("amount", digits),
        rate_bps=terms.decimal("annual_rate_percent") * 100,
        disbursed_on=disbursement.day("on"),
        count=terms.integer("count"),
        first_due_on=terms.day("first_due_on") if "first_due_on" in terms else None,
        period=_period(terms),
        installment_multiple_fen=_multiple(terms, digits, method),
    )


def _multiple(terms: Case, digits: int, method: str) -> int:
    if "installment_multiple" not in terms:
        return 1
    if method != "equal_installment":
        raise terms.fault("installment_multiple", f"is not supported for {method}")
    return terms.money("installment_multiple", digits)


def _only_disbursement(terms: Case) -> Case:
    disbursements = terms.cases("disbursements")
    if len(disbursements) != 1:
        raise terms.fault("disbursements", f"only one is supported, got {len(disbursements)}")
    (only,) = disbursements
    if "schedule_start" in terms and terms.day("schedule_start") != only.day("on"):
        raise terms.fault("schedule_start", "another day than the disbursement is not supported")
    return only


def _period(terms: Case) -> Period:
    unit = terms.text("unit", ("day", "week", "month"))
    counted = terms.text("day_count", _DAY_COUNTS)
    if _WHOLE_STEPS.get(counted, unit) != unit:
        raise terms.fault("day_count", f"{counted} does not fit steps of a {unit}")
    return Period(terms.integer("every", default=1), cast(Unit, unit), _DAY_COUNTS[counted])


def _with_fees(
    schedule: Sequence[Installment], terms: Case, digits: int, rounded: Rounding
) -> Sequence[Installment]:
    share = terms.decimal("fee_per_installment_percent_of_interest", default="0") / 100
    rows = {row.seq: replace(row, fee_fen=rounded(row.interest_fen * share)) for row in schedule}
    for fee in terms.cases("fees") if "fees" in terms else ():
        seq = fee.integer("due_seq")
        if seq not in rows:
            raise fee.fault("due_seq", f"there is no installment {seq}")
        rows[seq] = replace(
            rows[seq],
            fee_fen=rows[seq].fee_fen + fee.money("fee", digits, default="0"),
            penalty_fen=rows[seq].penalty_fen + fee.money("penalty", digits, default="0"),
        )
    return list(rows.values())


def _vector_row(row: Installment, digits: int) -> dict[str, object]:
    amounts = {
        "principal": row.principal_fen,
        "interest": row.interest_fen,
        "fee": row.fee_fen,
        "penalty": row.penalty_fen,
        "total": row.total_fen,
        "balance": row.balance_fen,
    }
    money = {name: as_money(coins, digits) for name, coins in amounts.items()}
    return {"seq": row.seq, "due": row.due_date.isoformat(), **money}


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
    method = case.text("method", get_args(Method))
    monthly = method in _METHODS
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
