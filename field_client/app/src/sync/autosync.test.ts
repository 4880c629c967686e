import { describe, expect, test } from "vitest";
import { AutoSync, type SyncState } from "./autosync.ts";
import { NewDeviceError, type Report, WipedError } from "./round_trip.ts";
import { SignInAgainError } from "./session.ts";
import { OfflineError, ProblemError } from "./transport.ts";

const REPORT: Report = { requests: 1, sent: 0, toSend: 0, records: 0, results: [], notices: [] };

/** A network that answers as it is told, and timers that fire by hand. */
function place(answers: (Error | null)[], online = true) {
  const planned: { ms: number; call: () => void }[] = [];
  const states: SyncState[] = [];
  let trips = 0;
  const sync = new AutoSync({
    trip: async () => {
      const answer = answers[trips++] ?? null;
      if (answer !== null) throw answer;
      return REPORT;
    },
    jitter: () => 0.5,
    isOnline: () => online,
    later: (ms, call) => {
      const timer = { ms, call };
      planned.push(timer);
      return () => {
        planned.splice(planned.indexOf(timer), 1);
      };
    },
    changed: (state) => states.push(state),
  });
  return { sync, planned, states, trips: () => trips };
}

const OFFLINE = new OfflineError("no answer");

describe("when the tablet syncs by itself", () => {
  test("a link that stays broken is tried again after waits that grow", async () => {
    const { sync, planned } = place([OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE]);
    const waits: (number | undefined)[] = [];
    await sync.now();
    for (let tried = 0; tried < 4; tried++) {
      waits.push(planned[0]?.ms);
      planned[0]?.call();
      await Promise.resolve();
      await new Promise(setImmediate);
    }

    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000]);
  });

  test("by hand it begins at once and counts from the beginning again", async () => {
    const { sync, planned, trips } = place([OFFLINE, OFFLINE]);
    await sync.now();
    await sync.now();

    expect(trips()).toBe(2);
    expect(planned.map((it) => it.ms)).toEqual([10_000]);
  });

  test("two calls at once make one round trip", async () => {
    const { sync, trips } = place([null]);
    await Promise.all([sync.now(), sync.now()]);

    expect(trips()).toBe(1);
  });

  test("what is saved goes out soon, but not into a link known to be broken", async () => {
    const good = place([null]);
    await good.sync.now();
    good.sync.saved();
    const bad = place([OFFLINE]);
    await bad.sync.now();
    bad.sync.saved();

    expect(good.planned.map((it) => it.ms)).toEqual([1_000]);
    expect(bad.planned.map((it) => it.ms)).toEqual([10_000]);
  });

  test("what is saved during a round trip goes out in the next one", async () => {
    const { sync, planned } = place([null]);
    const run = sync.now();
    sync.saved();
    await run;

    expect(planned.map((it) => it.ms)).toEqual([1_000]);
  });

  test("without a network nothing is tried, by hand neither", async () => {
    const { sync, planned, trips } = place([null], false);
    await sync.now();

    expect([trips(), sync.state.last.kind, planned.length]).toEqual([0, "offline", 1]);
  });

  test("nothing starts after the end", async () => {
    const { sync, planned, trips } = place([null]);
    await sync.now();
    await sync.stop();
    await sync.now();

    expect([planned, trips()]).toEqual([[], 1]);
  });

  test.each([
    [OFFLINE, "offline"],
    [new SignInAgainError(), "sign_in_again"],
    [new NewDeviceError(), "sign_in_again"],
    [new WipedError(), "wiped"],
    [new ProblemError(403, { type: "/problems/device-locked" }, null), "refused"],
    [new Error("a bug"), "failed"],
  ])("%s ends it as %s", async (error, kind) => {
    const { sync } = place([error]);
    await sync.now();

    expect(sync.state).toMatchObject({ running: false, report: null, last: { kind } });
  });
});
