"""Portfolio at risk of a set of loans: an officer's, an outlet's or the branch's."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.derived.ratios import share_bps


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """What the portfolio figures need of one loan."""

    outstanding_fen: int
    dpd: int
    restructured: bool = False
    written_off: bool = False


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Sums in fen of outstanding principal, each loan with all that remains of it.

    ``gross_fen`` and the figures at risk leave written-off loans out; they are shown beside.
    """

    gross_fen: int
    par1_fen: int
    par30_fen: int
    par90_fen: int
    par30_plus_restructured_fen: int
    written_off_fen: int

    def ratio_bps(self, amount_fen: int) -> int:
        """Return the share of *amount_fen* in the gross, rounded half up; 0 when there is none."""
        return share_bps(amount_fen, self.gross_fen) or 0


def portfolio_of(loans: Iterable[LoanStanding]) -> Portfolio:
    """Add up the portfolio at risk; PARx counts loans more than x days past due, PAR1 from day 1.

    Source: domain.md, section 8.4; golden case E6.
    """
    everything = list(loans)
    live = [loan for loan in everything if not loan.written_off]
    return Portfolio(
        gross_fen=_outstanding(live),
        par1_fen=_outstanding(loan for loan in live if loan.dpd > 0),
        par30_fen=_outstanding(loan for loan in live if loan.dpd > 30),
        par90_fen=_outstanding(loan for loan in live if loan.dpd > 90),
        par30_plus_restructured_fen=_outstanding(
            loan for loan in live if loan.dpd > 30 or loan.restructured
        ),
        written_off_fen=_outstanding(loan for loan in everything if loan.written_off),
    )


def _outstanding(loans: Iterable[LoanStanding]) -> int:
    return sum(loan.outstanding_fen for loan in loans)
