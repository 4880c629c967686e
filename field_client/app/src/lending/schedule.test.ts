import { describe, expect, test } from "vitest";
import { totalFen } from "./amounts.ts";
import { type Draw, seeded, shuffled } from "./cases/seeded.ts";
import { dayNumber, numberedDay } from "./day.ts";
import { type ScheduleRow, withBalances } from "./installments.ts";
import { ratio } from "./ratio.ts";
import { halfEven, halfUp } from "./rounding.ts";
import { buildSchedule } from "./schedule.ts";
import { type Agreed, METHODS, MONTHLY, type Override, type PlannedPrincipal } from "./terms.ts";

const START = "2026-01-15";
const AGREED: Agreed = {
  method: "equal_installment",
  principalFen: 30_000_00,
  rateBps: 840,
  disbursedOn: START,
  count: 12,
};

function built(changed: Partial<Agreed> = {}): readonly ScheduleRow[] {
  return buildSchedule({ ...AGREED, ...changed });
}

function amounts(rows: readonly ScheduleRow[]): readonly (readonly number[])[] {
  return rows.map((row) => [row.principalFen, row.interestFen, row.balanceFen]);
}

function later(days: number): string {
  return numberedDay(dayNumber(START) + days);
}

function plan(...rows: readonly (readonly [string, number])[]): readonly PlannedPrincipal[] {
  return rows.map(([dueDate, principalFen]) => ({ dueDate, principalFen }));
}

test("interest first pays the principal with the last", () => {
  expect(amounts(built({ method: "interest_first", principalFen: 10_000_00, count: 3 }))).toEqual([
    [0, 70_00, 10_000_00],
    [0, 70_00, 10_000_00],
    [10_000_00, 70_00, 0],
  ]);
});

test("without interest the level is an even share", () => {
  expect(amounts(built({ rateBps: 0, principalFen: 100, count: 3 }))).toEqual([
    [33, 0, 67],
    [33, 0, 34],
    [34, 0, 0],
  ]);
});

test("a product on 365 days bears less a day", () => {
  const bullet = { method: "bullet", firstDueOn: later(73), rateBps: 1000 } as const;

  expect(built({ ...bullet, dayCount: "act360" })[0]?.interestFen).toBe(608_33);
  expect(built({ ...bullet, dayCount: "act365" })[0]?.interestFen).toBe(600_00);
});

test("a loan smaller than its level is not repaid twice", () => {
  const rows = built({ principalFen: 10, count: 18 });

  expect(rows.map((row) => row.principalFen)).toEqual([...Array(10).fill(1), ...Array(8).fill(0)]);
});

test("a level may be whole yuan", () => {
  const rows = built({ installmentMultipleFen: 100 });

  expect(new Set(rows.slice(0, -1).map(totalFen))).toEqual(new Set([2_615_00]));
  expect(rows.at(-1)?.balanceFen).toBe(0);
});

test("rows read from records get their balances back", () => {
  const rows = built();
  const stored = rows.map(({ balanceFen: _, ...row }) => row);

  expect(withBalances(stored.reverse())).toEqual(rows);
});

function override(dueDate: string, totalFen: number | null = 1, removed = false): Override {
  return { dueDate, totalFen, principalFen: null, removed };
}

function anyTerms(draw: Draw): Agreed {
  const method = pick(draw, METHODS);
  const principalFen = draw(1, 300_000_00);
  return {
    method,
    principalFen,
    rateBps: draw(0, 3600),
    disbursedOn: START,
    count: draw(1, 60),
    firstDueOn: later(draw(1, 400)),
    plan: method === "seasonal" ? anyPlan(principalFen, draw) : [],
  };
}

function anyPlan(principalFen: number, draw: Draw): readonly PlannedPrincipal[] {
  const cuts = Array.from({ length: draw(0, 5) }, () => draw(0, principalFen));
  const edges = [0, ...cuts.sort((one, other) => one - other), principalFen];
  let days = 0;
  return edges.slice(1).map((high, index) => {
    days += draw(1, 200);
    return { dueDate: later(days), principalFen: high - (edges[index] ?? 0) };
  });
}

test("in every method the principal adds up exactly, in order of the dates", () => {
  const draw = seeded(82);
  for (let round = 0; round < 300; round += 1) {
    const agreed = anyTerms(draw);
    const rows = buildSchedule(agreed);

    expect(rows.reduce((sum, row) => sum + row.principalFen, 0)).toBe(agreed.principalFen);
    expect(rows.at(-1)?.balanceFen).toBe(0);
    expect(rows.every((row) => row.principalFen >= 0 && row.interestFen >= 0)).toBe(true);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    expect(START < (rows[0]?.dueDate ?? "")).toBe(true);
    expect(withBalances(shuffled(rows, draw))).toEqual(rows);
  }
});

function pick<Option>(draw: Draw, options: readonly [Option, ...Option[]]): Option {
  return options[draw(0, options.length - 1)] ?? options[0];
}

/** Every term of other lenders at once. */
function foreignTerms(draw: Draw): Agreed {
  const methods = [
    "equal_installment",
    "equal_principal",
    "interest_first",
    "flat_interest",
  ] as const;
  const units = ["day", "week", "month"] as const;
  const counts = ["months", "30e360", "act360", "act364", "act365", "actact"] as const;
  const isOwn = draw(0, 1) === 0;
  const by = { every: draw(8, 20), unit: pick(draw, units), dayCount: pick(draw, counts) };
  const first = draw(30, 60);
  const days = Array.from({ length: draw(0, 2) }, () => draw(0, first - 1)).sort((a, b) => a - b);
  const fixed = { totalFen: null, principalFen: 0, removed: false };
  return {
    method: pick(draw, methods),
    principalFen: draw(1, 30_000_00),
    rateBps: ratio(draw(0, 50_000), draw(1, 1_000)),
    disbursedOn: START,
    count: draw(2, 14),
    firstDueOn: later(first),
    period: isOwn ? MONTHLY : by,
    installmentMultipleFen: pick(draw, [1, 100, 10_000]),
    moneyMultipleFen: pick(draw, [1, 5, 100]),
    tranches: days.map((day) => ({ on: later(day), amountFen: draw(1, 9_000_00) })),
    downPayment: ratio(draw(0, 49), 50),
    grace: { principalPeriods: draw(0, 20), interestPaymentPeriods: draw(0, 20) },
    overrides: draw(0, 1) === 0 ? [] : [{ ...fixed, dueDate: later(draw(1, 29)) }],
    roundsShares: draw(0, 1) === 0,
  };
}

test("principal adds up and no balance is negative, whatever the terms", () => {
  const draw = seeded(84);
  for (let round = 0; round < 500; round += 1) {
    const agreed = foreignTerms(draw);
    const rows = buildSchedule(agreed, pick(draw, [halfUp, halfEven]));

    const added = (agreed.tranches ?? []).reduce((sum, tranche) => sum + tranche.amountFen, 0);
    const repaid = rows.reduce((sum, row) => sum + row.principalFen, 0);
    expect(repaid).toBe(agreed.principalFen + added);
    expect(rows.at(-1)?.balanceFen).toBe(0);
    expect(rows.every((row) => row.principalFen >= 0 && row.interestFen >= 0)).toBe(true);
    expect(rows.every((row) => row.balanceFen >= 0)).toBe(true);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.map((row) => row.dueDate)).toEqual(rows.map((row) => row.dueDate).sort());
  }
});

test("interest that is put off is not lost", () => {
  const grace = (interestPaymentPeriods: number) => {
    return built({ grace: { principalPeriods: 11, interestPaymentPeriods } }).map((row) => {
      return row.interestFen;
    });
  };
  const sum = (amounts: readonly number[]) => amounts.reduce((one, other) => one + other, 0);

  expect(grace(5).slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(sum(grace(5))).toBe(sum(grace(0)));
});

test("interest that is put off to the end comes with the last", () => {
  const grace = { principalPeriods: 0, interestPaymentPeriods: 9 };
  const rows = built({ method: "interest_first", count: 3, grace });

  expect(rows.map((row) => row.interestFen)).toEqual([0, 0, 3 * 210_00]);
});

test("every amount may be a multiple", () => {
  const rows = built({ method: "equal_principal", moneyMultipleFen: 100 });

  expect(rows.flatMap((row) => [row.principalFen % 100, row.interestFen % 100])).toEqual(
    Array(24).fill(0),
  );
});

describe("impossible terms are refused by name", () => {
  const refused: readonly (readonly [string, Partial<Agreed>])[] = [
    ["method: 'balloon' is none of", { method: "balloon" as "bullet" }],
    ["principal_fen: must be above 0", { principalFen: 0 }],
    ["principal_fen: must be a whole number", { principalFen: 0.5 }],
    ["principal_fen: must be a whole number", { principalFen: 2 ** 53 }],
    ["rate_bps: must not be negative", { rateBps: -1 }],
    ["count: must be 1 to", { count: 0 }],
    ["count: must be 1 to", { count: 10 ** 9 }],
    ["installment_multiple_fen: must be", { installmentMultipleFen: 0 }],
    ["first_due_on: 2026-01-15 is not after", { firstDueOn: START }],
    ["first_due_on: a bullet loan needs it", { method: "bullet" }],
    ["money_multiple_fen: must be", { moneyMultipleFen: 0 }],
    ["level_rate: must not be negative", { levelRate: { n: -1n, d: 1n } }],
    ["down_payment: must be less than the whole", { downPayment: ratio(1) }],
    ["grace: must not be negative", { grace: { principalPeriods: -1, interestPaymentPeriods: 0 } }],
    ["starts_on: 2026-01-16 is after", { startsOn: later(1) }],
    ["due_dates: 2026-01-15 is not after", { dueDates: [START, START] }],
    ["due_dates: must be 1200 at most", { dueDates: Array(1201).fill(START) }],
    ["principal_fen: must be above 0", { tranches: [{ on: START, amountFen: 0 }] }],
    ["tranches: must be in the order", { tranches: [{ on: later(-1), amountFen: 1 }] }],
    ["tranches: the last must be paid out", { tranches: [{ on: "2027-01-15", amountFen: 1 }] }],
    ["overrides: must be after 2026-01-15", { overrides: [override(START)] }],
    [
      "overrides: two for one date",
      { overrides: [override("2026-02-15"), override("2026-02-15")] },
    ],
    ["overrides: the last installment takes", { overrides: [override("2027-01-15")] }],
    ["overrides: 2026-02-15 would pay off", { overrides: [override("2026-02-15")] }],
    ["overrides: 2026-02-15 needs a total or", { overrides: [override("2026-02-15", null)] }],
    ["overrides: there is no installment on", { overrides: [override("2026-02-01", null, true)] }],
    ["plan: it says all that is due", { method: "seasonal", downPayment: ratio(1, 2) }],
    ["plan: only for seasonal", { plan: plan(["2026-06-20", 1]) }],
    ["plan: pays off 0 fen", { method: "seasonal" }],
    [
      "plan: a principal must not be negative",
      { method: "seasonal", plan: plan(["2026-06-20", 3_000_001], ["2026-07-01", -1]) },
    ],
    [
      "plan: 2026-06-20 is not after 2026-06-20",
      { method: "seasonal", plan: plan(["2026-06-20", 0], ["2026-06-20", 3_000_000]) },
    ],
    ["day_count: steps of days", { period: { every: 15, unit: "day", dayCount: null } }],
    ["every: must be at least 1", { period: { every: 0, unit: "month", dayCount: null } }],
  ];

  test.each(refused)("%s", (sentence, changed) => {
    expect(() => built(changed)).toThrow(sentence);
  });
});
