"""Collateral: golden case E10, and mixed pieces."""

from typing import Any

import pytest

from schemas.derived.collateral import (
    CAPS_BPS,
    Valued,
    Warned,
    cap_bps,
    collateral_warnings,
    drop_bps,
    ltv_bps,
    most_lent_fen,
)


def test_e10(golden: dict[str, Any]) -> None:
    given, wanted = golden["E10"]["in"], golden["E10"]["out"]
    house = Valued("house", given["revalued_fen"])

    assert ltv_bps(given["loan_fen"], given["value_fen"]) == wanted["ltv_bps"]
    assert drop_bps(given["value_fen"], house.value_fen) == wanted["drop_bps"]
    assert ltv_bps(given["loan_fen"], house.value_fen) == wanted["new_ltv_bps"]
    assert cap_bps([house]) == given["cap_bps"]
    signals = collateral_warnings(given["loan_fen"], given["value_fen"], [house])
    assert [signal.rule for signal in signals] == wanted["signals"]
    assert [signal.severity for signal in signals] == ["red"]


@pytest.mark.parametrize(
    ("loan", "value", "signals"),
    [
        (50_000_00, 80_000_00, ()),
        (10_000_00, 64_000_00, ()),
        (10_000_00, 63_999_99, (Warned("W08", "orange"),)),
        (56_000_00, 80_000_00, ()),
        (56_000_01, 80_000_00, (Warned("W08", "red"),)),
        (1, 0, (Warned("W08", "red"),)),
    ],
)
def test_warnings_begin_above_the_bound(loan: int, value: int, signals: tuple[Warned, ...]) -> None:
    assert collateral_warnings(loan, 80_000_00, [Valued("house", value)]) == signals


def test_caps_of_mixed_collateral_are_weighted_by_value() -> None:
    mixed = [Valued("house", 30_000_00), Valued("livestock", 10_000_00)]

    assert cap_bps(mixed) == 6250
    assert most_lent_fen(mixed) == 25_000_00


def test_nothing_bears_nothing() -> None:
    assert (cap_bps([]), most_lent_fen([]), ltv_bps(1, 0), drop_bps(0, 5)) == (None, 0, None, 0)
    assert drop_bps(5, 6) == 0


def test_caps() -> None:
    assert sorted(CAPS_BPS.values()) == [4000, 5000, 7000, 7000, 9000]
