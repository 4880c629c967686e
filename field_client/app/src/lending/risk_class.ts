// Five-class classification 五级分类: the class that the days and the facts force.

import type { Day } from "./day.ts";
import { dueAfter } from "./due_dates.ts";

/** From best to worst. */
export const RISK_CLASSES = [
  "normal",
  "special_mention",
  "substandard",
  "doubtful",
  "loss",
] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/**
 * The fewest days past due of each class; a lender may set others by `Parameter`.
 *
 * Source: domain.md, section 8.5 (order 2023 no. 1, in force 2023-07-01).
 */
export type ClassThresholds = Readonly<Record<Exclude<RiskClass, "normal">, number>>;

export const STANDARD_THRESHOLDS: ClassThresholds = {
  special_mention: 1,
  substandard: 91,
  doubtful: 271,
  loss: 361,
};

const OBSERVATION_MONTHS = 12;

/** The worse of two classes. */
export function worse(one: RiskClass, other: RiskClass): RiskClass {
  return RISK_CLASSES.indexOf(one) >= RISK_CLASSES.indexOf(other) ? one : other;
}

/** Whether it counts as non-performing 不良. */
export function isNpl(riskClass: RiskClass): boolean {
  return worse(riskClass, "substandard") === riskClass;
}

/** The best class that *dpd* days past due allow. */
export function classByDays(
  dpd: number,
  thresholds: ClassThresholds = STANDARD_THRESHOLDS,
): RiskClass {
  const { special_mention, substandard, doubtful, loss } = thresholds;
  const areRising =
    0 < special_mention &&
    special_mention < substandard &&
    substandard < doubtful &&
    doubtful < loss;
  if (!areRising) {
    throw new RangeError(`class thresholds must rise from above 0: ${JSON.stringify(thresholds)}`);
  }
  if (dpd >= loss) return "loss";
  if (dpd >= doubtful) return "doubtful";
  if (dpd >= substandard) return "substandard";
  return dpd >= special_mention ? "special_mention" : "normal";
}

/** Whether a restructured loan is in its first year; the anniversary ends it. */
export function isUnderObservation(restructuredOn: Day | null, asOf: Day): boolean {
  if (restructuredOn === null || asOf < restructuredOn) return false;
  return asOf < dueAfter(restructuredOn, OBSERVATION_MONTHS);
}

/** What forces a class besides the days. */
export interface ClassFacts {
  /** Restructured and still under observation. */
  readonly restructured?: boolean;
  /** The same customer has a non-performing loan 交叉违约. */
  readonly anotherLoanIsNpl?: boolean;
  readonly thresholds?: ClassThresholds;
}

/**
 * The class that the system sets; a person may propose worse, never better.
 *
 * Source: domain.md, section 8.5; golden case E6.
 */
export function systemClass(dpd: number, facts: ClassFacts = {}): RiskClass {
  const floor = classByDays(dpd, facts.thresholds);
  return facts.restructured || facts.anotherLoanIsNpl ? worse(floor, "special_mention") : floor;
}
