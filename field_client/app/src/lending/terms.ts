// What was agreed about a loan: enough to build its schedule, and proven to be sound.

import type { Day } from "./day.ts";
import { type DayCount, yearsBetween } from "./day_count.ts";
import type { Unit } from "./due_dates.ts";
import { type Ratio, ratio, ZERO } from "./ratio.ts";
import { BPS } from "./rounding.ts";
import { counted } from "./whole.ts";

export const METHODS = [
  "equal_installment",
  "equal_principal",
  "interest_first",
  "bullet",
  "seasonal",
  "flat_interest",
] as const;
export type Method = (typeof METHODS)[number];

/** More installments than any loan has; guards against a mistyped count. */
export const LONGEST_COUNT = 1200;

/** What a harvest plan pays off on a date; 0 for a date of interest only. */
export interface PlannedPrincipal {
  readonly dueDate: Day;
  readonly principalFen: number;
}

/** Money paid out on a date; it bears interest from that day on. */
export interface Tranche {
  readonly on: Day;
  readonly amountFen: number;
}

/**
 * An installment settled by hand: left out, or with its total or its principal fixed. On a date that
 * has no installment it adds one.
 */
export interface Override {
  readonly dueDate: Day;
  readonly totalFen: number | null;
  readonly principalFen: number | null;
  readonly removed: boolean;
}

/** How many installments pay no principal, and how many put their interest off. */
export interface Grace {
  readonly principalPeriods: number;
  readonly interestPaymentPeriods: number;
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

/** What was agreed. The terms from `period` on are for loans of other lenders, but for it. */
export interface Terms {
  readonly method: Method;
  /** Paid out on `disbursedOn`; `tranches` come on top. */
  readonly principalFen: number;
  /** Yearly rate; a ratio only where an outside case has part of a basis point. */
  readonly rateBps: number | Ratio;
  readonly disbursedOn: Day;
  /** Installments of the stepped methods; `bullet` and `seasonal` do not look at it. */
  readonly count: number;
  /** Stepped methods: one period after `startsOn` where null. `bullet`: the maturity. */
  readonly firstDueOn: Day | null;
  /** Only for `seasonal`: dates in order, principal adding up to what is paid out. */
  readonly plan: readonly PlannedPrincipal[];
  /** Of `bullet` and `seasonal`; the stepped methods follow `period`. */
  readonly dayCount: DayCount;
  readonly period: Period;
  /**
   * A level or flat installment is rounded to a multiple of this; the rows of the other methods
   * differ anyway, they have `moneyMultipleFen`.
   */
  readonly installmentMultipleFen: number;
  /** Every amount is rounded to a multiple of this; the last takes the rest. */
  readonly moneyMultipleFen: number;
  /** Where the steps are counted from, where that is before `disbursedOn`. */
  readonly startsOn: Day | null;
  /** All of them, where they are no even steps; `count` is not looked at then. */
  readonly dueDates: readonly Day[];
  /** What is paid out later, in order, before the last due date. */
  readonly tranches: readonly Tranche[];
  /** The share of every payout that is due on the same day. */
  readonly downPayment: Ratio;
  readonly grace: Grace;
  readonly overrides: readonly Override[];
  /** The level is found with this rate a period, whatever interest its rows bear. */
  readonly levelRate: Ratio | null;
  /** Equal shares of principal are rounded; our own rule takes whole fen down. */
  readonly roundsShares: boolean;
}

/** What has to be said of a loan; the rest has a usual value. */
export type Agreed = Pick<Terms, "method" | "principalFen" | "rateBps" | "disbursedOn"> &
  Partial<Terms>;

export const USUAL = {
  count: 1,
  firstDueOn: null,
  plan: [],
  dayCount: "act360",
  period: MONTHLY,
  installmentMultipleFen: 1,
  moneyMultipleFen: 1,
  startsOn: null,
  dueDates: [],
  tranches: [],
  downPayment: ZERO,
  grace: { principalPeriods: 0, interestPaymentPeriods: 0 },
  overrides: [],
  levelRate: null,
  roundsShares: false,
} as const satisfies Partial<Terms>;

/** The yearly rate as a plain number: 840 bps is 21/250. */
export function yearlyRate(terms: Pick<Terms, "rateBps">): Ratio {
  const { rateBps } = terms;
  if (typeof rateBps === "number") return ratio(counted(rateBps, "rate_bps"), BPS);
  return ratio(rateBps.n, rateBps.d * BigInt(BPS));
}

/** All that is paid out, in order. */
export function payoutsOf(terms: Terms): readonly Tranche[] {
  return [{ on: terms.disbursedOn, amountFen: terms.principalFen }, ...terms.tranches];
}

/** Whether the due dates are agreed one by one, and days counted. */
export function isNamed(terms: Terms): boolean {
  return terms.method === "bullet" || terms.method === "seasonal";
}

/**
 * The part of a year that *start* to *end* bears interest for; *steps*: how many whole steps that
 * is, null where it is not a whole number of them.
 */
export function yearsOfStep(period: Period, start: Day, end: Day, steps: number | null = 1): Ratio {
  const whole = yearOfStep(period);
  if (steps !== null && whole !== null) return ratio(BigInt(steps) * whole.n, whole.d);
  return yearsBetween(start, end, countedBy(period));
}

/** How what is no whole step is counted. */
export function countedBy(period: Period): DayCount {
  return period.dayCount ?? (period.unit === "month" ? "months" : "act364");
}

/** The part of a year that finds the level, where that is the same for every row. */
export function levelYears(period: Period): Ratio | null {
  return period.unit === "month" ? yearOfStep(period) : null;
}

function yearOfStep({ every, unit, dayCount }: Period): Ratio | null {
  if (unit === "month" && (dayCount ?? "months") === "months") return ratio(every, 12);
  return unit === "week" && dayCount === null ? ratio(every, 52) : null;
}
