// The shared vectors and golden cases: what the server's calculators answer, this app's answer too.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fields, Json } from "../schemas/declare.ts";
import { type Repayment, replay } from "./allocation.ts";
import { totalFen } from "./amounts.ts";
import { answer } from "./cases/answer.ts";
import { CashFlow } from "./cash_flow.ts";
import { capBps, collateralWarnings, dropBps, ltvBps } from "./collateral.ts";
import { creditLimit } from "./credit_limit.ts";
import { tierByPoints } from "./customer_tier.ts";
import { dueDates } from "./due_dates.ts";
import { penaltyRate } from "./penalty.ts";
import { portfolioOf } from "./portfolio.ts";
import { systemClass } from "./risk_class.ts";
import { buildSchedule } from "./schedule.ts";
import { gradeOf } from "./scorecard.ts";

const VECTORS = new URL("../../../../tests/vectors/", import.meta.url);

interface Vector extends Record<string, Json> {
  readonly id: string;
}

interface ScheduleVector extends Vector {
  readonly rows: readonly (Fields & { readonly seq: number })[];
  readonly partial: boolean;
}

interface ClassedLoan {
  readonly dpd: number;
  readonly restructured: boolean;
}

type Scored = Readonly<Record<"R" | "F" | "M", number>>;

interface Golden extends Readonly<Record<string, Json>> {
  readonly E1: { readonly in: Fields; readonly out: readonly Json[] };
  readonly E4: { readonly in: Fields; readonly out: readonly Fields[] };
  readonly E5: {
    readonly out: { readonly before: Json; readonly alloc: Json; readonly after: Json };
  };
  readonly E6: {
    readonly in: readonly (ClassedLoan & Fields)[];
    readonly out: { readonly classes: Json } & Fields;
  };
  readonly E7: { readonly in: Fields; readonly out: Fields };
  readonly E8: {
    readonly in: Fields & { readonly scores: readonly number[] };
    readonly out: Fields;
  };
  readonly E9: { readonly in: Scored; readonly out: Fields };
  readonly E10: { readonly in: Readonly<Record<string, number>>; readonly out: Fields };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, VECTORS), "utf8"));
}

function vectors<Kind extends Vector = Vector>(name: string): readonly Kind[] {
  return (read(name) as { readonly vectors: readonly Kind[] }).vectors;
}

/** Of an answer's rows, those that the vector lists, in its order. */
function listed(
  rows: readonly Fields[],
  wanted: readonly Fields[],
): readonly (Fields | undefined)[] {
  return wanted.map(({ seq }) => rows.find((row) => row.seq === seq));
}

const golden = read("domain-golden.json") as Golden;
const SCHEDULES = [
  ...vectors<ScheduleVector>("loan-schedules.json"),
  ...vectors<ScheduleVector>("loan-terms.json"),
];

describe("schedules of other lenders", () => {
  test.each(SCHEDULES)("$id is met to the last unit", (vector) => {
    const { rows } = answer("schedule", vector) as { readonly rows: readonly Fields[] };

    expect(listed(rows, vector.rows)).toMatchObject(vector.rows);
    if (!vector.partial) expect(rows).toHaveLength(vector.rows.length);
  });
});

describe("public values of money in time", () => {
  test.each(vectors("time-value.json"))("$id", (vector) => {
    const { expected } = answer("time-value", vector) as { readonly expected: string | null };

    if (vector.expected === null || expected === null) {
      expect(expected).toBe(vector.expected);
    } else {
      const [found, wanted] = [units(expected), units(String(vector.expected))];
      const size = wanted < 0n ? -wanted : wanted;
      const off = found > wanted ? found - wanted : wanted - found;
      const allowed = BigInt(Math.round(Number(vector.relative_tolerance) * 1e28));
      expect(off * 10n ** 28n <= size * allowed).toBe(true);
    }
  });
});

/** A decimal as a whole number of 10^-28. */
function units(text: string): bigint {
  const [whole = "", decimals = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + decimals.padEnd(28, "0").slice(0, 28));
  return text.startsWith("-") ? -size : size;
}

describe("public due dates, days past due, allocations", () => {
  test.each(vectors("due-dates.json"))("$id", (vector) => {
    expect(answer("due-dates", vector)).toEqual({ expected: vector.expected });
  });

  test.each(vectors("days-past-due.json"))("$id", (vector) => {
    expect(answer("days-past-due", vector)).toEqual({ expected: vector.expected });
  });

  test.each(vectors("repayment-allocation.json"))("$id", (vector) => {
    const promised = Object.entries(vector).filter(([name]) => name.startsWith("expected"));

    expect(answer("allocation", vector)).toMatchObject(Object.fromEntries(promised));
  });
});

describe("golden schedules", () => {
  test.each(["E1", "E2", "E3", "E4"])("%s comes back in its own shape", (name) => {
    const { out } = golden[name] as Fields;

    expect(answer("schedule", golden[name] ?? null)).toEqual({ out });
  });

  test("a bare input gives bare rows", () => {
    expect(answer("schedule", golden.E1.in)).toEqual(golden.E1.out);
  });

  test("a harvest plan may be written in the case", () => {
    const plan = golden.E4.out.map(({ due, principal_fen }) => ({ due_date: due, principal_fen }));

    expect(answer("schedule", { ...golden.E4.in, plan } as Json)).toEqual(golden.E4.out);
  });

  test("anchor 31 is clipped but not lost", () => {
    expect(dueDates("2026-01-31", 6).slice(1)).toEqual(golden.due_dates_anchor_31);
  });
});

describe("golden case E5: a payment on a late loan", () => {
  const schedule = buildSchedule({
    method: "equal_installment",
    principalFen: 30_000_00,
    rateBps: 840,
    disbursedOn: "2026-01-15",
    count: 12,
  });
  const onTime = schedule.slice(0, 3).map((row) => paid(totalFen(row), row.dueDate));
  const papers = { schedule, repayments: onTime, penalty: penaltyRate(840) };

  test("what is due before it", () => {
    const { state } = replay(papers, "2026-06-16");

    expect({
      dpd: state.dpd,
      outstanding_fen: state.outstandingPrincipalFen,
      arrears_fen: state.arrearsFen,
      penalty_fen: state.penaltyFen,
      due_today_fen: state.dueTodayFen,
    }).toEqual(golden.E5.out.before);
  });

  test("its split, and what is left", () => {
    const { state, splits } = replay(papers, "2026-06-16", [paid(3_000_00, "2026-06-16")]);

    const parts = splits.at(-1)?.parts.map((part) => ({
      seq: part.seq,
      penalty_fen: part.penaltyFen,
      fee_fen: part.feeFen,
      interest_fen: part.interestFen,
      principal_fen: part.principalFen,
    }));
    expect(parts).toEqual(golden.E5.out.alloc);
    expect({
      dpd: state.dpd,
      outstanding_fen: state.outstandingPrincipalFen,
      arrears_fen: state.arrearsFen,
      unallocated_fen: state.unallocatedFen,
    }).toEqual(golden.E5.out.after);
  });
});

function paid(amountFen: number, valueDate: string): Repayment {
  return { id: valueDate, receiptNo: valueDate, valueDate, amountFen, reversesId: null };
}

test("golden case E6: the classes", () => {
  const classes = golden.E6.in.map(({ dpd, restructured }) => systemClass(dpd, { restructured }));

  expect(classes).toEqual(golden.E6.out.classes);
});

test("golden case E6: the portfolio at risk", () => {
  const loans = golden.E6.in.map((it) => ({ outstandingFen: Number(it.outstanding_fen), ...it }));

  const found = portfolioOf(loans);
  expect({
    gross_fen: found.grossFen,
    par1_fen: found.par1Fen,
    par30_fen: found.par30Fen,
    par90_fen: found.par90Fen,
    par30_plus_restructured_fen: found.par30PlusRestructuredFen,
    classes: golden.E6.out.classes,
  }).toEqual(golden.E6.out);
});

test("golden case E7: capacity", () => {
  expect(answer("capacity", golden.E7 as Json)).toMatchObject({ out: golden.E7.out });
});

test("golden case E8: grade and limit", () => {
  const { scores, net_assets_fen, exposure_fen, rate_bps, term_years } = golden.E8.in;
  const total = scores.reduce((sum, points) => sum + points, 0);
  const given = golden.E7.in as unknown as Readonly<Record<string, number[]>>;

  const grade = gradeOf(total);
  const cashFlow = new CashFlow({
    startMonth: `${golden.E7.in.start_month}-01`,
    openingCashFen: Number(golden.E7.in.opening_cash_fen),
    incomeFen: given.income_fen ?? [],
    costFen: given.cost_fen ?? [],
    livingFen: given.living_fen ?? [],
    farmIncomeFen: given.farm_income_fen ?? [],
  });
  const found = creditLimit(grade, cashFlow, {
    netAssetsFen: Number(net_assets_fen),
    productCapFen: 8_000_000,
    rateBps: Number(rate_bps),
    termMonths: 12 * Number(term_years),
    exposureFen: Number(exposure_fen),
  });
  expect({
    total,
    grade,
    grade_cap_fen: found.gradeCapFen,
    service_cap_fen: found.serviceCapFen,
    capacity_limit_fen: found.capacityLimitFen,
    limit_fen: found.limitFen,
  }).toEqual(golden.E8.out);
});

test("golden case E9: the tier", () => {
  const { R, F, M } = golden.E9.in;

  expect(R + F + M).toBe(golden.E9.out.sum);
  expect(tierByPoints({ recency: R, frequency: F, money: M })).toBe(golden.E9.out.tier);
});

test("golden case E10: collateral that lost its value", () => {
  const { value_fen = 0, loan_fen = 0, revalued_fen = 0, cap_bps } = golden.E10.in;
  const house = [{ kind: "house", valueFen: revalued_fen }] as const;

  expect(capBps(house)).toBe(cap_bps);
  expect({
    ltv_bps: ltvBps(loan_fen, value_fen),
    drop_bps: dropBps(value_fen, revalued_fen),
    new_ltv_bps: ltvBps(loan_fen, revalued_fen),
    signals: collateralWarnings(loan_fen, value_fen, house).map(({ rule }) => rule),
  }).toEqual(golden.E10.out);
});
