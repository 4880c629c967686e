import { describe, expect, it } from "vitest";
import { ageOf, headlineOf } from "./standing.ts";

describe("the headline of the sync screen", () => {
  const idle = { link: { link: "idle" as const }, waiting: 0, caughtUp: true };
  const busy = { link: "busy" as const, done: 1, all: 3, bytes: null, allBytes: null };

  it.each([
    [{}, "all"],
    [{ waiting: 2 }, "waiting"],
    [{ caughtUp: false }, "behind"],
    [{ link: { link: "offline" as const } }, "offline"],
    [{ link: { link: "unreached" as const }, waiting: 2 }, "unreached"],
    [{ link: busy, waiting: 2 }, "busy"],
  ])("with %o is %s", (more, headline) => {
    expect(headlineOf({ ...idle, ...more })).toBe(headline);
  });

  it("says that all is synced only when nothing waits and nothing is to come", () => {
    expect(headlineOf({ ...idle, waiting: 1, caughtUp: true })).not.toBe("all");
    expect(headlineOf({ ...idle, waiting: 0, caughtUp: false })).not.toBe("all");
  });
});

describe("the age of the last sync", () => {
  const now = Date.parse("2026-06-20T08:00:00.000Z");
  const age = (at: string) => ageOf(at, now);

  it("is worth a banner after a day, and another after three", () => {
    expect(age("2026-06-20T06:00:00.000Z")).toMatchObject({ old: false });
    expect(age("2026-06-19T07:59:00.000Z")).toMatchObject({ old: true, veryOld: false });
    expect(age("2026-06-17T07:59:00.000Z")).toMatchObject({ veryOld: true });
  });

  it("is nothing where the clock went back, or where there was no sync", () => {
    expect(age("2026-06-21T08:00:00.000Z")).toMatchObject({ ms: 0, old: false });
    expect(ageOf(null, now)).toBeNull();
  });
});
