// What is shown of a customer who was registered twice and merged: own work that waits is under the survivor.

import { describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Change } from "../schemas/messages.ts";
import { Registry } from "../schemas/registry.ts";
import { type Meta, newMeta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Held } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import { recordsOf } from "./views.ts";

const REGISTRY = new Registry(TYPES, SCHEMA);
const CHEN = "01990000-0000-7000-8000-0000000000c1";
const TWIN = "01990000-0000-7000-8000-0000000000c2";
const CALL = "01990000-0000-7000-8000-0000000000a1";
const LI = { id: CHEN, username: "li.min", name: "李敏", role: "officer", branch: null };

function set(number: number, ...changes: Change[]): OwnSet {
  const made = { number, content: { changes }, seen: {}, covered: false, settled: null };
  return { ...made, result: null } as unknown as OwnSet;
}

function change(op: Change["op"], type: string, id: string, fields: Change["set"]): Change {
  return { op, type, id, customer: TWIN, set: fields } as Change;
}

/** A tablet that holds CHEN, and has work for TWIN that waits. */
function tablet(merged: Meta["merged"], ...sets: OwnSet[]): Store {
  const chen = { type: "customer", id: CHEN, customer: CHEN, version: 9, gone: false };
  const held: Held[] = [{ ...chen, fields: { name: "陈国平", phone: "1" } } as Held];
  const bundles = new Map([[CHEN, held]]);
  const meta = { ...newMeta(CHEN, "T", LI, "", "e1"), merged };
  return {
    meta,
    sets,
    bundle: async (key: string) => bundles.get(key) ?? [],
  } as unknown as Store;
}

const MERGED = { [TWIN]: { survivor: CHEN, conflicts: [] } };
const WORK = [
  set(1, change("create", "customer", TWIN, { name: "陈国平", phone: "2" })),
  set(2, change("update", "customer", TWIN, { phone: "3" })),
  set(3, change("create", "interaction", CALL, { summary: "约定还款" })),
];

describe("work for a customer who was merged into another one", () => {
  it.each([CHEN, TWIN])("is shown under the survivor, asked for as %s", async (key) => {
    const shown = await recordsOf(tablet(MERGED, ...WORK), REGISTRY, key);

    expect(shown.map((it) => [it.id, it.customer, it.pending])).toEqual([
      [CHEN, CHEN, [2]],
      [CALL, CHEN, [3]],
    ]);
    expect(shown[0]?.fields).toEqual({ name: "陈国平", phone: "3" });
  });

  it("is his own as long as nobody has merged them", async () => {
    const shown = await recordsOf(tablet(undefined, ...WORK), REGISTRY, TWIN);

    expect(shown.map((it) => [it.id, it.customer])).toEqual([
      [TWIN, TWIN],
      [CALL, TWIN],
    ]);
  });

  it("stays under the absorbed id where the survivor is not this officer's", async () => {
    const merged = { [TWIN]: { survivor: null, conflicts: [] } };

    const shown = await recordsOf(tablet(merged, ...WORK), REGISTRY, TWIN);

    expect(shown.map((it) => it.customer)).toEqual([TWIN, TWIN]);
  });
});
