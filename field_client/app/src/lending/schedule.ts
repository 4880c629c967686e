// Repayment schedules 还款计划: the five methods of domain.md, section 8.2.

import type { Amounts } from "./amounts.ts";
import type { Day } from "./day.ts";
import { yearsBetween } from "./day_count.ts";
import { dueAfter, dueDates } from "./due_dates.ts";
import { plus, type Ratio, ratio, times } from "./ratio.ts";
import { halfUp, type Rounding } from "./rounding.ts";
import { type Agreed, soundTerms, type Terms, yearlyRate, yearsOfStep } from "./terms.ts";
import { counted, sumOf } from "./whole.ts";

/**
 * One row 期次 of a schedule, as it is stored; amounts in fen. Its penalty is a charge that an outside
 * schedule fixed beforehand; ours have none (penalty interest is found in `penalty.ts`).
 */
export interface Installment extends Amounts {
  readonly seq: number;
  readonly dueDate: Day;
}

/** A row with the principal left after it. */
export interface ScheduleRow extends Installment {
  readonly balanceFen: number;
}

/** A due date and the part of a year whose interest it bears. */
interface Stretch {
  readonly dueDate: Day;
  readonly years: Ratio;
}

/** The principal of a row (counted from 0); not asked about the last one. */
type PrincipalRule = (index: number, balance: number, interest: number) => number;

/**
 * The installments of a loan, in due-date order. The principal of the rows adds up to that of the
 * loan exactly, and none is negative. Interest is rounded once a row; outside schedules may ask for
 * another *rounded*.
 *
 * Source: domain.md, sections 8.1 and 8.2; golden cases E1 to E4.
 */
export function buildSchedule(agreed: Agreed, rounded: Rounding = halfUp): readonly ScheduleRow[] {
  const terms = soundTerms(agreed);
  const rate = yearlyRate(terms);
  const stretches = stretchesOf(terms);
  const principalOf = principalRule(terms, stretches, rounded);
  let balance = terms.principalFen;
  return stretches.map(({ dueDate, years }, index) => {
    const interestFen = rounded(times(ratio(balance), times(rate, years)));
    const isLast = index === stretches.length - 1;
    const principalFen = isLast ? balance : principalOf(index, balance, interestFen);
    balance -= principalFen;
    const charges = { feeFen: 0, penaltyFen: 0 };
    return { seq: index + 1, dueDate, principalFen, interestFen, ...charges, balanceFen: balance };
  });
}

/** By due date, then by number: the order in which installments are paid. */
export function inDueOrder<Row extends Installment>(rows: Iterable<Row>): Row[] {
  return [...rows].sort((one, other) => {
    if (one.dueDate === other.dueDate) return one.seq - other.seq;
    return one.dueDate < other.dueDate ? -1 : 1;
  });
}

/** Puts installments in due-date order and fills in the principal left after each. */
export function withBalances(rows: Iterable<Installment>): readonly ScheduleRow[] {
  const ordered = inDueOrder(rows);
  let balance = sumOf(ordered, (row) => row.principalFen, "principal_fen");
  return ordered.map((row) => {
    balance -= row.principalFen;
    return { ...row, balanceFen: balance };
  });
}

function stretchesOf(terms: Terms): readonly Stretch[] {
  const isByDays = terms.method === "bullet" || terms.method === "seasonal";
  let start = terms.disbursedOn;
  return (isByDays ? namedDates(terms) : steppedDates(terms)).map((dueDate) => {
    const years = isByDays
      ? yearsBetween(start, dueDate, terms.dayCount)
      : yearsOfStep(terms.period, start, dueDate);
    start = dueDate;
    return { dueDate, years };
  });
}

function namedDates(terms: Terms): readonly Day[] {
  if (terms.method === "bullet" && terms.firstDueOn !== null) return [terms.firstDueOn];
  return terms.plan.map((planned) => planned.dueDate);
}

function steppedDates(terms: Terms): readonly Day[] {
  const { every, unit } = terms.period;
  const first = terms.firstDueOn ?? dueAfter(terms.disbursedOn, every, unit);
  return dueDates(first, terms.count, every, unit);
}

function principalRule(
  terms: Terms,
  stretches: readonly Stretch[],
  rounded: Rounding,
): PrincipalRule {
  switch (terms.method) {
    case "equal_installment":
      return upToLevel(levelFen(terms, stretches, rounded));
    case "equal_principal": {
      const share = (terms.principalFen - (terms.principalFen % terms.count)) / terms.count;
      return () => share;
    }
    case "seasonal":
      return (index) => terms.plan[index]?.principalFen ?? 0;
    case "interest_first":
    case "bullet":
      return () => 0;
  }
}

/**
 * Pays what the level installment leaves after interest. Held between 0 and the balance: a loan of
 * a few fen rounds up to more than it owes, and a long month counted by days may bear more interest
 * than the level.
 */
function upToLevel(level: number): PrincipalRule {
  return (_index, balance, interest) => Math.max(0, Math.min(level - interest, balance));
}

/**
 * The level installment A = P · Πg / F, with g = 1 + rate of the period and F ← 1 + F · g. With
 * equal periods this is P·i·(1+i)ⁿ / ((1+i)ⁿ−1), and with a rate of 0 it is P / n.
 *
 * Πg and F are kept over one shared denominator, the product of those of all g; in A it cancels, so
 * whole numbers do.
 */
function levelFen(terms: Terms, stretches: readonly Stretch[], rounded: Rounding): number {
  const rate = yearlyRate(terms);
  let [growth, factor, denominator] = [1n, 0n, 1n];
  for (const { years } of stretches) {
    const step = plus(ratio(1), times(rate, years));
    growth *= step.n;
    denominator *= step.d;
    factor = denominator + factor * step.n;
  }
  const multiple = terms.installmentMultipleFen;
  const level = ratio(BigInt(terms.principalFen) * growth, factor * BigInt(multiple));
  return counted(multiple * rounded(level), "installment_multiple_fen");
}
