"""Scorecard and limit: golden case E8, and the edges of every band."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.derived.capacity import CashFlow
from schemas.derived.credit_limit import CreditLimit, capacity_limit_fen, credit_limit
from schemas.derived.scorecard import (
    Grade,
    Household,
    grade_of,
    income_sources,
    record_points,
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


def test_e8_with_a_record_and_one_delay_is_a_grade_better() -> None:
    card = score(replace(LIU, days_late=(10,)))

    assert (card.total, card.grade) == (82, "AA")


def test_e8_limit(golden: dict[str, Any]) -> None:
    found = limit(survey(golden))

    wanted = golden["E8"]["out"]
    assert found.grade_cap_fen == wanted["grade_cap_fen"]
    assert found.service_cap_fen == wanted["service_cap_fen"]
    assert found.capacity_limit_fen == wanted["capacity_limit_fen"]
    assert found.assets_cap_fen == 90_000_00
    assert found.limit_fen == wanted["limit_fen"]
    assert limit(survey(golden), "AA").limit_fen == wanted["limit_fen"]


@pytest.mark.parametrize(
    ("changed", "limit_fen"),
    [
        ({"exposure_fen": 1_954_24}, 11_000_00),
        ({"exposure_fen": 1_954_25}, 10_000_00),
        ({"exposure_fen": 99_000_00}, 0),
        ({"net_assets_fen": 9_999_00}, 4_000_00),
        ({"net_assets_fen": -1}, 0),
        ({"product_cap_fen": 5_000_00}, 5_000_00),
        ({"rate_bps": 0}, 14_000_00),
        ({"term_months": 24}, 24_000_00),
        ({"term_months": 6}, 12_000_00),
    ],
)
def test_the_least_of_the_caps_binds(
    golden: dict[str, Any], changed: dict[str, Any], limit_fen: int
) -> None:
    assert limit(survey(golden), **changed).limit_fen == limit_fen


def test_debt_service_that_is_there_already_leaves_less(golden: dict[str, Any]) -> None:
    # net before it is the same: 60 % of 23,404 less 12 times 100
    less = survey(golden, existing_service_fen=(100_00,) * 12)
    net_before = tuple(fen + 100_00 for fen in less.net_fen)

    assert net_before == survey(golden).net_fen
    assert limit(less).service_cap_fen == 14_042_40 - 1_200_00


def test_a_term_with_part_of_a_year_lies_between_whole_years() -> None:
    one, between, two = (capacity_limit_fen(10_000_00, 840, months) for months in (12, 18, 24))

    # (1 − 1.084^−1.5) / 0.084 = 1.3563...
    assert one < between < two
    assert abs(between - 13_563_00) < 5_00


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (100, "AAA"), (85, "AAA"), (84, "AA"), (75, "AA"), (74, "A"), (65, "A"), (64, "B"),
        (55, "B"), (54, "C"), (0, "C"),
    ],
)  # fmt: skip
def test_grades(total: int, grade: Grade) -> None:
    assert grade_of(total) == grade


@pytest.mark.parametrize(
    ("days_late", "points"),
    [
        (None, 15), ((), 25), ((0, 0), 25), ((1, 30), 23), ((31,), 20), ((90,), 20), ((91,), 0),
        ((60,) * 6, 0),
    ],
)  # fmt: skip
def test_the_repayment_record(days_late: tuple[int, ...] | None, points: int) -> None:
    assert record_points(days_late) == points


@pytest.mark.parametrize(
    ("changed", "item", "points"),
    [
        ({"able_workers": 3}, 0, 10),
        ({"able_workers": 1}, 0, 3),
        ({"able_workers": 0}, 0, 0),
        ({"years_resident": 9}, 1, 7),
        ({"years_resident": 1}, 1, 4),
        ({"years_resident": 0}, 1, 0),
        ({"net_assets_fen": 300_000_00}, 2, 15),
        ({"net_assets_fen": 200_000_00}, 2, 12),
        ({"net_assets_fen": 1}, 2, 4),
        ({"net_assets_fen": 0}, 2, 0),
        ({"net_income_fen": -5}, 3, 0),
        ({"opinion": "poor"}, 6, 0),
        ({"security": "collateral"}, 7, 5),
    ],
)
def test_bands(changed: dict[str, Any], item: int, points: int) -> None:
    assert score(replace(LIU, **changed)).points[item] == points


def test_a_source_counts_from_fifteen_percent_on() -> None:
    assert income_sources((85, 15)) == 2
    assert income_sources((86, 14)) == 1
    assert income_sources((0, 0)) == 0


def test_a_village_without_a_median_is_refused() -> None:
    with pytest.raises(ValueError, match="village_median_assets_fen: must be above 0"):
        replace(LIU, village_median_assets_fen=0)
