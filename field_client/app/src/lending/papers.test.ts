// From stored records to what is owed: one reading for server and tablet.

import { describe, expect, test } from "vitest";
import type { Fields } from "../schemas/declare.ts";
import { replay, unpaidIn } from "./allocation.ts";
import { arrearsFen, daysPastDueSince, oldestUnpaid } from "./arrears.ts";
import { type Kept, loanPapers, papersOf, soFar } from "./papers.ts";
import { penaltyRate } from "./penalty.ts";

const LOAN = {
  principal_fen: 100_000,
  rate_bps: 0,
  maturity_on: "2026-12-31",
  schedule_version: 1,
};
const RESTRUCTURED = { ...LOAN, schedule_version: 2, restructured_on: "2026-06-10" };

function paid(on: string, amountFen: number, more: Fields = {}): Kept {
  return { id: on, fields: { receipt_no: on, value_date: on, amount_fen: amountFen, ...more } };
}

function row(version: number, seq: number, due: string, principalFen = 100_000): Fields {
  return {
    schedule_version: version,
    seq,
    due_date: due,
    principal_fen: principalFen,
    interest_fen: 0,
  };
}

test("a loan without a schedule owes its amount on its last day", () => {
  const { state } = replay(loanPapers(LOAN, null, [], []), "2027-01-01");

  expect([state.dpd, state.outstandingPrincipalFen]).toEqual([1, 100_000]);
});

test.each([
  ["2026-06-09", 100_000],
  ["2026-06-10", 100_000],
  ["2026-06-11", 70_000],
])("paid on %s beside a restructuring on the 10th", (on, left) => {
  const { state } = replay(loanPapers(RESTRUCTURED, null, [], [paid(on, 30_000)]), "2026-07-01");

  expect(state.outstandingPrincipalFen).toBe(left);
});

test.each([
  ["known", 100_000],
  ["late", 70_000],
])("the %s receipt of a day before the restructuring", (id, left) => {
  const loan = { ...RESTRUCTURED, receipts_before: ["known"] };
  const receipt = { ...paid("2026-06-09", 30_000), id };
  const { state } = replay(loanPapers(loan, null, [], [receipt]), "2026-07-01");

  expect(state.outstandingPrincipalFen).toBe(left);
});

test("only the schedule in force counts", () => {
  const rows = [row(1, 1, "2026-02-01"), row(2, 1, "2026-09-01")];
  const { state } = replay(loanPapers(RESTRUCTURED, null, rows, []), "2026-07-01");

  expect([state.dpd, state.nextDueOn]).toEqual([0, "2026-09-01"]);
});

test("the penalty rate follows the product, or what is usual", () => {
  const loan = { ...LOAN, rate_bps: 840 };
  const product = { penalty_markup_bps: 3000, day_count: "act365" };

  expect(loanPapers(loan, product, [], []).penalty).toEqual(penaltyRate(840, 3000, "act365"));
  expect(loanPapers(loan, {}, [], []).penalty).toEqual(penaltyRate(840));
  expect(loanPapers(loan, null, [], []).penalty).toEqual(penaltyRate(840, 5000, "act360"));
});

test("an extra repayment and a reversal count like stored ones", () => {
  const wrong = paid("2026-03-01", 10_000);
  const undone = paid("2026-03-02", 10_000, { reverses_id: wrong.id });
  const papers = loanPapers(LOAN, null, [], [wrong, undone]);
  const extra = { id: "new", receiptNo: "~", valueDate: "2026-03-03", amountFen: 40_000 };

  const done = replay(papers, "2026-03-03", [{ ...extra, reversesId: null }]);
  expect(done.state.outstandingPrincipalFen).toBe(60_000);
  expect(done.splits.map((split) => split.repayment.id)).toEqual(["new"]);
});

test("a list keeps what is owed, and tells what is late on any later day", () => {
  const records = [
    {
      type: "installment",
      id: "i2",
      fields: { loan_id: "l1", ...row(1, 2, "2026-03-01", 60_000) },
    },
    {
      type: "installment",
      id: "i1",
      fields: { loan_id: "l1", ...row(1, 1, "2026-02-01", 40_000) },
    },
    { type: "installment", id: "i9", fields: { loan_id: "l2", ...row(1, 1, "2026-01-01", 5) } },
    { type: "repayment", ...paid("2026-02-01", 50_000, { loan_id: "l1" }) },
    { type: "repayment", ...paid("2026-02-02", 1, { loan_id: "l2" }) },
    { type: "visit", id: "v1", fields: { loan_id: "l1" } },
  ];
  const unpaid = unpaidIn(soFar(papersOf({ id: "l1", fields: LOAN }, records, null)).state);

  expect(unpaid).toEqual([["2026-03-01", 50_000]]);
  expect(daysPastDueSince(oldestUnpaid(unpaid), "2026-03-11")).toBe(10);
  expect(arrearsFen(unpaid, "2026-03-11")).toBe(50_000);
});

describe("a field that is missing or of the wrong kind is refused by name", () => {
  const good = row(1, 1, "2026-02-01");
  const refused: readonly (readonly [string, Fields, Fields, Fields])[] = [
    ["maturity_on: is missing", { ...LOAN, maturity_on: null }, good, {}],
    ["rate_bps: is missing", { ...LOAN, rate_bps: null }, good, {}],
    ["due_date: expected a date", LOAN, { ...good, due_date: "2026-02-30" }, {}],
    ["due_date: expected a text", LOAN, { ...good, due_date: 20260201 }, {}],
    ["interest_fen: is missing", LOAN, { ...good, interest_fen: null }, {}],
    ["fee_fen: expected a whole number", LOAN, { ...good, fee_fen: 0.5 }, {}],
    ["receipt_no: is missing", LOAN, good, { receipt_no: null }],
    ["amount_fen: expected a whole number", LOAN, good, { amount_fen: "5" }],
    ["reverses_id: expected a text", LOAN, good, { reverses_id: 5 }],
  ];

  test.each(refused)("%s", (sentence, loan, installment, receipt) => {
    const repayment = paid("2026-02-01", 5, receipt);

    expect(() => loanPapers(loan, null, [installment], [repayment])).toThrow(sentence);
  });

  test("day_count", () => {
    expect(() => loanPapers(LOAN, { day_count: "act364" }, [], [])).toThrow("day_count: expected");
  });
});
