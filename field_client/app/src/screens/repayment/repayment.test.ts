import { describe, expect, it } from "vitest";
import type { Split as Allocated, LoanState } from "../../lending/allocation.ts";
import { leftOfInstallment, type Split, splitLines, splitOf, splitTotal } from "./split.ts";
import { missingOfTaking } from "./taking.ts";

/** Case E5 of domain.md, section 8.3: 3,000.00 on two late installments. */
const E5: Split = {
  parts: [
    {
      seq: 4,
      dueOn: "2026-05-15",
      daysLate: 32,
      penaltyFen: 2_751,
      feeFen: 0,
      interestFen: 15_914,
      principalFen: 245_606,
      leftFen: 0,
    },
    {
      seq: 5,
      dueOn: "2026-06-15",
      daysLate: 1,
      penaltyFen: 87,
      feeFen: 0,
      interestFen: 14_194,
      principalFen: 21_448,
      leftFen: 225_878,
    },
  ],
  unallocatedFen: 0,
  outstandingFen: 2_006_323,
  arrearsFen: 225_878,
  dpd: 1,
};

describe("where the money goes", () => {
  it("adds the installments up, line by line, and leaves out what is nought", () => {
    expect(splitLines(E5)).toEqual([
      { what: "penalty", fen: 2_838, days: 32 },
      { what: "interest", fen: 30_108 },
      { what: "principal", fen: 267_054 },
    ]);
  });

  it("adds up to the amount received", () => {
    expect(splitTotal(E5)).toBe(300_000);
    expect(splitTotal({ ...E5, unallocatedFen: 5 })).toBe(300_005);
  });

  it("says what is left of the installment it reached last", () => {
    expect(leftOfInstallment(E5)).toBe(225_878);
    expect(leftOfInstallment({ ...E5, parts: [] })).toBe(0);
  });
});

it("says of each installment how late it was and what is left of it", () => {
  const paid = { penaltyFen: 87, feeFen: 0, interestFen: 14_194, principalFen: 21_448 };
  const allocated: Allocated = {
    repayment: {
      id: "r1",
      receiptNo: "T1-20260616-001",
      valueDate: "2026-06-16",
      amountFen: 35_729,
      reversesId: null,
    },
    parts: [{ seq: 5, ...paid }],
    unallocatedFen: 0,
  };
  const left = { penaltyFen: 0, feeFen: 0, interestFen: 0, principalFen: 225_878 };
  const after = {
    balances: [{ seq: 5, dueDate: "2026-06-15", paidFen: 35_729, ...left }],
    outstandingPrincipalFen: 2_006_323,
    arrearsFen: 225_878,
    dpd: 1,
  } as unknown as LoanState;
  expect(splitOf(allocated, after)).toEqual({
    parts: [{ seq: 5, ...paid, dueOn: "2026-06-15", daysLate: 1, leftFen: 225_878 }],
    unallocatedFen: 0,
    outstandingFen: 2_006_323,
    arrearsFen: 225_878,
    dpd: 1,
  });
});

describe("what is missing before a payment is taken", () => {
  const whole = { amount_fen: 460_000, channel: "cash", value_date: "2026-06-16" };
  const needs = (values: object) =>
    missingOfTaking({ ...whole, ...values }, "2026-06-16").map((it) => it.need);

  it("is nothing, when all is there", () => {
    expect(needs({})).toEqual([]);
    expect(needs({ value_date: "2026-06-01" })).toEqual([]);
  });

  it.each([
    [{ amount_fen: null }, "amount"],
    [{ amount_fen: "four" }, "amount_unreadable"],
    [{ amount_fen: 0 }, "amount_positive"],
    [{ amount_fen: -100 }, "amount_positive"],
    [{ channel: null }, "channel"],
    [{ value_date: null }, "day"],
    [{ value_date: "2026-06-17" }, "day_ahead"],
  ])("names %o", (values, need) => {
    expect(needs(values)).toEqual([need]);
  });

  it("is named in the order of the screen", () => {
    expect(needs({ amount_fen: null, channel: null, value_date: null })).toEqual([
      "amount",
      "channel",
      "day",
    ]);
  });
});
