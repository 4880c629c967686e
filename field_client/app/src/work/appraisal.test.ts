// What the form of a loan application is told of its household: the walk-through of domain.md, 10.1.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Fields } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import { appraisalOf } from "./appraisal.ts";
import type { Book } from "./book.ts";

const GOLDEN = new URL("../../../../tests/vectors/domain-golden.json", import.meta.url);
const { E7 } = JSON.parse(readFileSync(GOLDEN, "utf8"));
const CUSTOMER = "019b8c00-0000-7000-8000-000000000001";
const APPLICATION = "019b8c00-0000-7000-8000-000000000002";
const TODAY = "2026-06-16";
const BOOK = { product: () => ({ max_amount_fen: 8_000_000 }) } as unknown as Book;

function record(type: string, id: string, fields: Fields): View {
  return { type, id, customer: CUSTOMER, fields, gone: false, pending: [] } as unknown as View;
}

const HOUSEHOLD = record("customer", CUSTOMER, {
  "assets.house.value_fen": 20_000_000,
  "debts.bank.balance_fen": 2_000_000,
});
const wages = E7.in.income_fen.map((fen: number, month: number) => {
  return fen - E7.in.farm_income_fen[month];
});
const SURVEY = record("cashflow_survey", "s1", {
  start_month: "2026-07",
  months: 12,
  opening_cash_fen: 350_000,
  surveyed_on: TODAY,
  "lines.a.kind": "income",
  "lines.a.farm": true,
  "lines.a.month_fen": E7.in.farm_income_fen,
  "lines.b.kind": "income",
  "lines.b.month_fen": wages,
  "lines.c.kind": "cost",
  "lines.c.month_fen": E7.in.cost_fen,
  "lines.d.kind": "living",
  "lines.d.month_fen": E7.in.living_fen,
});
const RATING = record("credit_rating", "r1", {
  valid_to: "2027-06-15",
  scores: {
    able_workers: 7,
    years_resident: 10,
    net_assets: 8,
    income: 12,
    income_sources: 10,
    repayment_record: 15,
    village_opinion: 8,
    security: 3,
  },
});
const ASKED: Fields = {
  product_id: "p1",
  amount_fen: 1_200_000,
  rate_bps: 840,
  method: "seasonal",
  maturity_date: "2027-01-31",
  plan: [
    { due_date: "2026-09-30", principal_fen: 0 },
    { due_date: "2026-11-30", principal_fen: 400_000 },
    { due_date: "2027-01-31", principal_fen: 800_000 },
  ],
};

function told(values: Fields, ...records: readonly View[]) {
  return appraisalOf(BOOK, { id: APPLICATION, values }, [HOUSEHOLD, ...records], TODAY);
}

test("the harvest plan passes and equal installments fail in October", () => {
  const found = told(ASKED, SURVEY, RATING);

  expect(found?.tried.map(({ method }) => method)).toEqual(["seasonal", "equal_installment"]);
  const [harvest, level] = found?.tried ?? [];
  expect(harvest?.capacity.failed).toEqual([]);
  expect(harvest?.capacity.lowest).toEqual({ month: "2026-10-01", fen: 217_920 });
  expect(level?.capacity.failed[0]).toEqual({
    test: "cash",
    shortFen: 70_424,
    month: "2026-10-01",
  });
});

test("score 73, grade A, limit 12,000", () => {
  const rated = told(ASKED, SURVEY, RATING)?.rated;

  expect([rated?.total, rated?.grade, rated?.limit.limitFen]).toEqual([73, "A", 1_200_000]);
});

test("a form that is not filled in shows what it can", () => {
  expect(told({}, SURVEY, RATING)).toEqual({ tried: [], rated: null });
  const found = told({ ...ASKED, plan: null }, SURVEY);
  expect(found?.tried.map(({ method }) => method)).toEqual(["equal_installment"]);
  expect(found?.rated).toBeNull();
});

test("without a survey, or with one that cannot be, nothing is said", () => {
  const short = record("cashflow_survey", "s1", { ...SURVEY.fields, months: 6 });

  expect(told(ASKED, RATING)).toBeNull();
  expect(told(ASKED, short)).toBeNull();
});

test("the application's own survey goes before a newer one", () => {
  const own = { ...SURVEY.fields, application_id: APPLICATION };
  const newer = record("cashflow_survey", "s2", {
    start_month: "2026-07",
    surveyed_on: "2027-01-01",
  });

  const found = told(ASKED, newer, record("cashflow_survey", "s1", own));
  expect(found?.tried[0]?.capacity.failed).toEqual([]);
});

test("a rating that has run out rates nobody", () => {
  const old = record("credit_rating", "r1", { ...RATING.fields, valid_to: "2026-06-15" });

  expect(told(ASKED, SURVEY, old)?.rated).toBeNull();
});
