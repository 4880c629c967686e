"""Repayment capacity, month by month: golden case E7. What each test refuses is in `appraisal.json`."""

from datetime import date
from typing import Any

from schemas.derived.capacity import CashFlow, LowPoint, lowest_point

JULY = date(2026, 7, 1)


def household_of_e7(golden: dict[str, Any]) -> CashFlow:
    given = golden["E7"]["in"]
    tuples = ("income_fen", "cost_fen", "living_fen", "farm_income_fen")
    return CashFlow(
        start_month=JULY,
        opening_cash_fen=given["opening_cash_fen"],
        haircut_bps=given["haircut_bps"],
        **{name: tuple(given[name]) for name in tuples},
    )


def test_e7_household_without_a_loan(golden: dict[str, Any]) -> None:
    cash_flow, out = household_of_e7(golden), golden["E7"]["out"]

    assert list(cash_flow.net_fen) == out["net_fen"]
    assert cash_flow.yearly_net_fen == out["sum_net_fen"]
    assert cash_flow.stressed_yearly_net_fen == out["stressed_sum_net_fen"]
    assert lowest_point(cash_flow) == LowPoint(date(2026, 10, 1), -9_566_00)
