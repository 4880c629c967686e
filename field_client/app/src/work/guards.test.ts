// A set that a rule forbids is not stored: the tablet asks the rules over what it shows, and the set on top.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Known } from "../lending/guards/asked.ts";
import type { Fields } from "../schemas/declare.ts";
import { Registry } from "../schemas/registry.ts";
import { bundleKey } from "../store/bundles.ts";
import { newMeta } from "../store/meta.ts";
import { watchlistHash } from "../store/slow_hash.ts";
import type { Held } from "../sync/rebase.ts";
import { Action, openRecord } from "./action.ts";
import type { Desk } from "./desk.ts";
import type { InvalidInputError } from "./faults.ts";
import { guardSet } from "./guards.ts";

const FILE = new URL("../../../../tests/vectors/guards.json", import.meta.url);
const { base, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly base: readonly Known[];
  readonly vectors: readonly { readonly user: string }[];
};
const REGISTRY = new Registry(TYPES, SCHEMA);
const LI = {
  id: vectors[0]?.user ?? "",
  username: "li.min",
  name: "李敏",
  role: "officer",
  branch: null,
};
const APP = base.find((it) => it.type === "loan_application") as Known;
const SURVEY = base.find((it) => it.type === "cashflow_survey") as Known;
const NOTE = base.find((it) => it.type === "inspection_note") as Known;
const CUSTOMER = APP.customer as string;

/** A tablet on which a draft waits for its submit; *other* records beside those of the vectors. */
function deskOf(fields: Fields = {}, ...other: readonly Known[]): Desk {
  const draft = { ...APP, fields: { ...APP.fields, state: "draft", ...fields } };
  const survey = { ...SURVEY, fields: { ...SURVEY.fields, state: "draft" } };
  const loanless = base.filter((it) => it.type !== "loan");
  const records = [...loanless, draft, survey, ...other].map((it, at): Held => {
    return { ...it, version: at + 1, gone: false };
  });
  const held = [...new Map(records.map((it) => [it.id, it])).values()];
  const bundle = async (key: string) =>
    held.filter((it) => bundleKey(it.customer, it.type) === key);
  const store = {
    meta: newMeta("d", "T", LI, "", "e1"),
    sets: [],
    lastNumber: 0,
    pendingOf: () => [],
    bundle,
    reference: (type: string) => held.filter((it) => it.type === type),
  };
  return { store, registry: REGISTRY, today: () => "2026-06-16" } as unknown as Desk;
}

async function told(
  desk: Desk,
  fill: (action: Action) => Promise<void> | void,
): Promise<{ readonly action: Action; readonly faults: InvalidInputError["faults"] }> {
  const action = new Action(desk, "edit", { base: 0, epoch: null });
  await fill(action);
  try {
    await guardSet(action);
    return { action, faults: [] };
  } catch (error) {
    return { action, faults: (error as InvalidInputError).faults };
  }
}

async function submit(desk: Desk) {
  return told(desk, async (action) => {
    const opened = await openRecord(desk, APP.type, CUSTOMER, APP.id);
    await action.update(opened, { state: "submitted" });
  });
}

describe("an application is submitted", () => {
  it("and locks its survey in the same set", async () => {
    const { action, faults } = await submit(deskOf());

    expect(faults).toEqual([]);
    expect(action.changes.map((it) => [it.id, it.set])).toEqual([
      [APP.id, { state: "submitted" }],
      [SURVEY.id, { state: "locked" }],
    ]);
  });

  it("only with a second investigator", async () => {
    const { faults } = await submit(deskOf({ co_officer_id: null }));

    expect(faults.map((it) => [it.rule, it.reason])).toEqual([["SOD-4", "two-investigators"]]);
  });

  it("over a note that all have signed on this tablet", async () => {
    const { faults } = await submit(
      deskOf({}, { ...NOTE, fields: { ...NOTE.fields, state: "draft" } }),
    );

    expect(faults).toEqual([]);
  });

  it("never for whom the watchlist blocks", async () => {
    const household = base.find((it) => it.id === CUSTOMER) as Known;
    const id_no_hash = await watchlistHash("secret of the lender", String(household.fields.id_no));
    const fields = { id_no_hash, level: "block", reason: "假证" };
    const entry = {
      type: "watchlist_entry",
      id: APP.id.replace(/.$/, "0"),
      customer: null,
      fields,
    };
    const { faults } = await submit(deskOf({}, entry));

    expect(faults.map((it) => it.reason)).toEqual(["watchlist-block"]);
  });
});

it("what no rule is about is not looked up at all", async () => {
  const desk = { ...deskOf(), store: { meta: { user: LI } } } as unknown as Desk;
  const { faults } = await told(desk, (action) => {
    action.create(
      "interaction",
      CUSTOMER,
      { kind: "call", direction: "in", at: "2026-06-16T01:00:00.000Z", summary: "约定还款" },
      APP.id,
    );
  });

  expect(faults).toEqual([]);
});

it("a new record is judged as it will be", async () => {
  const blocked = base.find((it) => it.id === CUSTOMER) as Known;
  const desk = deskOf({}, { ...blocked, fields: { ...blocked.fields, state: "blocked" } });
  const { faults } = await told(desk, (action) => {
    const { product_id, amount_fen, method, rate_bps, purpose } = APP.fields;
    const fields = { product_id, amount_fen, method, rate_bps, purpose } as Fields;
    action.create("loan_application", CUSTOMER, fields, APP.id.replace(/.$/, "0"));
  });

  expect(faults.map((it) => it.reason)).toEqual(["customer-blocked"]);
});
