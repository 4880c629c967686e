// Rounding of exact amounts to whole units, done once, where the domain names the place.

import { type Ratio, ratio } from "./ratio.ts";
import { counted, type Whole } from "./whole.ts";

export type Rounding = (exact: Ratio) => number;

/** Basis points in one whole. */
export const BPS = 10_000;

/**
 * The nearest whole unit, a half away from zero (四舍五入).
 *
 * Source: domain.md, section 2.
 */
export function halfUp(exact: Ratio): number {
  const size = exact.n < 0n ? -exact.n : exact.n;
  const nearest = (2n * size + exact.d) / (2n * exact.d);
  return counted(exact.n < 0n ? -nearest : nearest, "amount_fen");
}

/**
 * The nearest whole unit, a half to the even one. Never used for our own loans; outside schedules
 * ask for it.
 */
export function halfEven(exact: Ratio): number {
  return counted(nearestEven(exact), "amount_fen");
}

/** `halfEven` for what may be more than a number can count. */
export function nearestEven(exact: Ratio): bigint {
  const down = (exact.n - modulo(exact.n, exact.d)) / exact.d;
  const twice = 2n * (exact.n - down * exact.d);
  const goesUp = twice > exact.d || (twice === exact.d && modulo(down, 2n) === 1n);
  return goesUp ? down + 1n : down;
}

/**
 * `halfUp` of *amount* × *n* / *d*, without a bigint where numbers are exact: the product is safe,
 * `%` of whole numbers is exact, and so is a division that leaves no rest.
 */
export function halfUpShare(amount: Whole, n: number, d: number): number {
  const product = typeof amount === "number" ? amount * n : Number.NaN;
  if (!Number.isSafeInteger(product) || product < 0) {
    return halfUp(ratio(BigInt(amount) * BigInt(n), d));
  }
  const rest = product % d;
  const down = (product - rest) / d;
  return rest >= d - rest ? down + 1 : down;
}

function modulo(n: bigint, d: bigint): bigint {
  return ((n % d) + d) % d;
}
