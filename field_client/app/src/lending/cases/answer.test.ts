// What the reading of cases refuses, and shapes that no public vector has.

import { expect, test } from "vitest";
import type { Json } from "../../schemas/declare.ts";
import { answer, type CaseKind } from "./answer.ts";

const PAYMENT = { on: "2026-02-15", amount: "10.00" };
const BILL = { seq: 1, due: "2026-02-15", principal: "10.00" };
const TERMS = {
  method: "equal_installment",
  unit: "month",
  count: 4,
  annual_rate_percent: "12",
  day_count: "months",
  disbursements: [{ on: "2026-01-15", amount: "100.00" }],
};
const BULLET = { method: "bullet", principal_fen: 1, rate_bps: 1 };

function terms(changed: Readonly<Record<string, Json>>): Json {
  return { terms: { ...TERMS, ...changed } };
}

const REFUSED: readonly (readonly [CaseKind, Json, string])[] = [
  ["schedule", 7, "case: expected an object"],
  ["schedule", { terms: [] }, "terms: expected an object"],
  ["schedule", {}, "method: is missing"],
  ["schedule", terms({ color: "red" }), "terms.color: is not supported"],
  ["schedule", terms({ count: "4" }), "terms.count: expected a whole number"],
  ["schedule", terms({ count: true }), "terms.count: expected a whole number"],
  ["schedule", terms({ digits: -1 }), "terms.digits: must be 0 to 4"],
  ["schedule", terms({ disbursements: [] }), "terms.disbursements: is empty"],
  ["schedule", terms({ grace: { principal: 1 } }), "terms.grace.principal: is not supported"],
  ["schedule", terms({ overrides: [{ due: "2026-02-15" }] }), "overrides: 2026-02-15 needs"],
  ["schedule", terms({ method: "seasonal" }), "terms.plan: is missing"],
  [
    "schedule",
    terms({ annual_rate_percent: 12.5 }),
    "terms.annual_rate_percent: expected a decimal in quotes",
  ],
  [
    "schedule",
    terms({ disbursements: [{ on: "2026-01-15", amount: "1.001" }] }),
    "terms.disbursements[1].amount: has more than 2 decimals",
  ],
  [
    "schedule",
    terms({ schedule_start: "2026-01-16" }),
    "terms.schedule_start: is after the first disbursement",
  ],
  [
    "schedule",
    terms({ fees: [{ due_seq: 9, fee: "1.00" }] }),
    "terms.fees[1].due_seq: there is no installment 9",
  ],
  [
    "schedule",
    { method: "seasonal", principal_fen: 1, rate_bps: 1, disbursed_on: "2026-01-15" },
    "plan: is missing",
  ],
  ["schedule", { ...BULLET, to: "2026-01-15" }, "disbursed_on: is missing"],
  [
    "schedule",
    { ...BULLET, from: "2026-01-15", to: "2026-02-15", day_count: "act364" },
    "day_count: 'act364' is not supported",
  ],
  ["due-dates", { unit: "year" }, "unit: 'year' is not supported"],
  ["due-dates", { unit: "day", count: 10 ** 9 }, "count: must be 0 to"],
  ["due-dates", { unit: "day", count: 1, every: 0 }, "every: must be at least 1"],
  ["due-dates", { unit: "day" }, "expected: is missing"],
  [
    "due-dates",
    { unit: "day", count: 1, first_due_on: "2026-02-30" },
    "first_due_on: expected a date like",
  ],
  ["days-past-due", { as_of: "20260216" }, "as_of: expected a date like"],
  ["allocation", { installments: BILL }, "installments: expected a list"],
  [
    "allocation",
    { installments: [{ ...BILL, fee: "-1.00" }], payments: [] },
    "installments[1].fee: must not be negative",
  ],
  [
    "allocation",
    { installments: [BILL], payments: [{ ...PAYMENT, amount: "0.00" }] },
    "payments[1].amount: must be above 0",
  ],
  [
    "allocation",
    { installments: [BILL], payments: [{ ...PAYMENT, reversed: "yes" }] },
    "payments[1].reversed: expected true or false",
  ],
  ["time-value", { function: "mirr", args: {} }, "function: 'mirr' is not supported"],
  ["time-value", irrOf([]), "values: must be 1 to"],
  ["time-value", irrOf([1]), "args.values: expected a decimal"],
  ["time-value", irrOf(Array(40).fill(["1", "-3"]).flat()), "values: the sign turns more than"],
  ["time-value", payment("1/0", 12), "args.rate: is divided by 0"],
  ["time-value", payment("1/2/3", 12), "args.rate: expected a decimal"],
  ["time-value", payment("-1", 12), "rate: must be above -1"],
  ["time-value", payment("0.1", 10 ** 9), "nper: must be 0 to"],
  ["time-value", payment("0.1", 0), "nper: must be at least 1"],
  [
    "time-value",
    { function: "ppmt", args: { rate: "0", per: 3, nper: 2, pv: "1" } },
    "per: must be 1 to 2",
  ],
];

function irrOf(values: readonly Json[]): Json {
  return { function: "irr", args: { values } };
}

function payment(rate: string, nper: number): Json {
  return { function: "pmt", args: { rate, nper, pv: "100" } };
}

test.each(REFUSED)("a bad %s case is refused: %j", (kind, given, sentence) => {
  expect(() => answer(kind, given)).toThrow(sentence);
});

test("a reversed payment puts nothing anywhere", () => {
  const payments = [
    { on: "2026-02-14", amount: "5.00", reversed: true },
    { on: "2026-02-15", amount: "4.00" },
  ];

  expect(
    answer("allocation", { installments: [{ ...BILL, interest: "1.00" }], payments }),
  ).toMatchObject({ expected_split: [{ principal: "0.00" }, { principal: "3.00" }] });
});

test("money after the last installment is told", () => {
  const payments = [{ ...PAYMENT, amount: "10.01" }];

  expect(answer("allocation", { installments: [BILL], payments })).toMatchObject({
    expected_unallocated: "0.01",
  });
});

test("a currency without small coins has no decimals", () => {
  const disbursements = [{ on: "2026-01-15", amount: "100" }];
  const given = terms({ digits: 0, first_due_on: "2026-03-01", disbursements });

  expect(answer("schedule", given)).toMatchObject({
    rows: [{ due: "2026-03-01", total: "26" }, { total: "26" }, { total: "26" }, { total: "25" }],
  });
});

test("money is written like the amounts paid out", () => {
  expect(answer("schedule", terms({ digits: 0 }))).toMatchObject({
    rows: [{ total: "26.00" }, {}, {}, {}],
  });
});

test("fixed fees and charges stand beside the shared fee", () => {
  const fees = [{ due_seq: 2, fee: "1.00", penalty: "0.50" }];

  expect(
    answer("schedule", terms({ fees, fee_per_installment_percent_of_interest: "10" })),
  ).toMatchObject({
    rows: [{ fee: "0.10", penalty: "0.00" }, { fee: "1.08", penalty: "0.50" }, {}, {}],
  });
});
