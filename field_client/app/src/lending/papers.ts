// From the records about a loan to what the calculators take: one reading for server and tablet.

import type { Fields, Json } from "../schemas/declare.ts";
import { type LoanPapers, type Repayment, type Replay, replay } from "./allocation.ts";
import { calendarDay, type Day, FIRST_DAY } from "./day.ts";
import type { ProductDayCount } from "./days_in_year.ts";
import type { Installment } from "./installments.ts";
import { type PenaltyRate, penaltyRate, USUAL_MARKUP_BPS } from "./penalty.ts";

export { replay } from "./allocation.ts";
export { arrearsFen, daysPastDueSince, oldestUnpaid } from "./arrears.ts";

/** A stored record: its id and its fields. */
export interface Kept {
  readonly id: string;
  readonly fields: Fields;
}

/** Picks a loan's installments and repayments out of *records*, which may be of any loan and type. */
export function papersOf(
  loan: Kept,
  records: Iterable<Kept & { readonly type: string }>,
  product: Fields | null,
): LoanPapers {
  const installments: Fields[] = [];
  const repayments: Kept[] = [];
  for (const record of records) {
    if (record.fields.loan_id !== loan.id) continue;
    if (record.type === "installment") installments.push(record.fields);
    if (record.type === "repayment") repayments.push(record);
  }
  return loanPapers(loan.fields, product, installments, repayments);
}

/**
 * A loan once every known receipt is put on the schedule: what is unpaid then holds for any day on or
 * after the newest receipt, so a list can keep it and tell what is late without a replay. Principal is
 * left to whoever pays late too; nothing but penalty hangs on the day.
 */
export function soFar(papers: LoanPapers): Replay {
  const days = papers.repayments.map((row) => row.valueDate).sort();
  return replay(papers, days.at(-1) ?? FIRST_DAY);
}

/**
 * Reads the records about one loan: *product* is null where it is not known; *installments* may be
 * of every version of the schedule. Refuses a field that is missing or of the wrong kind by its name.
 */
export function loanPapers(
  loan: Fields,
  product: Fields | null,
  installments: Iterable<Fields>,
  repayments: Iterable<Kept>,
): LoanPapers {
  return {
    schedule: scheduleInForce(loan, installments),
    repayments: countedRepayments(loan, repayments),
    penalty: penaltyOf(loan, product ?? {}),
  };
}

/** A loan without a schedule owes its amount on its last day. */
function scheduleInForce(loan: Fields, installments: Iterable<Fields>): readonly Installment[] {
  const version = scheduleVersion(loan);
  const rows: Installment[] = [];
  for (const row of installments) {
    if (integer(row, "schedule_version") === version) rows.push(installment(row));
  }
  const lastDay = day(loan, "maturity_on");
  if (rows.length > 0) return rows;
  const whole = { principalFen: integer(loan, "principal_fen"), interestFen: 0 };
  return [{ seq: 1, dueDate: lastDay, ...whole, feeFen: 0, penaltyFen: 0 }];
}

function installment(row: Fields): Installment {
  return {
    seq: integer(row, "seq"),
    dueDate: day(row, "due_date"),
    principalFen: integer(row, "principal_fen"),
    interestFen: integer(row, "interest_fen"),
    feeFen: integer(row, "fee_fen", 0),
    penaltyFen: 0,
  };
}

/**
 * The receipts that fall on the schedule in force. A later version starts from what was outstanding
 * at the end of the day of restructuring: what was paid up to that day is in it already. Where the loan
 * names the receipts that are, an earlier one that came to the branch only afterwards counts as well.
 */
function countedRepayments(loan: Fields, repayments: Iterable<Kept>): readonly Repayment[] {
  const isLater = scheduleVersion(loan) > 1 && loan.restructured_on != null;
  const since = isLater ? day(loan, "restructured_on") : "";
  const before = isLater && Array.isArray(loan.receipts_before) ? loan.receipts_before : null;
  const found: Repayment[] = [];
  for (const { id, fields } of repayments) {
    const valueDate = day(fields, "value_date");
    if (valueDate <= since && (before === null || before.includes(id))) continue;
    const undone = fields.reverses_id ?? null;
    found.push({
      id,
      receiptNo: text(fields, "receipt_no"),
      valueDate,
      amountFen: integer(fields, "amount_fen"),
      reversesId: undone === null ? null : text(fields, "reverses_id"),
    });
  }
  return found;
}

/** The loan's rate, raised by its product's markup. */
function penaltyOf(loan: Fields, product: Fields): PenaltyRate {
  const markup = integer(product, "penalty_markup_bps", USUAL_MARKUP_BPS);
  return penaltyRate(integer(loan, "rate_bps"), markup, dayCount(product));
}

function scheduleVersion(loan: Fields): number {
  return integer(loan, "schedule_version", 1);
}

function dayCount(product: Fields): ProductDayCount {
  const value = product.day_count ?? "act360";
  if (value === "act360" || value === "act365") return value;
  throw refusal("day_count", "a day count of ours", value);
}

function integer(fields: Fields, name: string, usual: number | null = null): number {
  const value = fields[name] ?? usual;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw refusal(name, "a whole number", value);
}

function text(fields: Fields, name: string): string {
  const value = fields[name] ?? null;
  if (typeof value === "string") return value;
  throw refusal(name, "a text", value);
}

function day(fields: Fields, name: string): Day {
  const value = text(fields, name);
  try {
    calendarDay(value);
  } catch (fault) {
    throw new RangeError(`${name}: ${fault instanceof Error ? fault.message : fault}`);
  }
  return value;
}

function refusal(name: string, expected: string, value: Json): RangeError {
  if (value === null) return new RangeError(`${name}: is missing`);
  return new RangeError(`${name}: expected ${expected}, got ${JSON.stringify(value)}`);
}
