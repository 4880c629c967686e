import { describe, expect, it } from "vitest";
import { MARGIN, rowToFocus, spanOf } from "./window.ts";

const ROW = 80;

describe("the rows that are drawn", () => {
  it.each([
    ["at the top of the page", 180, 800, 5000, 0, 20],
    ["in the middle", -40_000, 800, 5000, 492, 520],
    ["at the end", -399_200, 800, 5000, 4980, 5000],
    ["of a short list", 180, 800, 3, 0, 3],
    ["of a list far below the view", 9000, 800, 5000, 0, 0],
    ["of a list far above the view", -500_000, 800, 5000, 5000, 5000],
  ])("%s", (_, top, height, count, from, to) => {
    expect(spanOf(top, height, ROW, count)).toEqual({ from, to });
  });

  it("always cover the view, with some to spare", () => {
    for (let top = 0; top > -20_000; top -= 37) {
      const { from, to } = spanOf(top, 800, ROW, 5000);

      expect(from).toBeLessThanOrEqual(Math.max(0, Math.floor(-top / ROW) - MARGIN));
      expect(to).toBeGreaterThanOrEqual(Math.ceil((800 - top) / ROW) + MARGIN);
    }
  });
});

describe("the keys of a long list", () => {
  it.each([
    ["ArrowDown", 3, 4],
    ["ArrowUp", 3, 2],
    ["ArrowUp", 0, null],
    ["ArrowDown", 99, null],
    ["PageDown", 3, 13],
    ["PageDown", 95, 99],
    ["PageUp", 3, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["Home", 0, null],
    ["a", 50, null],
  ])("%s from row %i leads to %s", (key, at, row) => {
    expect(rowToFocus(key, at, 100, 10)).toBe(row);
  });
});
