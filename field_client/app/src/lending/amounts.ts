// The four kinds of money that a loan owes, in the order in which they are paid.

import { counted } from "./whole.ts";

export interface Amounts {
  readonly penaltyFen: number;
  readonly feeFen: number;
  readonly interestFen: number;
  readonly principalFen: number;
}

/** Principal, interest and fee; days past due look at this, not at penalty. */
export function scheduledFen(amounts: Amounts): number {
  const { feeFen, interestFen, principalFen } = amounts;
  return counted(feeFen + interestFen + principalFen, "scheduled_fen");
}

/** All four together. */
export function totalFen(amounts: Amounts): number {
  return counted(amounts.penaltyFen + scheduledFen(amounts), "total_fen");
}
