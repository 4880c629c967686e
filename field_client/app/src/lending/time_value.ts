// The time value of money 货币时间价值: level payments, present and future value, rates of return.
//
// Money received is positive, money paid negative, as in spreadsheets; `rate` is that of one period.
// Amounts are exact ratios; nper, rate and irr are found to more than 30 decimals.
//
// Source: the balance fv + pv·(1+r)^n + pmt·(1+r·when)·((1+r)^n − 1)/r = 0; vectors/README.md,
// `time-value.json`.

import { naturalLog } from "./logarithm.ts";
import { minus, ONE, over, plus, power, type Ratio, ratio, times, ZERO } from "./ratio.ts";
import { growthOf } from "./roots.ts";
import { LONGEST_COUNT } from "./terms.ts";

export const WHENS = ["end", "begin"] as const;
export type When = (typeof WHENS)[number];

/** The level payment of a period. */
export function pmt(rate: Ratio, nper: number, pv: Ratio, fv: Ratio, when: When = "end"): Ratio {
  const [growth, annuity] = factors(rate, nper, when);
  if (annuity.n === 0n) throw new RangeError("nper: must be at least 1");
  return negative(over(plus(fv, times(pv, growth)), annuity));
}

/** The principal in the level payment of period *per*, counted from 1. */
export function ppmt(
  rate: Ratio,
  per: number,
  nper: number,
  pv: Ratio,
  fv: Ratio,
  when: When = "end",
): Ratio {
  if (per < 1 || per > nper) throw new RangeError(`per: must be 1 to ${nper}, not ${per}`);
  const level = pmt(rate, nper, pv, fv, when);
  if (when === "begin" && per === 1) return level;
  const interest = times(futureValue(rate, per - 1, level, pv, when), rate);
  return minus(level, when === "begin" ? over(interest, plus(ONE, rate)) : interest);
}

/** What the payments and *fv* are worth today. */
export function presentValue(
  rate: Ratio,
  nper: number,
  payment: Ratio,
  fv: Ratio,
  when: When = "end",
): Ratio {
  const [growth, annuity] = factors(rate, nper, when);
  return negative(over(plus(fv, times(payment, annuity)), growth));
}

/** What *pv* and the payments have grown to after *nper* periods. */
export function futureValue(
  rate: Ratio,
  nper: number,
  payment: Ratio,
  pv: Ratio,
  when: When = "end",
): Ratio {
  const [growth, annuity] = factors(rate, nper, when);
  return negative(plus(times(pv, growth), times(payment, annuity)));
}

/** What *values*, one a period from today on, are worth today. */
export function npv(rate: Ratio, values: readonly Ratio[]): Ratio {
  check(rate, 0);
  checkValues(values);
  const growth = plus(ONE, rate);
  return values.reduceRight((worth, value) => plus(over(worth, growth), value), ZERO);
}

/**
 * The rate of a period at which *values* are worth nothing today; null if there is none. Of several
 * the least that is not negative; where all are negative, the one nearest to 0.
 */
export function irr(values: readonly Ratio[]): Ratio | null {
  checkValues(values);
  const growth = growthOf(values);
  return growth === null ? null : minus(growth, ONE);
}

/** The rate of a period at which the payments carry *pv* to *fv*; null if there is none. */
export function rateOf(
  nper: number,
  payment: Ratio,
  pv: Ratio,
  fv: Ratio,
  when: When = "end",
): Ratio | null {
  check(ZERO, nper);
  const paysAt = (period: number) => (when === "end" ? period > 0 : period < nper);
  const values = Array.from({ length: nper + 1 }, (_, period) => {
    const starts = plus(period === 0 ? pv : ZERO, period === nper ? fv : ZERO);
    return plus(starts, paysAt(period) ? payment : ZERO);
  });
  return irr(values);
}

/** How many periods it takes, also a part of one; null where it never comes to that. */
export function nperOf(
  rate: Ratio,
  payment: Ratio,
  pv: Ratio,
  fv: Ratio,
  when: When = "end",
): Ratio | null {
  check(rate, 0);
  if (rate.n === 0n) return payment.n === 0n ? null : negative(over(plus(fv, pv), payment));
  const level = over(times(payment, atOnce(rate, when)), rate);
  const start = plus(pv, level);
  if (start.n === 0n) return null;
  const grown = over(minus(level, fv), start);
  if (grown.n <= 0n) return null;
  return over(naturalLog(grown), naturalLog(plus(ONE, rate)));
}

/** What 1 grows to in *nper* periods, and what a payment of 1 in each grows to. */
function factors(rate: Ratio, nper: number, when: When): readonly [Ratio, Ratio] {
  check(rate, nper);
  const growth = power(plus(ONE, rate), nper);
  if (rate.n === 0n) return [growth, ratio(nper)];
  return [growth, times(atOnce(rate, when), over(minus(growth, ONE), rate))];
}

/** What a payment at the beginning of a period has grown to at its end. */
function atOnce(rate: Ratio, when: When): Ratio {
  return when === "begin" ? plus(ONE, rate) : ONE;
}

function check(rate: Ratio, periods: number): void {
  if (plus(ONE, rate).n <= 0n) throw new RangeError("rate: must be above -1");
  if (periods < 0 || periods > LONGEST_COUNT) {
    throw new RangeError(`nper: must be 0 to ${LONGEST_COUNT}, not ${periods}`);
  }
}

function checkValues(values: readonly Ratio[]): void {
  if (values.length >= 1 && values.length <= LONGEST_COUNT + 1) return;
  throw new RangeError(`values: must be 1 to ${LONGEST_COUNT + 1}, not ${values.length}`);
}

function negative(one: Ratio): Ratio {
  return { n: -one.n, d: one.d };
}
