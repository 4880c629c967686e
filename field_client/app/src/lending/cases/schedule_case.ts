// Schedules asked for in JSON, in the shape of the public vectors.

import type { Json } from "../../schemas/declare.ts";
import { totalFen } from "../amounts.ts";
import type { DayCount } from "../day_count.ts";
import { UNITS, type Unit } from "../due_dates.ts";
import { type Ratio, ratio, times } from "../ratio.ts";
import { halfEven, halfUp, type Rounding } from "../rounding.ts";
import { buildSchedule, type ScheduleRow } from "../schedule.ts";
import type { Agreed, Period } from "../terms.ts";
import { asMoney, type Case } from "./case.ts";

const UNDERSTOOD: ReadonlySet<string> = new Set([
  "annual_rate_percent",
  "count",
  "day_count",
  "digits",
  "disbursements",
  "every",
  "fee_per_installment_percent_of_interest",
  "fees",
  "first_due_on",
  "installment_multiple",
  "method",
  "rounding",
  "schedule_start",
  "unit",
]);

export const STEPPED_METHODS = ["equal_installment", "equal_principal", "interest_first"] as const;

const ROUNDINGS = { half_up: halfUp, half_even: halfEven } as const satisfies Record<
  string,
  Rounding
>;

/** How each is counted, and the only unit that it fits where days play no part. */
const DAY_COUNTS: Readonly<Record<string, readonly [DayCount | null, Unit | null]>> = {
  months: [null, "month"],
  "weeks/52": [null, "week"],
  "30/360": ["30e360", null],
  "act/360": ["act360", null],
  "act/364": ["act364", null],
  "act/365": ["act365", null],
  "act/act": ["actact", null],
};

/** Answers a case with `terms`: one row an installment, money as text. */
export function vectorRows(given: Case): Json[] {
  const terms = given.within("terms");
  for (const name of terms.names()) {
    if (!UNDERSTOOD.has(name)) throw terms.fault(name, "is not supported");
  }
  const digits = terms.integer("digits", 2);
  if (digits < 0 || digits > 4) throw terms.fault("digits", `must be 0 to 4, not ${digits}`);
  const rounded = roundingOf(terms);
  const schedule = buildSchedule(vectorTerms(terms, digits), rounded);
  return withFees(schedule, terms, digits, rounded).map((row) => vectorRow(row, digits));
}

function roundingOf(terms: Case): Rounding {
  if (!terms.has("rounding")) return halfUp;
  return ROUNDINGS[terms.choice("rounding", ["half_up", "half_even"])];
}

function vectorTerms(terms: Case, digits: number): Agreed {
  const method = terms.choice("method", STEPPED_METHODS);
  const disbursement = onlyDisbursement(terms);
  return {
    method,
    principalFen: disbursement.money("amount", digits),
    rateBps: times(terms.decimal("annual_rate_percent"), ratio(100)),
    disbursedOn: disbursement.day("on"),
    count: terms.integer("count"),
    firstDueOn: terms.has("first_due_on") ? terms.day("first_due_on") : null,
    period: periodOf(terms),
    installmentMultipleFen: multipleOf(terms, digits, method),
  };
}

function multipleOf(terms: Case, digits: number, method: string): number {
  if (!terms.has("installment_multiple")) return 1;
  if (method === "equal_installment") return terms.money("installment_multiple", digits);
  throw terms.fault("installment_multiple", `is not supported for ${method}`);
}

function onlyDisbursement(terms: Case): Case {
  const [only, ...others] = terms.cases("disbursements");
  if (only === undefined || others.length > 0) {
    const length = terms.length("disbursements");
    throw terms.fault("disbursements", `only one is supported, got ${length}`);
  }
  if (terms.has("schedule_start") && terms.day("schedule_start") !== only.day("on")) {
    throw terms.fault("schedule_start", "another day than the disbursement is not supported");
  }
  return only;
}

function periodOf(terms: Case): Period {
  const unit = terms.choice("unit", UNITS);
  const counted = terms.choice("day_count", Object.keys(DAY_COUNTS));
  const [dayCount, onlyUnit] = DAY_COUNTS[counted] ?? [null, null];
  if (onlyUnit !== null && onlyUnit !== unit) {
    throw terms.fault("day_count", `${counted} does not fit steps of a ${unit}`);
  }
  return { every: terms.integer("every", 1), unit, dayCount };
}

function withFees(
  schedule: readonly ScheduleRow[],
  terms: Case,
  digits: number,
  rounded: Rounding,
): readonly ScheduleRow[] {
  const percent = terms.decimal("fee_per_installment_percent_of_interest", "0");
  const share = (row: ScheduleRow): Ratio => times(ratio(row.interestFen, 100), percent);
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

function vectorRow(row: ScheduleRow, digits: number): Json {
  return {
    seq: row.seq,
    due: row.dueDate,
    principal: asMoney(row.principalFen, digits),
    interest: asMoney(row.interestFen, digits),
    fee: asMoney(row.feeFen, digits),
    penalty: asMoney(row.penaltyFen, digits),
    total: asMoney(totalFen(row), digits),
    balance: asMoney(row.balanceFen, digits),
  };
}
