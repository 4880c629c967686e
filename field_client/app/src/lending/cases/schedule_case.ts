// Schedules asked for in JSON, in the shape of the public vectors.

import type { Json } from "../../schemas/declare.ts";
import { totalFen } from "../amounts.ts";
import type { DayCount } from "../day_count.ts";
import { UNITS } from "../due_dates.ts";
import type { ScheduleRow } from "../installments.ts";
import { type Ratio, ratio, times } from "../ratio.ts";
import { halfEven, halfUp, type Rounding } from "../rounding.ts";
import { buildSchedule } from "../schedule.ts";
import {
  type Agreed,
  type Grace,
  METHODS,
  MONTHLY,
  type Override,
  type PlannedPrincipal,
  type Tranche,
} from "../terms.ts";
import { asMoney, type Case } from "./case.ts";

const UNDERSTOOD: ReadonlySet<string> = new Set([
  "annual_rate_percent",
  "count",
  "day_count",
  "digits",
  "disbursements",
  "down_payment_percent",
  "due_dates_given",
  "every",
  "fee_per_installment_percent_of_interest",
  "fees",
  "first_due_on",
  "grace",
  "installment_multiple",
  "method",
  "money_multiple",
  "nominal_period_rate_percent",
  "overrides",
  "plan",
  "rounding",
  "schedule_start",
  "unit",
]);

const ROUNDINGS = { half_up: halfUp, half_even: halfEven } as const satisfies Record<
  string,
  Rounding
>;

/** A fifty-second of a year is seven days of 364. */
const DAY_COUNTS = {
  months: "months",
  "weeks/52": "act364",
  "30/360": "30e360",
  "act/360": "act360",
  "act/364": "act364",
  "act/365": "act365",
  "act/act": "actact",
} as const satisfies Record<string, DayCount>;
const DAY_COUNT_NAMES = Object.keys(DAY_COUNTS) as (keyof typeof DAY_COUNTS)[];

/**
 * Answers a case with `terms`: one row an installment, money as text, with the decimals of the
 * amounts paid out, at least `digits`.
 */
export function vectorRows(given: Case): Json[] {
  const terms = given.within("terms");
  for (const name of terms.names()) {
    if (!UNDERSTOOD.has(name)) throw terms.fault(name, "is not supported");
  }
  const digits = terms.integer("digits", 2);
  if (digits < 0 || digits > 4) throw terms.fault("digits", `must be 0 to 4, not ${digits}`);
  const rounded = roundingOf(terms);
  const schedule = buildSchedule(agreedTerms(terms, digits), rounded);
  const amounts = terms.cases("disbursements").map((payout) => payout.text("amount"));
  const decimals = amounts.map((amount) => amount.split(".")[1]?.length ?? 0);
  const written = Math.max(digits, ...decimals);
  const charged = withFees(schedule, terms, digits, rounded);
  return charged.map((row) => vectorRow(row, digits, written));
}

function roundingOf(terms: Case): Rounding {
  if (!terms.has("rounding")) return halfUp;
  return ROUNDINGS[terms.choice("rounding", ["half_up", "half_even"])];
}

function agreedTerms(terms: Case, digits: number): Agreed {
  const method = terms.choice("method", METHODS);
  const [first, ...tranches] = payoutsOf(terms, digits);
  if (first === undefined) throw terms.fault("disbursements", "is empty");
  const dayCount = DAY_COUNTS[terms.choice("day_count", DAY_COUNT_NAMES)];
  const isStepped = method !== "bullet" && method !== "seasonal";
  const hasPlan = method === "seasonal" || terms.has("plan");
  const every = () => ({
    every: terms.integer("every", 1),
    unit: terms.choice("unit", UNITS),
    dayCount,
  });
  return {
    method,
    principalFen: first.amountFen,
    rateBps: times(terms.decimal("annual_rate_percent"), ratio(100)),
    disbursedOn: first.on,
    tranches,
    startsOn: startOf(terms, first.on),
    count: isStepped && !terms.has("due_dates_given") ? terms.integer("count") : 1,
    firstDueOn: terms.has("first_due_on") ? terms.day("first_due_on") : null,
    dueDates: terms.has("due_dates_given") ? terms.days("due_dates_given") : [],
    plan: hasPlan ? planOf(terms, digits) : [],
    dayCount,
    period: isStepped ? every() : MONTHLY,
    installmentMultipleFen: multipleOf(terms, "installment_multiple", digits),
    moneyMultipleFen: multipleOf(terms, "money_multiple", digits),
    downPayment: percent(terms, "down_payment_percent"),
    grace: graceOf(terms),
    overrides: terms.has("overrides") ? overridesOf(terms, digits) : [],
    levelRate: nominalRate(terms),
    roundsShares: true,
  };
}

function payoutsOf(terms: Case, digits: number): readonly Tranche[] {
  const payouts = terms.cases("disbursements").map((row) => {
    return { on: row.day("on"), amountFen: row.money("amount", digits) };
  });
  return payouts.sort((one, other) => {
    if (one.on === other.on) return one.amountFen - other.amountFen;
    return one.on < other.on ? -1 : 1;
  });
}

function startOf(terms: Case, disbursedOn: string): string | null {
  if (!terms.has("schedule_start")) return null;
  const start = terms.day("schedule_start");
  if (start <= disbursedOn) return start;
  throw terms.fault("schedule_start", `is after the first disbursement, ${disbursedOn}`);
}

function planOf(terms: Case, digits: number): readonly PlannedPrincipal[] {
  return terms.cases("plan").map((row) => {
    return { dueDate: row.day("due"), principalFen: row.money("principal", digits) };
  });
}

function multipleOf(terms: Case, name: string, digits: number): number {
  return terms.has(name) ? terms.money(name, digits) : 1;
}

function percent(terms: Case, name: string): Ratio {
  return times(terms.decimal(name, "0"), ratio(1, 100));
}

function graceOf(terms: Case): Grace {
  if (!terms.has("grace")) return { principalPeriods: 0, interestPaymentPeriods: 0 };
  const grace = terms.within("grace");
  for (const name of grace.names()) {
    if (name === "principal_periods" || name === "interest_payment_periods") continue;
    throw grace.fault(name, "is not supported");
  }
  return {
    principalPeriods: grace.integer("principal_periods", 0),
    interestPaymentPeriods: grace.integer("interest_payment_periods", 0),
  };
}

function overridesOf(terms: Case, digits: number): readonly Override[] {
  return terms.cases("overrides").map((row) => ({
    dueDate: row.day("due"),
    totalFen: row.has("total") ? row.money("total", digits) : null,
    principalFen: row.has("principal") ? row.money("principal", digits) : null,
    removed: row.has("removed") && row.boolean("removed"),
  }));
}

function nominalRate(terms: Case): Ratio | null {
  const name = "nominal_period_rate_percent";
  return terms.has(name) ? percent(terms, name) : null;
}

function withFees(
  schedule: readonly ScheduleRow[],
  terms: Case,
  digits: number,
  rounded: Rounding,
): readonly ScheduleRow[] {
  const part = percent(terms, "fee_per_installment_percent_of_interest");
  const share = (row: ScheduleRow): Ratio => times(ratio(row.interestFen), part);
  const rows = new Map(
    schedule.map((row) => [row.seq, { ...row, feeFen: rounded(share(row)) }] as const),
  );
  for (const fee of terms.has("fees") ? terms.cases("fees") : []) {
    const seq = fee.integer("due_seq");
    const row = rows.get(seq);
    if (row === undefined) throw fee.fault("due_seq", `there is no installment ${seq}`);
    const feeFen = row.feeFen + fee.money("fee", digits, "0");
    const penaltyFen = row.penaltyFen + fee.money("penalty", digits, "0");
    rows.set(seq, { ...row, feeFen, penaltyFen });
  }
  return [...rows.values()];
}

function vectorRow(row: ScheduleRow, digits: number, decimals: number): Json {
  const written = (coins: number) => asMoney(coins * 10 ** (decimals - digits), decimals);
  return {
    seq: row.seq,
    due: row.dueDate,
    principal: written(row.principalFen),
    interest: written(row.interestFen),
    fee: written(row.feeFen),
    penalty: written(row.penaltyFen),
    total: written(totalFen(row)),
    balance: written(row.balanceFen),
  };
}
