import { afterEach, describe, expect, it, vi } from "vitest";
import { askPersistence, storageEstimate } from "./persistence.ts";

const BROWSERS = {
  "that kept it already": { persisted: async () => true, persist: async () => false, kept: true },
  "that agrees": { persisted: async () => false, persist: async () => true, kept: true },
  "that refuses": { persisted: async () => false, persist: async () => false, kept: false },
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("asking that nothing be evicted", () => {
  it.each(Object.entries(BROWSERS))("of a browser %s", async (_, { kept, ...storage }) => {
    vi.stubGlobal("navigator", { storage });

    expect(await askPersistence()).toBe(kept);
  });

  it("of a browser that knows nothing of it", async () => {
    vi.stubGlobal("navigator", {});

    expect(await askPersistence()).toBe(false);
    expect(await storageEstimate()).toBeNull();
  });
});

describe("the room on the tablet", () => {
  it.each([
    [
      { usage: 1, quota: 100 },
      { usedBytes: 1, quotaBytes: 100 },
    ],
    [{}, null],
  ])("where the browser says %j", async (said, room) => {
    vi.stubGlobal("navigator", { storage: { estimate: async () => said } });

    expect(await storageEstimate()).toEqual(room);
  });
});
