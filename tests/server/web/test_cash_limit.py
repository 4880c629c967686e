"""An officer who carries more cash than the lender allows, on the supervisor's summary."""

from __future__ import annotations

import pytest

from tests.server.web.test_day import paid
from tests.server.web.test_watch import page, set_parameter
from tests.server.web.village import Village


@pytest.mark.parametrize(
    ("fen", "told"), [(20_000_00, False), (20_000_01, True)], ids=["the limit", "a fen more"]
)
def test_cash_above_the_limit_is_told(village: Village, fen: int, told: bool) -> None:
    paid(village, 1, 3_000_00)
    paid(village, 2, fen - 3_000_00)

    said = page(village, path="/")

    assert ("李敏 carries ¥20,000.01 in cash; the limit is ¥20,000.00" in said) == told
    assert "Unsettled cash" in said


def test_the_limit_is_a_parameter(village: Village) -> None:
    set_parameter(village, "cash_limit_fen", 1_000_00)
    paid(village, 1, 1_000_01)

    assert "李敏 carries ¥1,000.01 in cash; the limit is ¥1,000.00" in page(village, path="/")
