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


def test_written_off_loans_stand_beside() -> None:
    portfolio = portfolio_of([LoanStanding(100, 0), LoanStanding(900, 400, written_off=True)])

    assert (portfolio.gross_fen, portfolio.par30_fen, portfolio.written_off_fen) == (100, 0, 900)


def test_an_empty_portfolio_has_no_risk() -> None:
    portfolio = portfolio_of([])

    assert portfolio.ratio_bps(portfolio.par30_fen) == 0
