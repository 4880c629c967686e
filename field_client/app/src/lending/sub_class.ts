// The twelve grades 十二级 inside the five classes, and when a better class may be proposed.

import type { Day } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { RISK_CLASSES, type RiskClass } from "./risk_class.ts";

const STEPS: Readonly<Record<RiskClass, number>> = {
  normal: 4,
  special_mention: 3,
  substandard: 2,
  doubtful: 2,
  loss: 1,
};

const FURTHER_INSTALLMENTS = 2;
const FURTHER_MONTHS = 6;

/**
 * A grade: its class, and its step in it from 1, the best. `code` is the word in records.
 *
 * Source: domain.md, section 5 (Classification, `subgrade`).
 */
export interface SubClass {
  readonly riskClass: RiskClass;
  readonly step: number;
  readonly code: string;
}

/** All twelve, from best to worst. */
export const SUB_CLASSES: readonly SubClass[] = RISK_CLASSES.flatMap((riskClass) => {
  return Array.from({ length: STEPS[riskClass] }, (_, index): SubClass => {
    return { riskClass, step: index + 1, code: `${riskClass}_${index + 1}` };
  });
});

/** The grade of that *code*; refuses one that there is not. */
export function subClass(code: string): SubClass {
  const found = SUB_CLASSES.find((grade) => grade.code === code);
  if (found !== undefined) return found;
  const known = SUB_CLASSES.map((grade) => grade.code).join(", ");
  throw new RangeError(`subgrade: '${code}' is none of ${known}`);
}

/**
 * Whether a better class than the last confirmed may be proposed on *asOf*: once nothing is late, and
 * two further installments and six months, whichever takes longer, were paid on time. The floor by
 * days still binds, and someone one level up has to confirm.
 *
 * *clearedOn*: when the last arrears were paid, null where they are not. *paidOnTime*: due dates of
 * installments that were paid in full when they fell due.
 *
 * Source: domain.md, section 8.5 (to be verified by the lender).
 */
export function mayImprove(
  dpd: number,
  clearedOn: Day | null,
  paidOnTime: readonly Day[],
  asOf: Day,
): boolean {
  if (dpd > 0 || clearedOn === null || asOf < dueAfter(clearedOn, FURTHER_MONTHS)) return false;
  const further = paidOnTime.filter((due) => clearedOn < due && due <= asOf);
  return further.length >= FURTHER_INSTALLMENTS;
}
