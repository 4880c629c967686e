"""Portfolio at risk counts the whole remaining principal of late loans."""

from typing import Any

from schemas.derived.portfolio import LoanStanding, portfolio_of


def test_e6_amounts_and_ratios(golden: dict[str, Any]) -> None:
    portfolio = portfolio_of(LoanStanding(**loan) for loan in golden["E6"]["in"])

    out = golden["E6"]["out"]
    names = ("par1_fen", "par30_fen", "par90_fen", "par30_plus_restructured_fen")
    amounts = [getattr(portfolio, name) for name in names]
    assert portfolio.gross_fen == out["gross_fen"]
    assert amounts == [out[name] for name in names]
    assert [portfolio.ratio_bps(fen) for fen in amounts] == [3244, 1406, 646, 1704]
