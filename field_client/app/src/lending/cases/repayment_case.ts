// Payments asked for in JSON: how late a loan is, where money fell.

import type { Json } from "../../schemas/declare.ts";
import { type LoanPapers, type Repayment, type Replay, replay } from "../allocation.ts";
import { type Amounts, totalFen } from "../amounts.ts";
import { FIRST_DAY } from "../day.ts";
import type { Installment } from "../installments.ts";
import { NO_PENALTY } from "../penalty.ts";
import { sumOf } from "../whole.ts";
import { asMoney, type Case } from "./case.ts";

/** Decimals of money in these vectors. */
const CENTS = 2;

const KINDS = {
  principal: (part: Amounts) => part.principalFen,
  interest: (part: Amounts) => part.interestFen,
  fee: (part: Amounts) => part.feeFen,
  penalty: (part: Amounts) => part.penaltyFen,
} as const;

/** Answers a days-past-due case: payments go to the oldest installment first. */
export function daysPastDueAnswer(given: Case): Readonly<Record<string, Json>> {
  const asOf = given.day("as_of");
  const schedule = given.cases("installments").map((row, index) => ({
    seq: index + 1,
    dueDate: row.day("due"),
    principalFen: atLeast0(row, "amount"),
    interestFen: 0,
    feeFen: 0,
    penaltyFen: 0,
  }));
  const { state } = replay(papersOf(schedule, repayments(given)), asOf);
  const overdue = asMoney(state.arrearsFen, CENTS);
  return { expected: { days_past_due: state.dpd, overdue_amount: overdue } };
}

/** Answers an allocation case: the split of each payment and the state of each installment. */
export function allocationAnswer(given: Case): Readonly<Record<string, Json>> {
  const schedule = given.cases("installments").map(chargedInstallment);
  const payments = repayments(given);
  const days = payments.map((row) => row.valueDate).sort();
  const done = replay(papersOf(schedule, payments), days.at(-1) ?? FIRST_DAY);
  return {
    expected_split: splitRows(given, done),
    expected_rows: allocatedRows(done, schedule),
    expected_unallocated: asMoney(done.state.unallocatedFen, CENTS),
  };
}

function papersOf(schedule: readonly Installment[], payments: readonly Repayment[]): LoanPapers {
  return { schedule, repayments: payments, penalty: NO_PENALTY };
}

function chargedInstallment(row: Case): Installment {
  return {
    seq: row.integer("seq"),
    dueDate: row.day("due"),
    principalFen: atLeast0(row, "principal"),
    interestFen: atLeast0(row, "interest"),
    feeFen: atLeast0(row, "fee"),
    penaltyFen: atLeast0(row, "penalty"),
  };
}

function atLeast0(row: Case, name: string): number {
  const coins = row.money(name, CENTS, "0");
  if (coins < 0) throw row.fault(name, "must not be negative");
  return coins;
}

/** Reads the payments that count; they are numbered as listed, so a day keeps that order. */
function repayments(given: Case): Repayment[] {
  return given.cases("payments").flatMap((row, index) => {
    if (row.has("reversed") && row.boolean("reversed")) return [];
    const receiptNo = String(index).padStart(9, "0");
    const valueDate = row.day("on");
    const amountFen = row.money("amount", CENTS);
    if (amountFen <= 0) throw row.fault("amount", "must be above 0");
    return [{ id: String(index), receiptNo, valueDate, amountFen, reversesId: null }];
  });
}

/** Writes one row a payment as listed; a reversed one has put nothing anywhere. */
function splitRows(given: Case, done: Replay): Json[] {
  const parts = new Map(done.splits.map((split) => [split.repayment.id, split.parts]));
  return Array.from({ length: given.length("payments") }, (_, index) => {
    const own = parts.get(String(index)) ?? [];
    const sums = Object.entries(KINDS).map(([kind, amountOf]) => {
      return [kind, asMoney(sumOf(own, amountOf, kind), CENTS)];
    });
    return Object.fromEntries(sums);
  });
}

function allocatedRows(done: Replay, schedule: readonly Installment[]): Json[] {
  const due = new Map(schedule.map((row) => [row.seq, row.dueDate]));
  const early = new Map<number, number>();
  const late = new Map<number, number>();
  for (const { repayment, parts } of done.splits) {
    for (const part of parts) {
      const dueDate = due.get(part.seq);
      if (dueDate === undefined || dueDate === repayment.valueDate) continue;
      const sums = repayment.valueDate < dueDate ? early : late;
      sums.set(part.seq, (sums.get(part.seq) ?? 0) + totalFen(part));
    }
  }
  return done.state.balances.map((row) => ({
    seq: row.seq,
    paid: asMoney(row.paidFen, CENTS),
    in_advance: asMoney(early.get(row.seq) ?? 0, CENTS),
    late: asMoney(late.get(row.seq) ?? 0, CENTS),
    outstanding: asMoney(totalFen(row), CENTS),
  }));
}
