// Penalty interest 罚息: on overdue principal only, by days, at the loan's rate raised by a markup.

import { DAYS_IN_YEAR, type ProductDayCount } from "./days_in_year.ts";
import { BPS, halfUpShare } from "./rounding.ts";
import { counted, type Whole } from "./whole.ts";

/** What one fen overdue for one day costs: `n / d` fen, in lowest terms. */
export interface PenaltyRate {
  readonly n: number;
  readonly d: number;
}

export const USUAL_MARKUP_BPS = 5000;

/**
 * The rate of penalty interest of a loan. In lowest terms plain numbers do for any loan of ours: 840
 * bps and half as much again are 7/20000 a day, exact up to 2^53 / 7 fen × days.
 *
 * Source: domain.md, section 8.3; golden case E5 (840 bps, half as much again: 12.6 %).
 */
export function penaltyRate(
  rateBps: number,
  markupBps: number = USUAL_MARKUP_BPS,
  dayCount: ProductDayCount = "act360",
): PenaltyRate {
  const n = counted(counted(rateBps, "rate_bps") * (BPS + markupBps), "penalty_markup_bps");
  const d = BPS * BPS * DAYS_IN_YEAR[dayCount];
  const shared = commonDivisor(Math.abs(n), d);
  return { n: n / shared, d: d / shared };
}

/** Where the schedule alone says what is owed. */
export const NO_PENALTY: PenaltyRate = penaltyRate(0);

/** The interest on *fenDays* (Σ overdue principal in fen × days), rounded once. */
export function penaltyFen(rate: PenaltyRate, fenDays: Whole): number {
  return fenDays === 0 ? 0 : halfUpShare(fenDays, rate.n, rate.d);
}

function commonDivisor(one: number, other: number): number {
  let [larger, smaller] = [one, other];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
