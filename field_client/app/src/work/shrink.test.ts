import { describe, expect, it } from "vitest";
import { LONGEST_SIDE, shrunk } from "./shrink.ts";

describe("the size in which a picture is kept", () => {
  it.each([
    [4000, 3000, 1600, 1200],
    [3000, 4000, 1200, 1600],
    [1600, 1600, 1600, 1600],
    [800, 600, 800, 600],
    [1, 20_000, 1, 1600],
  ])("of %s by %s is %s by %s", (width, height, wide, high) => {
    expect(shrunk(width, height)).toEqual([wide, high]);
    expect(Math.max(wide, high)).toBeLessThanOrEqual(LONGEST_SIDE);
  });
});
