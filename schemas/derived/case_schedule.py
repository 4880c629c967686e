"""Schedules asked for in JSON: in the shape of the public vectors, or of the golden cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final, cast, get_args

from schemas.derived.case import Case, as_money
from schemas.derived.case_golden import golden_out
from schemas.derived.day_count import DayCount
from schemas.derived.due_dates import Unit
from schemas.derived.rounding import Rounding, half_even, half_up
from schemas.derived.schedule import (
    Grace,
    Installment,
    Method,
    Override,
    Period,
    PlannedPrincipal,
    Terms,
    Tranche,
    build_schedule,
)

_UNDERSTOOD: Final = frozenset(
    {
        "annual_rate_percent",
        "count",
        "day_count",
        "digits",
        "disbursements",
        "down_payment_percent",
        "due_dates_given",
        "every",
        "fee_per_installment_percent_of_interest",
        "fees",
        "first_due_on",
        "grace",
        "installment_multiple",
        "method",
        "money_multiple",
        "nominal_period_rate_percent",
        "overrides",
        "plan",
        "rounding",
        "schedule_start",
        "unit",
    }
)
_ROUNDINGS: Final[dict[str, Rounding]] = {"half_up": half_up, "half_even": half_even}
_DAY_COUNTS: Final[dict[str, DayCount]] = {
    "months": "months",
    "weeks/52": "act364",
    "30/360": "30e360",
    "act/360": "act360",
    "act/364": "act364",
    "act/365": "act365",
    "act/act": "actact",
}
"""A fifty-second of a year is seven days of 364."""


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

    Money is written with the decimals of the amounts paid out, at least ``digits``.

    Raises:
        ValueError: A term is missing, impossible or not supported; the sentence names it.
    """
    terms = case.within("terms")
    for name in terms.names():
        if name not in _UNDERSTOOD:
            raise terms.fault(name, "is not supported")
    digits = terms.integer("digits", default=2)
    if not 0 <= digits <= 4:
        raise terms.fault("digits", f"must be 0 to 4, not {digits}")
    rounded = _ROUNDINGS[terms.text("rounding", _ROUNDINGS) if "rounding" in terms else "half_up"]
    charged = _with_fees(build_schedule(_terms(terms, digits), rounded), terms, digits, rounded)
    amounts = [payout.text("amount") for payout in terms.cases("disbursements")]
    decimals = max(digits, *(len(amount.partition(".")[2]) for amount in amounts))
    return [_vector_row(row, digits, decimals) for row in charged]


def _terms(terms: Case, digits: int) -> Terms:
    method = terms.text("method", get_args(Method))
    payouts = _payouts(terms, digits)
    day_count = _DAY_COUNTS[terms.text("day_count", _DAY_COUNTS)]
    return Terms(
        method=cast(Method, method),
        principal_fen=payouts[0].amount_fen,
        rate_bps=terms.decimal("annual_rate_percent") * 100,
        disbursed_on=payouts[0].on,
        tranches=payouts[1:],
        starts_on=_start(terms, payouts[0].on),
        count=terms.integer("count") if _counts(terms, method) else 1,
        first_due_on=terms.day("first_due_on") if "first_due_on" in terms else None,
        due_dates=terms.days("due_dates_given") if "due_dates_given" in terms else (),
        plan=_plan(terms, digits) if method == "seasonal" or "plan" in terms else (),
        day_count=day_count,
        period=_period(terms, day_count) if _steps(method) else Period(),
        installment_multiple_fen=_multiple(terms, "installment_multiple", digits),
        money_multiple_fen=_multiple(terms, "money_multiple", digits),
        down_payment=terms.decimal("down_payment_percent", default="0") / 100,
        grace=_grace(terms.within("grace")) if "grace" in terms else Grace(),
        overrides=_overrides(terms, digits) if "overrides" in terms else (),
        level_rate=_nominal_rate(terms),
        rounds_shares=True,
    )


def _payouts(terms: Case, digits: int) -> tuple[Tranche, ...]:
    payouts = [
        Tranche(row.day("on"), row.money("amount", digits)) for row in terms.cases("disbursements")
    ]
    if not payouts:
        raise terms.fault("disbursements", "is empty")
    return tuple(sorted(payouts))


def _start(terms: Case, disbursed_on: date) -> date | None:
    if "schedule_start" not in terms:
        return None
    start = terms.day("schedule_start")
    if start > disbursed_on:
        raise terms.fault("schedule_start", f"is after the first disbursement, {disbursed_on}")
    return start


def _steps(method: str) -> bool:
    return method not in ("bullet", "seasonal")


def _counts(terms: Case, method: str) -> bool:
    return _steps(method) and "due_dates_given" not in terms


def _plan(terms: Case, digits: int) -> tuple[PlannedPrincipal, ...]:
    return tuple(
        PlannedPrincipal(row.day("due"), row.money("principal", digits))
        for row in terms.cases("plan")
    )


def _period(terms: Case, day_count: DayCount) -> Period:
    unit = terms.text("unit", get_args(Unit))
    return Period(terms.integer("every", default=1), cast(Unit, unit), day_count)


def _multiple(terms: Case, name: str, digits: int) -> int:
    return terms.money(name, digits) if name in terms else 1


def _grace(grace: Case) -> Grace:
    for name in grace.names():
        if name not in Grace._fields:
            raise grace.fault(name, "is not supported")
    return Grace(*(grace.integer(name, default=0) for name in Grace._fields))


def _overrides(terms: Case, digits: int) -> tuple[Override, ...]:
    return tuple(_override(row, digits) for row in terms.cases("overrides"))


def _override(row: Case, digits: int) -> Override:
    return Override(
        row.day("due"),
        row.money("total", digits) if "total" in row else None,
        row.money("principal", digits) if "principal" in row else None,
        removed="removed" in row and row.boolean("removed"),
    )


def _nominal_rate(terms: Case) -> Fraction | None:
    name = "nominal_period_rate_percent"
    return terms.decimal(name) / 100 if name in terms else None


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


def _vector_row(row: Installment, digits: int, decimals: int) -> dict[str, object]:
    amounts = {
        "principal": row.principal_fen,
        "interest": row.interest_fen,
        "fee": row.fee_fen,
        "penalty": row.penalty_fen,
        "total": row.total_fen,
        "balance": row.balance_fen,
    }
    coin = 10 ** (decimals - digits)
    money = {name: as_money(coins * coin, decimals) for name, coins in amounts.items()}
    return {"seq": row.seq, "due": row.due_date.isoformat(), **money}
