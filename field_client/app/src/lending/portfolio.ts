// Portfolio at risk of a set of loans: an officer's, an outlet's or the branch's.

import { shareBps } from "./ratios.ts";
import { sumOf } from "./whole.ts";

/** What the portfolio figures need of one loan. */
export interface LoanStanding {
  readonly outstandingFen: number;
  readonly dpd: number;
  readonly restructured?: boolean;
  readonly writtenOff?: boolean;
}

/**
 * Sums in fen of outstanding principal, each loan with all that remains of it. The gross and the
 * figures at risk leave written-off loans out; they are shown beside.
 */
export interface Portfolio {
  readonly grossFen: number;
  readonly par1Fen: number;
  readonly par30Fen: number;
  readonly par90Fen: number;
  readonly par30PlusRestructuredFen: number;
  readonly writtenOffFen: number;
}

/**
 * Adds up the portfolio at risk; PARx counts loans more than x days past due, PAR1 from day 1.
 *
 * Source: domain.md, section 8.4; golden case E6.
 */
export function portfolioOf(loans: readonly LoanStanding[]): Portfolio {
  const live = loans.filter(({ writtenOff }) => !writtenOff);
  const lateBy = (days: number) => outstanding(live.filter(({ dpd }) => dpd > days));
  return {
    grossFen: outstanding(live),
    par1Fen: lateBy(0),
    par30Fen: lateBy(30),
    par90Fen: lateBy(90),
    par30PlusRestructuredFen: outstanding(
      live.filter(({ dpd, restructured }) => dpd > 30 || restructured),
    ),
    writtenOffFen: outstanding(loans.filter(({ writtenOff }) => writtenOff)),
  };
}

/** The share of *amountFen* in the gross, rounded half up; 0 when there is none. */
export function ratioBps(portfolio: Portfolio, amountFen: number): number {
  return shareBps(amountFen, portfolio.grossFen) ?? 0;
}

function outstanding(loans: readonly LoanStanding[]): number {
  return sumOf(loans, (loan) => loan.outstandingFen, "outstanding_fen");
}
