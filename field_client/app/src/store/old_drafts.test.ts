// A form that an earlier version kept still opens, on the sets that it named.

import { describe, expect, it } from "vitest";
import { type OldDraft, withPlaces } from "./old_drafts.ts";
import type { Draft } from "./work.ts";

const DEVICE = "01990000-0000-7000-8000-0000000000d2";
/** The device has three sets; the first and the fourth place are an earlier device's. */
const rows = {
  places: async (device: string): Promise<[number, number][]> => {
    expect(device).toBe(DEVICE);
    return [
      [1, 2],
      [2, 3],
      [3, 5],
    ];
  },
};
const common = {
  id: "draft",
  screen: "edit",
  type: "customer",
  record: "chen",
  customer: "chen",
  is_new: false,
  base: 9,
  epoch: "e1",
  shown: { phone: "1" },
  fields: { phone: "2" },
  extra: { page: 2 },
  changed_at: "2026-06-16T01:00:00.000Z",
};

describe("a form of an earlier version", () => {
  const cases: [number, Record<string, number>, number, Record<string, number>][] = [
    [0, {}, 1, {}],
    [1, { phone: 1 }, 2, { phone: 2 }],
    [2, { phone: 2, name: 1 }, 4, { phone: 3, name: 2 }],
    [3, { phone: 3, name: 9 }, 5, { phone: 5 }],
  ];

  it.each(cases)("opened after number %s goes by places", async (after, newest, seq, places) => {
    const old: OldDraft = { ...common, after, newest };

    const [found] = await withPlaces([old], rows, DEVICE, 5);

    expect(found).toStrictEqual({ ...common, after_seq: seq, newest: places });
  });

  it("is kept by a store without sets", async () => {
    const old: OldDraft = { ...common, after: 0, newest: {} };

    const [found] = await withPlaces([old], { places: async () => [] }, DEVICE, 0);

    expect(found).toStrictEqual({ ...common, after_seq: 0, newest: {} });
  });
});

describe("a form of this version", () => {
  it("stays as it is", async () => {
    const draft: Draft = { ...common, after_seq: 4, newest: { phone: 3 } };

    expect(await withPlaces([draft], rows, DEVICE, 5)).toStrictEqual([draft]);
  });
});
