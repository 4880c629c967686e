// Repayment capacity 还款能力 from the monthly household cash flow (domain.md, section 8.6).

import type { CashFlow } from "./cash_flow.ts";
import type { Day } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { minus, type Ratio, ratio } from "./ratio.ts";
import { shareBps, summed } from "./ratios.ts";
import { BPS } from "./rounding.ts";
import { counted, sumOf } from "./whole.ts";

/** What falls due of a loan under appraisal on a date. */
export interface Service {
  readonly dueDate: Day;
  readonly totalFen: number;
}

/** A loan under appraisal: paid in on one day, paid back by its schedule. */
export interface PlannedLoan {
  readonly amountFen: number;
  readonly disbursedOn: Day;
  readonly schedule: readonly Service[];
}

/** What a household must keep; a lender may set others by `Parameter`. */
export interface CapacityLimits {
  readonly highestDsrBps: number;
  readonly lowestStressedDscrBps: number;
}

export const USUAL_LIMITS: CapacityLimits = { highestDsrBps: 6000, lowestStressedDscrBps: BPS };

/** The month (its first day) with the least cash in hand, and that cash in fen. */
export interface LowPoint {
  readonly month: Day;
  readonly fen: number;
}

export type CapacityTest = "cash" | "stressed_cash" | "debt_service_ratio" | "stressed_coverage";

/** A test that failed: by how many fen, and in which month where it is about one. */
export interface FailedTest {
  readonly test: CapacityTest;
  readonly shortFen: number;
  readonly month: Day | null;
}

/** Whether a household can carry a loan: it can where no test failed. Null ratios: no net or service. */
export interface Capacity {
  readonly lowest: LowPoint;
  readonly stressedLowest: LowPoint;
  readonly dsrBps: number | null;
  readonly dscrBps: number | null;
  readonly stressedDscrBps: number | null;
  readonly failed: readonly FailedTest[];
}

/** All that will be paid back. */
export function totalServiceFen(loan: PlannedLoan): number {
  return sumOf(loan.schedule, (row) => row.totalFen, "total_fen");
}

/** What falls due in the loan's heaviest year; years end on the day of disbursement. */
export function yearlyServiceFen({ disbursedOn, schedule }: PlannedLoan): number {
  const years = new Map<number, number>();
  for (const { dueDate, totalFen } of schedule) {
    const year = loanYear(disbursedOn, dueDate);
    years.set(year, counted((years.get(year) ?? 0) + totalFen, "total_fen"));
  }
  return Math.max(0, ...years.values());
}

/**
 * The month that ends with the least cash; the earliest of equals. *loan* null: the household as it
 * is. *stressed*: with the haircut on farm income. Refuses a loan disbursed outside the survey.
 *
 * Source: domain.md, section 8.6; golden case E7.
 */
export function lowestPoint(
  cashFlow: CashFlow,
  loan: PlannedLoan | null = null,
  stressed = false,
): LowPoint {
  const nets = stressed ? cashFlow.stressedNetFen : cashFlow.netFen;
  const moves = loan === null ? nets.map(() => 0n) : cashOfLoan(cashFlow, loan);
  let cash = BigInt(cashFlow.openingCashFen);
  let lowest: readonly [bigint, number] | null = null;
  for (const [index, net] of nets.entries()) {
    cash += BigInt(net) + (moves[index] ?? 0n);
    if (lowest === null || cash < lowest[0]) lowest = [cash, index];
  }
  const [fen, index] = lowest ?? [cash, 0];
  return { month: cashFlow.month(index), fen: counted(fen, "cash_fen") };
}

/**
 * Tests whether the household can repay *loan*, month by month and over the year. The yearly ratios
 * count existing debt service on both sides: with the new loan's in the debt service, and added back
 * to the net that has to carry it. Refuses a loan disbursed outside the survey's months.
 *
 * Source: domain.md, section 8.6; golden case E7.
 */
export function assess(
  cashFlow: CashFlow,
  loan: PlannedLoan,
  limits: CapacityLimits = USUAL_LIMITS,
): Capacity {
  const lowest = lowestPoint(cashFlow, loan);
  const stressedLowest = lowestPoint(cashFlow, loan, true);
  const existing = cashFlow.yearlyServiceFen;
  const net = summed([cashFlow.yearlyNetFen, existing]);
  const stressed = summed([cashFlow.stressedYearlyNetFen, existing]);
  const service = summed([yearlyServiceFen(loan), existing]);
  const bearable = ratio(net * BigInt(limits.highestDsrBps), BPS);
  const needed = ratio(service * BigInt(limits.lowestStressedDscrBps), BPS);
  const tests: readonly FailedTest[] = [
    { test: "cash", shortFen: -lowest.fen, month: lowest.month },
    { test: "stressed_cash", shortFen: -stressedLowest.fen, month: stressedLowest.month },
    { test: "debt_service_ratio", shortFen: short(ratio(service), bearable), month: null },
    { test: "stressed_coverage", shortFen: short(needed, ratio(stressed)), month: null },
  ];
  return {
    lowest,
    stressedLowest,
    dsrBps: shareBps(service, net),
    dscrBps: shareBps(net, service),
    stressedDscrBps: shareBps(stressed, service),
    failed: tests.filter(({ shortFen }) => shortFen > 0),
  };
}

/** Lays the loan's money on the survey's months; what falls due after them is not seen. */
function cashOfLoan(cashFlow: CashFlow, loan: PlannedLoan): readonly bigint[] {
  const moves = cashFlow.netFen.map(() => 0n);
  const paidIn = cashFlow.index(loan.disbursedOn);
  if (paidIn < 0 || paidIn >= moves.length) {
    throw new RangeError(`disbursed_on: ${loan.disbursedOn} is outside the months of the survey`);
  }
  const move = (index: number, fen: bigint) => {
    if (index < moves.length) moves[index] = (moves[index] ?? 0n) + fen;
  };
  move(paidIn, BigInt(loan.amountFen));
  for (const row of loan.schedule) move(cashFlow.index(row.dueDate), -BigInt(row.totalFen));
  return moves;
}

/** The fen that are missing, rounded up: what is short at all is short by a fen. */
function short(needed: Ratio, there: Ratio): number {
  const { n, d } = minus(needed, there);
  const down = n / d; // towards 0, and so up where it is negative
  return counted(n > 0n && down * d !== n ? down + 1n : down, "short_fen");
}

/** The loan's year that *dueDate* falls in, from 0; an anniversary ends a year. */
function loanYear(disbursedOn: Day, dueDate: Day): number {
  let year = 0;
  while (dueDate > dueAfter(disbursedOn, 12 * (year + 1))) year += 1;
  return year;
}
