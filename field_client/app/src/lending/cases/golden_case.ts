// Schedules asked for in the shape of the golden cases E1 to E4.

import type { Json } from "../../schemas/declare.ts";
import { daysBetween, FIRST_DAY } from "../day.ts";
import type { ScheduleRow } from "../installments.ts";
import { buildSchedule } from "../schedule.ts";
import type { Agreed, PlannedPrincipal } from "../terms.ts";
import type { Case } from "./case.ts";

const STEPPED_METHODS = ["equal_installment", "equal_principal", "interest_first"] as const;
const OWN_METHODS = [...STEPPED_METHODS, "bullet", "seasonal"] as const;

/**
 * Answers a golden case: rows of fen; for `bullet` one object with `days` and `interest_fen`. `due`
 * is left out where the case has no dates. *plan*: rows with `due` (or `due_date`) and
 * `principal_fen`, where *given* has none.
 */
export function goldenOut(given: Case, plan: readonly Case[] = []): Json {
  const terms = goldenTerms(given, plan);
  const schedule = buildSchedule(terms);
  if (terms.method === "bullet" || terms.method === "seasonal") {
    const rows = datedRows(schedule, terms.disbursedOn);
    if (terms.method === "seasonal") return rows;
    return rows.map(({ days, interest_fen }) => ({ days, interest_fen }))[0] ?? null;
  }
  const hasDates = terms.disbursedOn !== FIRST_DAY || terms.firstDueOn != null;
  return schedule.map((row) => goldenRow(row, hasDates));
}

/** Reads the terms of a golden case; E3 says `from` and `to` for its two dates. */
function goldenTerms(given: Case, plan: readonly Case[]): Agreed {
  const method = given.choice("method", OWN_METHODS);
  const isStepped = STEPPED_METHODS.some((stepped) => stepped === method);
  const [start, due] = given.has("from") ? ["from", "to"] : ["disbursed_on", "first_due_on"];
  const hasNoStart = isStepped && !given.has(start);
  return {
    method,
    principalFen: given.integer("principal_fen"),
    rateBps: given.integer("rate_bps"),
    disbursedOn: hasNoStart ? FIRST_DAY : given.day(start), // stepped methods need no day
    count: isStepped ? given.integer("n") : 1,
    firstDueOn: given.has(due) ? given.day(due) : null,
    plan: method === "seasonal" ? planOf(given, plan) : [],
    dayCount: given.has("day_count") ? given.choice("day_count", ["act360", "act365"]) : "act360",
  };
}

/** Reads a harvest plan: the case's own `plan`, or the rows of *fallback*. */
export function planOf(given: Case, fallback: readonly Case[]): PlannedPrincipal[] {
  const rows = given.has("plan") ? given.cases("plan") : fallback;
  if (rows.length === 0) throw given.fault("plan", "is missing");
  return rows.map((row) => ({
    dueDate: row.day(row.has("due_date") ? "due_date" : "due"),
    principalFen: row.integer("principal_fen"),
  }));
}

function goldenRow(row: ScheduleRow, hasDates: boolean): Json {
  return { seq: row.seq, ...(hasDates ? { due: row.dueDate } : {}), ...amountsOf(row) };
}

/** The rows of a schedule that counts days, each with its days of interest. */
export function datedRows(schedule: readonly ScheduleRow[], disbursedOn: string) {
  let start = disbursedOn;
  return schedule.map((row) => {
    const days = daysBetween(start, row.dueDate);
    start = row.dueDate;
    return { due: row.dueDate, days, ...amountsOf(row) };
  });
}

function amountsOf(row: ScheduleRow) {
  return {
    principal_fen: row.principalFen,
    interest_fen: row.interestFen,
    balance_fen: row.balanceFen,
  };
}
