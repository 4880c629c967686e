// What was agreed about a loan: enough to build its schedule, and proven to be sound.

import { type Day, daysBetween } from "./day.ts";
import { type DayCount, yearsBetween } from "./day_count.ts";
import type { Unit } from "./due_dates.ts";
import { type Ratio, ratio } from "./ratio.ts";
import { BPS } from "./rounding.ts";
import { counted, sumOf } from "./whole.ts";

export const METHODS = [
  "equal_installment",
  "equal_principal",
  "interest_first",
  "bullet",
  "seasonal",
] as const;
export type Method = (typeof METHODS)[number];

/** More installments than any loan has; guards against a mistyped count. */
export const LONGEST_COUNT = 1200;

/** What a harvest plan pays off on a date; 0 for a date of interest only. */
export interface PlannedPrincipal {
  readonly dueDate: Day;
  readonly principalFen: number;
}

/**
 * The step of a method that repays at even intervals, and how one step's interest is found.
 * Without a day count months are twelfths of a year and weeks fifty-seconds, however many days
 * they have; that is how our monthly methods count.
 */
export interface Period {
  readonly every: number;
  readonly unit: Unit;
  readonly dayCount: DayCount | null;
}

export const MONTHLY: Period = { every: 1, unit: "month", dayCount: null };

export interface Terms {
  readonly method: Method;
  readonly principalFen: number;
  /** Yearly rate; a ratio only where an outside case has part of a basis point. */
  readonly rateBps: number | Ratio;
  readonly disbursedOn: Day;
  /** Installments of the monthly methods; `bullet` and `seasonal` do not look at it. */
  readonly count: number;
  /** Monthly methods: one period after disbursement where null. `bullet`: the maturity. */
  readonly firstDueOn: Day | null;
  /** Only for `seasonal`: dates in order, principal adding up to `principalFen`. */
  readonly plan: readonly PlannedPrincipal[];
  /** Of `bullet` and `seasonal`; the monthly methods follow `period`. */
  readonly dayCount: DayCount;
  readonly period: Period;
  /** The level installment is rounded to a multiple of this. */
  readonly installmentMultipleFen: number;
}

/** What has to be said of a loan; the rest has a usual value. */
export type Agreed = Pick<Terms, "method" | "principalFen" | "rateBps" | "disbursedOn"> &
  Partial<Terms>;

const USUAL = {
  count: 1,
  firstDueOn: null,
  plan: [],
  dayCount: "act360",
  period: MONTHLY,
  installmentMultipleFen: 1,
} as const satisfies Partial<Terms>;

/** Fills in the usual terms; refuses an impossible one in a sentence that begins with its name. */
export function soundTerms(agreed: Agreed): Terms {
  const terms: Terms = { ...USUAL, ...agreed };
  checkPeriod(terms.period);
  if (!METHODS.includes(terms.method)) {
    throw new RangeError(`method: '${terms.method}' is none of ${METHODS.join(", ")}`);
  }
  if (counted(terms.principalFen, "principal_fen") <= 0) {
    throw new RangeError(`principal_fen: must be above 0, not ${terms.principalFen}`);
  }
  if (yearlyRate(terms).n < 0n) throw new RangeError("rate_bps: must not be negative");
  if (counted(terms.count, "count") < 1 || terms.count > LONGEST_COUNT) {
    throw new RangeError(`count: must be 1 to ${LONGEST_COUNT}, not ${terms.count}`);
  }
  if (counted(terms.installmentMultipleFen, "installment_multiple_fen") < 1) {
    throw new RangeError("installment_multiple_fen: must be at least 1");
  }
  if (terms.method === "bullet" && terms.firstDueOn === null) {
    throw new RangeError("first_due_on: a bullet loan needs it, the day it matures");
  }
  checkPlan(terms);
  checkDates(terms);
  return terms;
}

/** The yearly rate as a plain number: 840 bps is 21/250. */
export function yearlyRate(terms: Pick<Terms, "rateBps">): Ratio {
  const { rateBps } = terms;
  if (typeof rateBps === "number") return ratio(counted(rateBps, "rate_bps"), BPS);
  return ratio(rateBps.n, rateBps.d * BigInt(BPS));
}

/** The part of a year that the step from *start* to *end* bears interest for. */
export function yearsOfStep(period: Period, start: Day, end: Day): Ratio {
  if (period.dayCount !== null) return yearsBetween(start, end, period.dayCount);
  return ratio(period.every, period.unit === "month" ? 12 : 52);
}

function checkPeriod(period: Period): void {
  if (counted(period.every, "every") < 1) {
    throw new RangeError(`every: must be at least 1, not ${period.every}`);
  }
  if (period.unit === "day" && period.dayCount === null) {
    throw new RangeError("day_count: steps of days need one that counts days");
  }
}

function checkPlan(terms: Terms): void {
  if (terms.method !== "seasonal") {
    if (terms.plan.length === 0) return;
    throw new RangeError(`plan: only for seasonal loans, not for ${terms.method}`);
  }
  if (terms.plan.some((row) => counted(row.principalFen, "plan") < 0)) {
    throw new RangeError("plan: a principal must not be negative");
  }
  const total = sumOf(terms.plan, (row) => row.principalFen, "plan");
  if (total === terms.principalFen) return;
  throw new RangeError(`plan: pays off ${total} fen, but principal_fen is ${terms.principalFen}`);
}

function checkDates(terms: Terms): void {
  const isSeasonal = terms.method === "seasonal";
  const first = terms.firstDueOn === null ? [] : [terms.firstDueOn];
  const dates = isSeasonal ? terms.plan.map((row) => row.dueDate) : first;
  let earlier = terms.disbursedOn;
  for (const later of dates) {
    if (daysBetween(earlier, later) <= 0) {
      const name = isSeasonal ? "plan" : "first_due_on";
      throw new RangeError(`${name}: ${later} is not after ${earlier}`);
    }
    earlier = later;
  }
}
