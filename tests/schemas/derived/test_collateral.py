"""Collateral: golden case E10, and mixed pieces."""

from typing import Any

from schemas.derived.collateral import (
    Valued,
    cap_bps,
    collateral_warnings,
    drop_bps,
    ltv_bps,
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
