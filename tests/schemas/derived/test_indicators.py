"""Indicators of officers and branches: the examples of domain.md, section 8.9."""

from datetime import UTC, datetime

import pytest

from schemas.derived.indicators import (
    collection_of,
    data_freshness_bps,
    deposit_discipline_bps,
    finding_closure_bps,
    inspection_timeliness_bps,
)
from schemas.derived.portfolio import LoanStanding, portfolio_of

NOW = datetime(2026, 6, 16, 18, tzinfo=UTC)


def test_collection_comes_with_the_portfolio_at_risk() -> None:
    portfolio = portfolio_of([LoanStanding(3_00, dpd=31), LoanStanding(7_00, dpd=30)])

    found = collection_of(
        portfolio,
        due_fen=120_000_00,
        on_time_fen=108_000_00,
        arrears_fen=40_000_00,
        cleared_fen=12_000_00,
    )
    assert (found.on_time_bps, found.clean_up_bps, found.par30_bps) == (9000, 3000, 3000)


@pytest.mark.parametrize(
    "share",
    [
        inspection_timeliness_bps,
        finding_closure_bps,
        data_freshness_bps,
        deposit_discipline_bps,
    ],
)
def test_shares_of_what_was_due(share: object) -> None:
    assert callable(share)
    assert share(2, 3) == 6667
    assert share(0, 0) is None
