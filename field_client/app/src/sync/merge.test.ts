// What the shared vectors of `rebase` leave out: values that no declared field has.

import { expect, test } from "vitest";
import { compareTexts, settleHighest, settleSet } from "./merge.ts";

test("texts sort by code points", () => {
  const texts = ["𠀀", "Ａ", "", "a", "甲", "ab", "𠀀a", "甲乙"];

  expect(texts.sort(compareTexts)).toEqual(["", "a", "ab", "甲", "甲乙", "Ａ", "𠀀", "𠀀a"]);
  expect(compareTexts("甲", "甲")).toBe(0);
});

test("numbers in a set sort as their words", () => {
  expect(settleSet([9], { add: [10, 9] })).toEqual([10, 9]);
});

test("an edit that is none changes nothing", () => {
  expect(settleSet(["a"], "b")).toEqual(["a"]);
});

test("what cannot be compared with what stands does not replace it", () => {
  expect(settleHighest(1, "2")).toBe(1);
  expect(settleHighest("2026-06-01", 3)).toBe("2026-06-01");
});
