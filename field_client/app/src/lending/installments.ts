// The rows 期次 of a schedule, and their order. Apart from what builds schedules: every list needs these.

import type { Amounts } from "./amounts.ts";
import type { Day } from "./day.ts";
import { sumOf } from "./whole.ts";

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
