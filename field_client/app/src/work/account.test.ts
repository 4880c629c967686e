import { describe, expect, it } from "vitest";

import { portions } from "./account.ts";

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
