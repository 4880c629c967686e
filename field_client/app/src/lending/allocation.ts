// Repayments put on installments: what a loan owes on a date, from receipts alone.
//
// Nothing here is stored. The same schedule and the same repayments give the same state, in whatever
// order the receipts reached us (domain.md, section 8.3).

import { scheduledFen, totalFen } from "./amounts.ts";
import { arrearsFen, daysPastDue, type Unpaid } from "./arrears.ts";
import { type Day, dayNumber } from "./day.ts";
import { type Installment, inDueOrder } from "./installments.ts";
import { type InstallmentBalance, Line, type Part } from "./line.ts";
import type { PenaltyRate } from "./penalty.ts";
import { counted, sumOf } from "./whole.ts";

/** What allocation needs of a Repayment 还款流水; a reversal 冲正 names what it undoes. */
export interface Repayment {
  readonly id: string;
  readonly receiptNo: string;
  readonly valueDate: Day;
  readonly amountFen: number;
  readonly reversesId: string | null;
}

/** What is known of one loan: one version of its schedule, its repayments, its penalty rate. */
export interface LoanPapers {
  readonly schedule: readonly Installment[];
  readonly repayments: readonly Repayment[];
  readonly penalty: PenaltyRate;
}

/** How one repayment was used: its parts and what was left 暂收款, together its amount. */
export interface Split {
  readonly repayment: Repayment;
  readonly parts: readonly Part[];
  readonly unallocatedFen: number;
}

/** What a loan owes on the business date `asOf`; amounts in fen. */
export interface LoanState {
  readonly asOf: Day;
  readonly outstandingPrincipalFen: number;
  /** Unpaid principal, interest and fee of installments due before `asOf`. */
  readonly arrearsFen: number;
  readonly penaltyFen: number;
  /** What the officer may ask for today: all unpaid due on or before `asOf`, with penalty. */
  readonly dueTodayFen: number;
  readonly dpd: number;
  /** The next due date, today included, with something unpaid; then its amount. */
  readonly nextDueOn: Day | null;
  readonly nextDueFen: number;
  readonly paidFen: number;
  /** Paid beyond the last installment. */
  readonly unallocatedFen: number;
  readonly balances: readonly InstallmentBalance[];
}

/**
 * The state of a loan, and how each repayment came to it. Two receipts of one day may swap numbers:
 * the splits then differ, the state does not.
 */
export interface Replay {
  readonly state: LoanState;
  readonly splits: readonly Split[];
}

/**
 * Puts every repayment with a value date up to *asOf* on the installments, *extra* ones among them.
 *
 * Order: by (value date, receipt number); the oldest installment first, inside it penalty, fee,
 * interest, principal; what is left goes on to installments not yet due, then to unallocated. A
 * reversed repayment and its reversal are left out, whatever the reversal's date.
 *
 * Source: domain.md, section 8.3; golden case E5.
 */
export function replay(papers: LoanPapers, asOf: Day, extra: Iterable<Repayment> = []): Replay {
  const today = dayNumber(asOf);
  const lines = inDueOrder(papers.schedule).map((row) => new Line(row, papers.penalty));
  const splits: Split[] = [];
  for (const repayment of standing([...papers.repayments, ...extra])) {
    if (repayment.valueDate <= asOf) splits.push(put(repayment, lines));
  }
  const balances = lines.map((line) => line.balance(today));
  return { state: stateOf(asOf, balances, splits), splits };
}

/** The repayments that count, in the order of replay: no reversed ones, no reversals. */
export function standing(repayments: readonly Repayment[]): Repayment[] {
  for (const { amountFen } of repayments) {
    if (counted(amountFen, "amount_fen") > 0) continue;
    throw new RangeError(`amount_fen: must be above 0, not ${amountFen}`);
  }
  const reversed = new Set(repayments.map((row) => row.reversesId));
  return repayments
    .filter((row) => row.reversesId === null && !reversed.has(row.id))
    .sort(byReceipt);
}

/** Whether nothing at all is owed any more 结清. */
export function isSettled(state: LoanState): boolean {
  return state.balances.every((balance) => totalFen(balance) === 0);
}

/** The installments with something unpaid, oldest first, without penalty. */
export function unpaidIn(state: LoanState): readonly Unpaid[] {
  return unpaidOf(state.balances).filter(([, amountFen]) => amountFen > 0);
}

/** Walks the lines once: what is due comes first because it has the older due dates. */
function put(repayment: Repayment, lines: readonly Line[]): Split {
  const on = dayNumber(repayment.valueDate);
  const parts: Part[] = [];
  let left = repayment.amountFen;
  for (const line of lines) {
    if (left === 0) break;
    const part = line.take(left, on);
    const taken = totalFen(part);
    if (taken === 0) continue;
    parts.push(part);
    left -= taken;
  }
  return { repayment, parts, unallocatedFen: left };
}

function stateOf(
  asOf: Day,
  balances: readonly InstallmentBalance[],
  splits: readonly Split[],
): LoanState {
  const unpaid = unpaidOf(balances);
  const due = balances.filter((balance) => balance.dueDate <= asOf);
  const coming = unpaid.filter(([dueDate, amountFen]) => dueDate >= asOf && amountFen > 0);
  const nextDueOn = coming[0]?.[0] ?? null; // the balances are in due-date order
  const next = coming.filter(([dueDate]) => dueDate === nextDueOn);
  return {
    asOf,
    outstandingPrincipalFen: sumOf(
      balances,
      (row) => row.principalFen,
      "outstanding_principal_fen",
    ),
    arrearsFen: arrearsFen(unpaid, asOf),
    penaltyFen: sumOf(due, (row) => row.penaltyFen, "penalty_fen"),
    dueTodayFen: sumOf(due, totalFen, "due_today_fen"),
    dpd: daysPastDue(unpaid, asOf),
    nextDueOn,
    nextDueFen: sumOf(next, ([, amountFen]) => amountFen, "next_due_fen"),
    paidFen: sumOf(splits, (split) => split.repayment.amountFen, "paid_fen"),
    unallocatedFen: sumOf(splits, (split) => split.unallocatedFen, "unallocated_fen"),
    balances,
  };
}

function unpaidOf(balances: readonly InstallmentBalance[]): readonly Unpaid[] {
  return balances.map((balance) => [balance.dueDate, scheduledFen(balance)]);
}

function byReceipt(one: Repayment, other: Repayment): number {
  if (one.valueDate !== other.valueDate) return one.valueDate < other.valueDate ? -1 : 1;
  return inTextOrder(one.receiptNo, other.receiptNo) || inTextOrder(one.id, other.id);
}

/** By code point, as the server sorts: `<` would put a rare character before a full-width letter. */
function inTextOrder(one: string, other: string): number {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = place(one.charCodeAt(at)) - place(other.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** Halves of characters beyond U+FFFF come after all others. */
function place(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
