// An officer's figures: with own work that waits, and as the branch has accepted them.

import { expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Fields } from "../schemas/declare.ts";
import { Registry } from "../schemas/registry.ts";
import { newMeta } from "../store/meta.ts";
import type { Held } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { figuresOf } from "./figures.ts";

const CHEN = "01990000-0000-7000-8000-0000000000c1";
const LI = { id: "li", username: "li.min", name: "李敏", role: "officer", branch: null };

function held(type: string, id: string, fields: Fields, customer: string | null = CHEN): Held {
  return { type, id, customer, version: 1, fields, gone: false };
}

function target(id: string, metric: string, target_value: number, more: Fields = {}): Held {
  const fields = { officer_id: "li", period: "2026-06", metric, target_value, ...more };
  return held("target", id, fields, null);
}

/** One visit of the day, and a set that waits which says that it is done. */
function book(): Book {
  const visit = held("visit", "v", {
    officer_id: "li",
    planned_on: "2026-06-16",
    state: "in_progress",
    arrived_at: "2026-06-16T01:00:00.000Z",
  });
  const cash = {
    amount_fen: 30_000,
    value_date: "2026-06-15",
    channel: "cash",
    collected_by: "li",
  };
  const finding = { owner_id: "li", due_on: "2026-06-10", state: "closed", level: 0 };
  const records = [
    held("customer", CHEN, { name: "陈国平" }),
    visit,
    held("repayment", "r1", cash),
    held("repayment", "r2", { ...cash, amount_fen: 10_000 }),
    held("finding", "f", finding),
  ];
  const deposit = { officer_id: "li", business_date: "2026-06-15", state: "confirmed" };
  const deposits = [held("cash_deposit", "d", { ...deposit, receipt_ids: ["r1"] }, null)];
  const set = { state: "completed", outcome: "done" };
  const change = { op: "update", type: "visit", id: "v", customer: CHEN, set };
  const waiting = { number: 1, content: { changes: [change] }, seen: {}, covered: false };
  const targets = [
    target("t1", "visit_completion", 9500),
    target("t2", "finding_closure", 8000),
    target("t3", "par30", 1, { period: "2026-05" }),
    target("t4", "npl", 1, { officer_id: "zhao" }),
  ];
  const store = {
    meta: newMeta("d", "T", LI, "", "e1"),
    sets: [{ ...waiting, settled: null, result: null }],
    bundle: async () => records,
    reference: (type: string) => ({ target: targets, cash_deposit: deposits })[type] ?? [],
  };
  const registry = new Registry(TYPES, SCHEMA);
  return { store, registry, cards: () => [{ id: CHEN }], product: () => ({}) } as unknown as Book;
}

it("tells what is here, what is accepted and what is to be reached", async () => {
  const found = await figuresOf(book(), "2026-06", "2026-06-16");

  const told = new Map(found.map((it) => [it.metric, [it.here, it.accepted, it.target]]));
  expect(told.get("visit_completion")).toEqual([10_000, 0, 9500]);
  expect(told.get("finding_closure")).toEqual([10_000, 10_000, 8000]);
  expect(told.get("deposit_discipline")).toEqual([7500, 7500, null]);
  expect(told.get("inspection_timeliness")).toEqual([null, null, null]);
  expect([told.get("par30"), told.get("npl")]).toEqual([
    [null, null, null],
    [null, null, null],
  ]);
  expect(found.find((it) => it.metric === "par30")?.title.zh).toBe("逾期 30 天以上占比");
});
