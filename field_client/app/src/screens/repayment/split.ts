// Where the money of a repayment goes, as lines that add up to its amount.
// Source: domain.md, section 8.3: oldest installment first; in it late fee, fee, interest, principal.

import { daysBetween } from "../../i18n/dates.ts";
import type { Split as Allocated, LoanState } from "../../lending/allocation.ts";
import { type Amounts, totalFen } from "../../lending/amounts.ts";

/** What one installment takes of a repayment, in fen. */
export interface SplitPart extends Amounts {
  /** Its place in the schedule, from 1. */
  readonly seq: number;
  readonly dueOn: string;
  /** How late it was when the money came; 0 or less: not late. */
  readonly daysLate: number;
  /** What is still unpaid of it afterwards. */
  readonly leftFen: number;
}

/** A repayment's split: what each installment takes, and what is left over. */
export interface Split {
  readonly parts: readonly SplitPart[];
  readonly unallocatedFen: number;
  /** The principal of the loan that is still owed afterwards. */
  readonly outstandingFen: number;
  /** What is overdue afterwards, and for how many days. */
  readonly arrearsFen: number;
  readonly dpd: number;
}

/** The split of a repayment as the replay found it, with the loan's state after it. */
export function splitOf(allocated: Allocated, after: LoanState): Split {
  const parts = allocated.parts.map((part): SplitPart => {
    const balance = after.balances.find((it) => it.seq === part.seq);
    const dueOn = balance?.dueDate ?? allocated.repayment.valueDate;
    const daysLate = daysBetween(dueOn, allocated.repayment.valueDate);
    return { ...part, dueOn, daysLate, leftFen: balance ? totalFen(balance) : 0 };
  });
  return {
    parts,
    unallocatedFen: allocated.unallocatedFen,
    outstandingFen: after.outstandingPrincipalFen,
    arrearsFen: after.arrearsFen,
    dpd: after.dpd,
  };
}

export type SplitLine =
  | { readonly what: "penalty"; readonly fen: number; readonly days: number }
  | { readonly what: "fee" | "interest" | "principal" | "unallocated"; readonly fen: number };

/** The lines of a split over all installments; nothing that is nought. */
export function splitLines(split: Split): readonly SplitLine[] {
  const sum = (pick: (part: SplitPart) => number) =>
    split.parts.reduce((total, it) => total + pick(it), 0);
  const days = Math.max(
    0,
    ...split.parts.filter((it) => it.penaltyFen > 0).map((it) => it.daysLate),
  );
  const lines: SplitLine[] = [
    { what: "penalty", fen: sum((it) => it.penaltyFen), days },
    { what: "fee", fen: sum((it) => it.feeFen) },
    { what: "interest", fen: sum((it) => it.interestFen) },
    { what: "principal", fen: sum((it) => it.principalFen) },
    { what: "unallocated", fen: split.unallocatedFen },
  ];
  return lines.filter((it) => it.fen !== 0);
}

/** What the lines add up to: always the amount that was received. */
export function splitTotal(split: Split): number {
  return splitLines(split).reduce((total, it) => total + it.fen, 0);
}

/** What is still unpaid of the last installment that the money reached. */
export function leftOfInstallment(split: Split): number {
  return split.parts.at(-1)?.leftFen ?? 0;
}
