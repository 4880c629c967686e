import { describe, expect, it } from "vitest";

import { type Meta, newMeta } from "../store/meta.ts";
import type { Work } from "../store/work.ts";
import type { OwnSet } from "../sync/sets.ts";
import { portions, signInAgain } from "./account.ts";
import type { Desk } from "./desk.ts";

const DEVICE = "01990000-0000-7000-8000-0000000000d1";
const NOW = "2026-06-16T01:00:00.000Z";
const LI = { id: DEVICE, username: "li.min", name: "李敏", role: "officer", branch: null };

describe("a journal goes to the branch in portions", () => {
  it.each([
    [[], 10, [[]]],
    [["aaaa", "bbbb"], 10, [["aaaa", "bbbb"]]],
    [["aaaaa", "bbbbb"], 10, [["aaaaa", "bbbbb"]]],
    [["aaaaa", "bbbbb", "c"], 10, [["aaaaa", "bbbbb"], ["c"]]],
    [["a".repeat(30), "b", "c"], 10, [["a".repeat(30)], ["b", "c"]]],
    [["a", "b".repeat(30)], 10, [["a"], ["b".repeat(30)]]],
  ])("%j in portions of %d", (lines, most, parts) => {
    expect(portions(lines, most)).toEqual(parts);
  });

  it("keeps every line, in its order", () => {
    const lines = Array.from({ length: 500 }, (_, at) => `${at}`.repeat(1 + (at % 7)));

    expect(portions(lines, 50).flat()).toEqual(lines);
  });
});

describe("signing in again", () => {
  it("tells which sets a restored server holds", async () => {
    const store = {
      meta: newMeta(DEVICE, "T", LI, "", "e1") as Meta,
      sets: [1, 2].map(accepted),
      files: new Map(),
      lastNumber: 2,
      exclusive: <T>(change: () => Promise<T>) => change(),
      setsAbove: async (above: number) => store.sets.filter((it) => it.number > above),
      setsOfEarlierDevices: async () => [],
      commit: async ({ meta, sets = [] }: Work) => {
        Object.assign(store.meta, meta);
        store.sets = store.sets.map((it) => sets.find(({ seq }) => seq === it.seq) ?? it);
      },
    };
    const device = { id: DEVICE, known_through: 2, held: ["set-1"] };
    const given = { access_token: "a", refresh_token: "r", user: LI, device, epoch: "e2" };
    const transport = { post: async () => ({ ...given, seal_key: "" }) };
    const desk = { store, journal: null } as unknown as Desk;

    await signInAgain({ transport, newId: () => DEVICE }, desk, "correct");

    expect(store.meta.epoch).toBe("e2");
    expect(store.sets.map((it) => it.result?.status)).toEqual(["held", "applied"]);
  });
});

function accepted(number: number): OwnSet {
  const named = { number, id: `set-${number}`, epoch: "e1", base: 9, action: "edit", made_at: NOW };
  return {
    ...named,
    seq: number,
    device: DEVICE,
    content: null,
    seen: {},
    state: "answered",
    result: { number, status: "applied", repeated: false, changes: [] },
    answered_at: NOW,
    covered: true,
    settled: null,
    mended_by: null,
    stand_in: null,
  };
}
