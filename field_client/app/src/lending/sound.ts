// Whether terms are possible at all; an impossible one is refused by its name.

import type { Day } from "./day.ts";
import {
  type Agreed,
  isNamed,
  LONGEST_COUNT,
  METHODS,
  type Period,
  payoutsOf,
  type Terms,
  USUAL,
  yearlyRate,
} from "./terms.ts";
import { counted, sumOf } from "./whole.ts";

/** Fills in the usual terms; refuses an impossible one in a sentence that begins with its name. */
export function soundTerms(agreed: Agreed): Terms {
  const terms: Terms = { ...USUAL, ...agreed };
  checkTerms(terms);
  return terms;
}

function checkTerms(terms: Terms): void {
  checkPeriod(terms.period);
  checkAmounts(terms);
  if (!METHODS.includes(terms.method)) {
    throw new RangeError(`method: '${terms.method}' is none of ${METHODS.join(", ")}`);
  }
  if (yearlyRate(terms).n < 0n) throw new RangeError("rate_bps: must not be negative");
  if (terms.levelRate !== null && terms.levelRate.n < 0n) {
    throw new RangeError("level_rate: must not be negative");
  }
  if (counted(terms.count, "count") < 1 || terms.count > LONGEST_COUNT) {
    throw new RangeError(`count: must be 1 to ${LONGEST_COUNT}, not ${terms.count}`);
  }
  if (terms.dueDates.length > LONGEST_COUNT) {
    throw new RangeError(`due_dates: must be ${LONGEST_COUNT} at most`);
  }
  if (terms.downPayment.n < 0n || terms.downPayment.n >= terms.downPayment.d) {
    throw new RangeError("down_payment: must be less than the whole");
  }
  const { principalPeriods, interestPaymentPeriods } = terms.grace;
  if (Math.min(counted(principalPeriods, "grace"), counted(interestPaymentPeriods, "grace")) < 0) {
    throw new RangeError("grace: must not be negative");
  }
  if (terms.method === "bullet" && terms.firstDueOn === null) {
    throw new RangeError("first_due_on: a bullet loan needs it, the day it matures");
  }
  checkPlan(terms);
  checkDates(terms);
}

function checkAmounts(terms: Terms): void {
  for (const { amountFen } of payoutsOf(terms)) {
    if (counted(amountFen, "principal_fen") > 0) continue;
    throw new RangeError(`principal_fen: must be above 0, not ${amountFen}`);
  }
  if (counted(terms.installmentMultipleFen, "installment_multiple_fen") < 1) {
    throw new RangeError("installment_multiple_fen: must be at least 1");
  }
  if (counted(terms.moneyMultipleFen, "money_multiple_fen") < 1) {
    throw new RangeError("money_multiple_fen: must be at least 1");
  }
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
  if (terms.downPayment.n > 0n || terms.overrides.length > 0) {
    throw new RangeError("plan: it says all that is due, without a down payment or overrides");
  }
  if (terms.plan.some((row) => counted(row.principalFen, "plan") < 0)) {
    throw new RangeError("plan: a principal must not be negative");
  }
  const planned = sumOf(terms.plan, (row) => row.principalFen, "plan");
  const paidOut = sumOf(payoutsOf(terms), (row) => row.amountFen, "principal_fen");
  if (planned === paidOut) return;
  throw new RangeError(`plan: pays off ${planned} fen, but principal_fen is ${paidOut}`);
}

function checkDates(terms: Terms): void {
  const start = terms.startsOn ?? terms.disbursedOn;
  if (start > terms.disbursedOn) {
    throw new RangeError(`starts_on: ${start} is after ${terms.disbursedOn}`);
  }
  const [name, dates] = agreedDates(terms);
  let earlier = start;
  for (const later of dates) {
    if (later <= earlier) throw new RangeError(`${name}: ${later} is not after ${earlier}`);
    earlier = later;
  }
  let last = start;
  for (const { on } of payoutsOf(terms)) {
    if (on < last) throw new RangeError("tranches: must be in the order of their dates");
    last = on;
  }
  const settled = terms.overrides.map((override) => override.dueDate);
  if (new Set(settled).size < settled.length) {
    throw new RangeError("overrides: two for one date");
  }
  if (settled.some((dueDate) => dueDate <= start)) {
    throw new RangeError(`overrides: must be after ${start}`);
  }
}

function agreedDates(terms: Terms): readonly [string, readonly Day[]] {
  if (terms.method === "seasonal") return ["plan", terms.plan.map((row) => row.dueDate)];
  if (terms.dueDates.length > 0 && !isNamed(terms)) return ["due_dates", terms.dueDates];
  return ["first_due_on", terms.firstDueOn === null ? [] : [terms.firstDueOn]];
}
