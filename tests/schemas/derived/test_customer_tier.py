"""Customer tiers and lifetime value."""

from datetime import date
from typing import Any

from schemas.derived.customer_tier import (
    Dealings,
    Points,
    points_of,
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
