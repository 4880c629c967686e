// What the customer's screen is told of early warning.

import { expect, test } from "vitest";
import type { Fields } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { outlivedOf, warningsOf } from "./warnings.ts";

const CUSTOMER = "019b8c00-0000-7000-8000-000000000001";
const LOAN = "019b8c00-0000-7000-8000-000000000002";
/** Made on 2026-06-16. */
const NOTE = "019ecf00-0000-7000-8000-000000000003";
const TODAY = "2026-06-16";

/** A book that knows no type: rules then go by their ids, thresholds by their usual numbers. */
const BOOK = {
  registry: { get: () => null },
  store: { reference: () => [] },
} as unknown as Book;

function record(type: string, id: string, fields: Fields, gone = false): View {
  return { type, id, customer: CUSTOMER, fields, gone, pending: [] } as unknown as View;
}

const HOUSEHOLD = record("customer", CUSTOMER, { name: "黄大明" });
const FOLLOW_UP = { kind: "first_followup", loan_id: LOAN, "answers.F01.value": false };

function told(...records: readonly View[]): readonly (readonly [string, string])[] {
  const found = warningsOf(BOOK, CUSTOMER, [HOUSEHOLD, ...records], TODAY);
  return found.map(({ rule, severity }) => [rule, severity] as const);
}

test("a purpose not as agreed shows as soon as it is written", () => {
  expect(told(record("inspection_note", NOTE, FOLLOW_UP))).toEqual([["W03", "red"]]);
});

test("what was taken away counts no more", () => {
  expect(told(record("inspection_note", NOTE, FOLLOW_UP, true))).toEqual([]);
});

test("a signal that is a record already is not told twice", () => {
  const note = record("inspection_note", NOTE, FOLLOW_UP);
  const [first] = warningsOf(BOOK, CUSTOMER, [HOUSEHOLD, note], TODAY);

  expect(told(note, record("warning_signal", first?.id ?? "", { rule: "W03" }))).toEqual([]);
});

test.each([
  ["a reason that holds", false, "raised", []],
  ["a reason that has gone", true, "handling", ["signal"]],
  ["what was cleared", true, "cleared", []],
])("of %s is told", (_, answer, state, expected) => {
  const note = record("inspection_note", NOTE, { ...FOLLOW_UP, "answers.F01.value": answer });
  const facts = { subject_type: "loan", subject: LOAN, period: "2026-06" };
  const signal = record("warning_signal", "signal", { rule: "W03", severity: "red", state, facts });
  const others = ["W15", "manual"].map((rule) => {
    return record("warning_signal", rule, { rule, severity: "red", state: "raised", facts });
  });

  const found = outlivedOf(BOOK, CUSTOMER, [HOUSEHOLD, note, signal, ...others], TODAY);

  expect(found.map((it) => it.id)).toEqual(expected);
});
