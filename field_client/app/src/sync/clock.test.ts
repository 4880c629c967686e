// Stamps order writes whatever the clocks say. The vectors are those that the server passes.

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { compare, format, type Hlc, parse, receive, stampAt, tick } from "./clock.ts";

type Case = { readonly id: string; readonly name: string } & (
  | { do: "tick"; last: string; now_ms: number; expected: string }
  | { do: "receive"; last: string; remote: string; now_ms: number; expected: string }
  | { do: "clamp"; stamp: string; low_ms: number; high_ms: number; expected: string }
  | { do: "correct"; stamp: string; skew_ms: number; expected: string }
  | { do: "skew"; sent_at: string; received_at: string; expected: number }
  | ({ do: "read"; expected: string } & Submitted)
  | { do: "order"; expected: string[] }
);

interface Submitted {
  readonly clock: unknown;
  readonly made_at: unknown;
  readonly received_ms: number;
  readonly device: string;
}

const FILE = new URL("../../../../tests/vectors/hlc.json", import.meta.url);
const { count, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  count: number;
  vectors: Case[];
};

test("the file is whole", () => expect(vectors).toHaveLength(count));

describe("the clock follows its rules", () => {
  it.each(vectors)("$id: $name", (one) => expect(answer(one)).toEqual(one.expected));
});

function answer(one: Case): string | number | string[] {
  switch (one.do) {
    case "tick":
      return format(tick(stamp(one.last), one.now_ms));
    case "receive":
      return format(receive(stamp(one.last), stamp(one.remote), one.now_ms));
    case "order":
      return one.expected.map(stamp).reverse().sort(compare).map(format);
    // The rest are the server's; here they show that a device's stamps say what the server reads.
    case "clamp":
      return format(clamped(stamp(one.stamp), one.low_ms, one.high_ms));
    case "correct": {
      const { millis, device, counter } = stamp(one.stamp);
      return format(stampAt(millis - one.skew_ms, device, counter));
    }
    case "skew":
      return (millisOf(one.sent_at) ?? 0) - (millisOf(one.received_at) ?? 0);
    case "read":
      return format(submitted(one));
  }
}

function stamp(text: string): Hlc {
  const found = parse(text);
  if (found === null) throw new Error(`not a stamp: ${text}`);
  return found;
}

function clamped(one: Hlc, lowMs: number, highMs: number): Hlc {
  const [low, high] = [stampAt(lowMs, one.device), stampAt(highMs, one.device)];
  const atLeast = compare(one, low) < 0 ? low : one;
  return compare(atLeast, high) > 0 ? high : atLeast;
}

function submitted({ clock, made_at, received_ms, device }: Submitted): Hlc {
  const found = parse(clock);
  return found?.device === device ? found : stampAt(millisOf(made_at) ?? received_ms, device);
}

/** An instant's milliseconds; null where the text is none, or names a day that does not exist. */
function millisOf(text: unknown): number | null {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return null;
  const millis = Date.parse(text);
  const day = Number.isNaN(millis) ? "" : new Date(millis).toISOString().slice(0, 10);
  return day === text.slice(0, 10) && !day.startsWith("0000") ? millis : null;
}

const DEVICE = "0198f2c4-0000-7000-8000-00000000000a";

test.each([
  undefined,
  null,
  17,
  "",
  `0198f2c4a1b3-0002-${DEVICE}\n`,
  ` 0198f2c4a1b3-0002-${DEVICE}`,
  `0198F2C4A1B3-0002-${DEVICE}`,
  `0198f2c4a1b3-2-${DEVICE}`,
  "0198f2c4a1b3-0002-a-",
  "0198f2c4a1b3-0002--a",
  "0198f2c4a1b3-0002-a_b",
  `0198f2c4a1b3-0002-${"a".repeat(65)}`,
])("%j is no stamp", (text) => expect(parse(text)).toBeNull());

test.each(["a", "a-b", "9", "a".repeat(64), DEVICE])("a device may be called %s", (device) => {
  const written = format(stampAt(1_756_419_629_491, device, 0x10002));

  expect(written).toBe(`0198f2c4a1b4-0002-${device}`);
  expect(format(stamp(written))).toBe(written);
});

test("stamps run ahead of the wall clock only as far as it went back", () => {
  const walls = [5, 9, 3, 3, 9, 4, -1, 7];
  let last = stampAt(0, "a");
  for (const now of walls) {
    const next = tick(last, now);
    expect(compare(next, last)).toBeGreaterThan(0);
    last = next;
  }

  expect(last).toEqual({ millis: 9, counter: 6, device: "a" });
});
