"""Customer tiers and lifetime value."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.derived.customer_tier import (
    Dealings,
    Points,
    Tier,
    lifetime_value_fen,
    points_of,
    tier_by_points,
    tier_of,
)

TODAY = date(2026, 6, 16)
GOOD = Dealings(
    last_on=date(2026, 6, 1),
    last_contact_on=date(2026, 5, 1),
    finished_cycles=2,
    interest_fen=1_000_00,
    has_active_loan=True,
)


def test_e9(golden: dict[str, Any]) -> None:
    points = points_of(GOOD, TODAY)

    assert points == Points(*golden["E9"]["in"].values())
    assert sum(points) == golden["E9"]["out"]["sum"]
    assert tier_of(GOOD, TODAY).code == golden["E9"]["out"]["tier"]


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({"last_on": date(2026, 5, 16)}, (3, 2, 2)),
        ({"last_on": date(2026, 5, 15)}, (2, 2, 2)),
        ({"last_on": date(2026, 3, 15)}, (1, 2, 2)),
        ({"last_on": date(2025, 12, 15)}, (0, 2, 2)),
        ({"last_on": None}, (0, 2, 2)),
        ({"finished_cycles": 9}, (3, 3, 2)),
        ({"interest_fen": 3_000_00}, (3, 2, 3)),
        ({"interest_fen": 999_99}, (3, 2, 1)),
        ({"interest_fen": 199_99}, (3, 2, 0)),
    ],
)
def test_points(changed: dict[str, Any], points: tuple[int, int, int]) -> None:
    assert points_of(replace(GOOD, **changed), TODAY) == points


@pytest.mark.parametrize(
    ("total", "tier"),
    [(9, Tier.KEY), (7, Tier.KEY), (6, Tier.GROWTH), (4, Tier.GROWTH), (3, Tier.STANDARD)],
)
def test_tiers_by_points(total: int, tier: Tier) -> None:
    assert tier_by_points(Points(total, 0, 0)) is tier


@pytest.mark.parametrize(
    ("changed", "tier"),
    [
        ({"dpd": 30}, Tier.KEY),
        ({"dpd": 31}, Tier.STANDARD),
        ({"is_npl": True}, Tier.STANDARD),
        ({"has_active_loan": False}, Tier.KEY),
        ({"has_active_loan": False, "last_contact_on": date(2025, 6, 16)}, Tier.KEY),
        ({"has_active_loan": False, "last_contact_on": date(2025, 6, 15)}, Tier.DORMANT),
        ({"has_active_loan": False, "last_contact_on": None}, Tier.DORMANT),
        ({"last_contact_on": None}, Tier.KEY),
    ],
)
def test_silence_and_bad_debt_overrule_the_points(changed: dict[str, Any], tier: Tier) -> None:
    assert tier_of(replace(GOOD, **changed), TODAY) is tier


def test_contact_rhythm() -> None:
    assert [tier.contact_days for tier in reversed(Tier)] == [60, 90, 180, 365]


def test_lifetime_value() -> None:
    assert lifetime_value_fen(800_00, 8500, 1000) == 3_520_00


@pytest.mark.parametrize(("retention", "discount"), [(10_000, 0), (10_001, 500), (-1, 0), (0, -1)])
def test_an_endless_value_is_refused(retention: int, discount: int) -> None:
    with pytest.raises(ValueError, match=r"^(retention|discount)_bps: must be"):
        lifetime_value_fen(1, retention, discount)
