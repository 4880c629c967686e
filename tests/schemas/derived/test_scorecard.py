"""Scorecard and limit: golden case E8, and the edges of every band."""

from datetime import date
from typing import Any

from schemas.derived.capacity import CashFlow
from schemas.derived.credit_limit import CreditLimit, capacity_limit_fen, credit_limit
from schemas.derived.scorecard import (
    Grade,
    Household,
    score,
)

LIU = Household(
    able_workers=2,
    years_resident=12,
    net_assets_fen=180_000_00,
    village_median_assets_fen=200_000_00,
    net_income_fen=11_00,
    village_median_income_fen=10_00,
    income_by_source_fen=(46_500_00, 27_954_00, 26_400_00),
    days_late=None,
    opinion="good",
    security="group_or_guarantor",
)


def survey(golden: dict[str, Any], **changed: Any) -> CashFlow:
    given = golden["E7"]["in"]
    months = {
        name: tuple(given[name])
        for name in ("income_fen", "cost_fen", "living_fen", "farm_income_fen")
    }
    opening = given["opening_cash_fen"]
    return CashFlow(start_month=date(2026, 7, 1), opening_cash_fen=opening, **(months | changed))


def limit(cash_flow: CashFlow, grade: Grade = "A", **changed: Any) -> CreditLimit:
    asked: dict[str, Any] = {
        "net_assets_fen": 180_000_00,
        "product_cap_fen": 80_000_00,
        "rate_bps": 840,
        "term_months": 12,
    }
    return credit_limit(grade, cash_flow, **(asked | changed))


def test_e8_points_and_grade(golden: dict[str, Any]) -> None:
    card = score(LIU)

    assert list(card.points) == golden["E8"]["in"]["scores"]
    assert (card.total, card.grade) == (golden["E8"]["out"]["total"], golden["E8"]["out"]["grade"])


def test_e8_limit(golden: dict[str, Any]) -> None:
    found = limit(survey(golden))

    wanted = golden["E8"]["out"]
    assert found.grade_cap_fen == wanted["grade_cap_fen"]
    assert found.service_cap_fen == wanted["service_cap_fen"]
    assert found.capacity_limit_fen == wanted["capacity_limit_fen"]
    assert found.assets_cap_fen == 90_000_00
    assert found.limit_fen == wanted["limit_fen"]
    assert limit(survey(golden), "AA").limit_fen == wanted["limit_fen"]


def test_a_term_with_part_of_a_year_lies_between_whole_years() -> None:
    one, between, two = (capacity_limit_fen(10_000_00, 840, months) for months in (12, 18, 24))

    # (1 − 1.084^−1.5) / 0.084 = 1.3563...
    assert one < between < two
    assert abs(between - 13_563_00) < 5_00
