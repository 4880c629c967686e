// What is late, and by how many days.

import { type Day, daysBetween } from "./day.ts";
import { sumOf } from "./whole.ts";

/** What is still owed of one installment: principal, interest and fee, without penalty. */
export type Unpaid = readonly [dueDate: Day, amountFen: number];

/** The due date of the oldest installment with something unpaid, or null; in any order. */
export function oldestUnpaid(unpaid: readonly Unpaid[]): Day | null {
  let oldest: Day | null = null;
  for (const [dueDate, amountFen] of unpaid) {
    if (amountFen > 0 && (oldest === null || dueDate < oldest)) oldest = dueDate;
  }
  return oldest;
}

/**
 * Days past due 逾期天数 on *asOf*, given the oldest due date with something unpaid: 0 where there
 * is none, and on the due date itself. It needs no new replay for a later day, as long as no receipt
 * is dated after the old one: days change what is late, only money changes what is unpaid.
 *
 * Source: domain.md, section 8.4; golden case E5.
 */
export function daysPastDueSince(oldest: Day | null, asOf: Day): number {
  return oldest === null ? 0 : Math.max(0, daysBetween(oldest, asOf));
}

export function daysPastDue(unpaid: readonly Unpaid[], asOf: Day): number {
  return daysPastDueSince(oldestUnpaid(unpaid), asOf);
}

/**
 * What fell due before *asOf* 欠款: above 0 exactly when days past due are.
 *
 * Source: domain.md, section 8.3.
 */
export function arrearsFen(unpaid: readonly Unpaid[], asOf: Day): number {
  const late = unpaid.filter(([dueDate]) => dueDate < asOf);
  return sumOf(late, ([, amountFen]) => amountFen, "arrears_fen");
}
