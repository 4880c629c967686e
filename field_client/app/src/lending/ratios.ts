// Shares of a whole in basis points, rounded half up once.

import { ratio } from "./ratio.ts";
import { BPS, halfUp } from "./rounding.ts";
import type { Whole } from "./whole.ts";

/** *part* of *whole* in basis points; null where there is no whole. */
export function shareBps(part: Whole, whole: Whole): number | null {
  if (whole <= 0) return null;
  return halfUp(ratio(BigInt(part) * BigInt(BPS), whole));
}

/** The sum of whole numbers of either sign, exactly. */
export function summed(amounts: readonly number[]): bigint {
  return amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
}
