"""Repayment capacity asked for in JSON, in the shape of golden case E7."""

from datetime import date

from schemas.derived.capacity import (
    Capacity,
    CashFlow,
    LowPoint,
    PlannedLoan,
    assess,
    lowest_point,
)
from schemas.derived.case import Case
from schemas.derived.case_golden import dated_rows, plan_of
from schemas.derived.schedule import PlannedPrincipal, Terms, build_schedule


def capacity_answer(case: Case) -> object:
    """Answer a capacity case: the household without the loan, then with each way to repay it.

    ``equal_installment`` is always tried, over ``n`` months (12 where not given); ``seasonal``
    only where there is a ``plan`` of ``due`` and ``principal_fen``. Golden case E7 writes its plan
    only in ``out.seasonal``; so it is read there.
    """
    if "in" not in case:
        return _out(case, [])
    return {"out": _out(case.within("in"), _golden_plan(case))}


def _golden_plan(case: Case) -> list[Case]:
    if "out" not in case or "seasonal" not in (out := case.within("out")):
        return []
    return out.within("seasonal").cases("plan")


def _out(given: Case, golden_plan: list[Case]) -> dict[str, object]:
    cash_flow = _cash_flow(given)
    out: dict[str, object] = {
        "net_fen": list(cash_flow.net_fen),
        "sum_net_fen": cash_flow.yearly_net_fen,
        "stressed_sum_net_fen": cash_flow.stressed_yearly_net_fen,
        "lowest_without_loan": _low(lowest_point(cash_flow)),
        "equal_installment": _tried(cash_flow, _loan(_level_terms(given))),
    }
    if "plan" in given or golden_plan:
        loan = _loan(_seasonal_terms(given, plan_of(given, golden_plan)))
        rows = dated_rows(loan.schedule, loan.disbursed_on)
        out["seasonal"] = {"plan": rows, **_tried(cash_flow, loan)}
    return out


def _cash_flow(given: Case) -> CashFlow:
    return CashFlow(
        start_month=_month(given, "start_month"),
        opening_cash_fen=given.integer("opening_cash_fen"),
        income_fen=given.integers("income_fen"),
        cost_fen=given.integers("cost_fen"),
        living_fen=given.integers("living_fen"),
        farm_income_fen=given.integers("farm_income_fen"),
        existing_service_fen=given.integers("existing_service_fen")
        if "existing_service_fen" in given
        else (),
        haircut_bps=given.integer("haircut_bps", default=1000),
    )


def _month(given: Case, name: str) -> date:
    text = given.text(name)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise given.fault(name, f"expected a month like 2026-07, got {text!r}") from None


def _level_terms(given: Case) -> Terms:
    return Terms(
        method="equal_installment",
        principal_fen=given.integer("loan_fen"),
        rate_bps=given.integer("rate_bps"),
        disbursed_on=given.day("disbursed_on"),
        first_due_on=given.day("first_due_on") if "first_due_on" in given else None,
        count=given.integer("n", default=12),
    )


def _seasonal_terms(given: Case, plan: tuple[PlannedPrincipal, ...]) -> Terms:
    return Terms(
        method="seasonal",
        principal_fen=given.integer("loan_fen"),
        rate_bps=given.integer("rate_bps"),
        disbursed_on=given.day("disbursed_on"),
        plan=plan,
    )


def _loan(terms: Terms) -> PlannedLoan:
    return PlannedLoan(terms.principal_fen, terms.disbursed_on, build_schedule(terms))


def _tried(cash_flow: CashFlow, loan: PlannedLoan) -> dict[str, object]:
    capacity = assess(cash_flow, loan)
    return {
        "total_fen": loan.total_fen,
        "lowest": _low(capacity.lowest),
        "stressed_lowest_fen": capacity.stressed_lowest.fen,
        "dsr_bps": capacity.dsr_bps,
        "dscr_bps": capacity.dscr_bps,
        "stressed_dscr_bps": capacity.stressed_dscr_bps,
        "pass": capacity.passes,
        "failed": _failed(capacity),
    }


def _failed(capacity: Capacity) -> list[dict[str, object]]:
    return [
        {
            "test": test.test,
            "short_fen": test.short_fen,
            **({"month": f"{test.month:%Y-%m}"} if test.month else {}),
        }
        for test in capacity.failed
    ]


def _low(point: LowPoint) -> dict[str, object]:
    return {"month": f"{point.month:%Y-%m}", "fen": point.fen}
