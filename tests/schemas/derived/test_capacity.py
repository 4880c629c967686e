"""Repayment capacity, month by month: golden case E7 and what each test refuses."""

from datetime import date
from typing import Any

import pytest

from schemas.derived.capacity import (
    CapacityLimits,
    CashFlow,
    LowPoint,
    PlannedLoan,
    assess,
    lowest_point,
)
from schemas.derived.schedule import Installment

JULY = date(2026, 7, 1)


def household(**changed: Any) -> CashFlow:
    """A household with 1,000 fen to spare each month, none of it from the farm."""
    usual: dict[str, Any] = {
        "start_month": JULY,
        "opening_cash_fen": 0,
        "income_fen": (3000,) * 12,
        "cost_fen": (1000,) * 12,
        "living_fen": (1000,) * 12,
        "farm_income_fen": (0,) * 12,
    }
    return CashFlow(**(usual | changed))


def loan(*services: tuple[str, int], amount_fen: int = 5000) -> PlannedLoan:
    rows = tuple(
        Installment(seq, date.fromisoformat(due), fen, 0) for seq, (due, fen) in enumerate(services)
    )
    return PlannedLoan(amount_fen, JULY, rows)


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


def test_a_good_yearly_ratio_does_not_hide_a_bad_month() -> None:
    capacity = assess(household(), loan(("2026-08-10", 7001)))

    assert [test.test for test in capacity.failed] == ["cash", "stressed_cash"]
    assert capacity.failed[0].month == date(2026, 8, 1)
    assert capacity.failed[0].short_fen == 1
    assert not capacity.passes


def test_the_haircut_alone_may_fail_a_month() -> None:
    farming = household(farm_income_fen=(3000,) * 12)

    capacity = assess(farming, loan(("2026-09-10", 7150)))
    assert [test.test for test in capacity.failed] == ["stressed_cash"]


def test_the_year_must_leave_four_tenths_of_net() -> None:
    rich_in_cash = household(opening_cash_fen=99_000)

    capacity = assess(rich_in_cash, loan(("2026-12-01", 7201)))
    assert [(test.test, test.short_fen) for test in capacity.failed] == [("debt_service_ratio", 1)]
    assert capacity.dsr_bps == 6001


def test_the_stressed_year_must_cover_the_service() -> None:
    farming = household(opening_cash_fen=99_000, farm_income_fen=(3000,) * 12, haircut_bps=2000)

    capacity = assess(farming, loan(("2026-12-01", 5000)))
    assert [(test.test, test.short_fen) for test in capacity.failed] == [("stressed_coverage", 200)]
    assert capacity.stressed_dscr_bps == 9600


def test_existing_debt_weighs_on_both_sides_of_the_ratio() -> None:
    indebted = household(opening_cash_fen=99_000, existing_service_fen=(500,) * 12)

    capacity = assess(indebted, loan(("2026-12-01", 1200)))
    assert indebted.yearly_net_fen == 6000
    assert capacity.dsr_bps == 6000
    assert capacity.passes


def test_a_household_without_net_has_no_ratio_and_fails() -> None:
    poor = household(opening_cash_fen=99_000, living_fen=(2000,) * 12)

    capacity = assess(poor, loan(("2026-12-01", 1)))
    assert capacity.dsr_bps is None
    assert [test.test for test in capacity.failed] == ["debt_service_ratio", "stressed_coverage"]


def test_a_lender_may_set_its_own_limit() -> None:
    rich_in_cash = household(opening_cash_fen=99_000)
    service = loan(("2026-12-01", 7201))

    assert assess(rich_in_cash, service, CapacityLimits(highest_dsr_bps=7000)).passes


def test_the_heaviest_year_of_a_long_loan_counts() -> None:
    first_year, second_year = ("2027-07-01", 100), ("2027-07-02", 70)

    assert loan(first_year, second_year, ("2028-07-01", 50)).yearly_service_fen == 120


def test_a_survey_of_more_months_is_a_year_for_the_ratios() -> None:
    nothing = (0,) * 18
    longer = household(
        income_fen=(3000,) * 18, cost_fen=nothing, living_fen=nothing, farm_income_fen=nothing
    )

    assert longer.yearly_net_fen == 36_000


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"income_fen": (1,) * 11}, "income_fen: needs 12 to 18 months, has 11"),
        ({"cost_fen": (1,) * 13}, "cost_fen: has 13 months"),
        ({"existing_service_fen": (1,)}, "existing_service_fen: has 1 months"),
        ({"haircut_bps": 10_001}, "haircut_bps: must be 0 to 10000"),
    ],
)
def test_uneven_months_are_refused_by_name(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        household(**changed)


def test_a_loan_outside_the_survey_is_refused() -> None:
    late = PlannedLoan(1, date(2027, 7, 1), ())

    with pytest.raises(ValueError, match="disbursed_on: 2027-07-01 is outside"):
        assess(household(), late)
