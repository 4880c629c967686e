import { describe, expect, it } from "vitest";
import { type Misses, missed, NO_MISSES, rearmed, secondsLeft, waitSeconds } from "./misses.ts";

const NOON = Date.UTC(2026, 5, 16, 4);
const YEAR = 365 * 86_400_000;

function heldAfter(count: number): Misses {
  let held = NO_MISSES;
  for (let miss = 0; miss < count; miss += 1) held = missed(held, NOON);
  return held;
}

describe("wrong PINs", () => {
  it.each([
    [0, 0],
    [1, 0],
    [3, 0],
    [4, 30],
    [5, 60],
    [6, 120],
    [7, 300],
    [8, 600],
    [9, 1800],
    [10, 1800],
  ])("%i in a row cost %i seconds", (count, seconds) => {
    expect(waitSeconds(count)).toBe(seconds);
    expect(secondsLeft(heldAfter(count), NOON)).toBe(seconds);
  });

  it("are waited out", () => {
    expect(secondsLeft(heldAfter(4), NOON + 29_001)).toBe(1);
    expect(secondsLeft(heldAfter(4), NOON + 30_000)).toBe(0);
  });

  it("cost no less, and not for ever, where the clock is put back", () => {
    const held = heldAfter(4);

    expect(secondsLeft(held, NOON - YEAR)).toBe(30);
    const anew = rearmed(held, NOON - YEAR);
    expect(secondsLeft(anew, NOON - YEAR + 29_000)).toBe(1);
    expect(secondsLeft(anew, NOON - YEAR + 30_000)).toBe(0);
  });

  it("are left as they are while the clock is as it was", () => {
    expect(rearmed(heldAfter(4), NOON + 1000)).toEqual(heldAfter(4));
    expect(rearmed(NO_MISSES, NOON)).toEqual(NO_MISSES);
  });
});
