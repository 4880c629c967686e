// Amounts are exact at any size, and rounded once.

import { expect, test } from "vitest";
import { seeded } from "./cases/seeded.ts";
import { penaltyFen, penaltyRate } from "./penalty.ts";
import { ratio } from "./ratio.ts";
import { halfEven, halfUp, halfUpShare } from "./rounding.ts";
import { counted, plusProduct, sumOf } from "./whole.ts";

test.each([
  [25, 3],
  [35, 4],
  [24, 2],
  [0, 0],
  [-25, -3],
  [-24, -2],
])("half a fen goes away from zero: %i tenths", (tenths, rounded) => {
  expect(halfUp(ratio(tenths, 10))).toBe(rounded);
});

test("outside schedules may round a half to even", () => {
  expect([3, 5, 7, -3, -5].map((half) => halfEven(ratio(half, 2)))).toEqual([2, 2, 4, -2, -2]);
  expect([24, 26, -24, -26].map((tenths) => halfEven(ratio(tenths, 10)))).toEqual([2, 3, -2, -3]);
});

test("a share by numbers is the share by exact ratios, across the end of exact numbers", () => {
  const draw = seeded(53);
  for (let round = 0; round < 2_000; round += 1) {
    const amount = draw(0, 4_000_000_000) * 2 ** draw(0, 18);
    const [n, d] = [draw(1, 5_000), draw(1, 40_000) * 10_000];
    expect(halfUpShare(amount, n, d)).toBe(halfUp(ratio(BigInt(amount) * BigInt(n), d)));
  }
});

test("a sum of products goes on exactly beyond what numbers hold", () => {
  const near = plusProduct(0, 2 ** 52, 1);

  expect(near).toBe(2 ** 52);
  expect(plusProduct(near, 2 ** 52 - 1, 1)).toBe(2 ** 53 - 1);
  expect(plusProduct(near, 2 ** 52, 1)).toBe(2n ** 53n);
  expect(plusProduct(1, 10 ** 15, 1_000)).toBe(10n ** 18n + 1n);
  expect(plusProduct(10n ** 18n, 1, 1)).toBe(10n ** 18n + 1n);
});

test("penalty on the greatest amount for thirty years is exact", () => {
  const fenDays = plusProduct(0, 10 ** 15, 30 * 360);

  expect(penaltyFen(penaltyRate(2), fenDays)).toBe(9_000_000_000_000);
});

test("penalty follows the product's day count", () => {
  expect(penaltyFen(penaltyRate(840, 5000, "act365"), 1_000_00 * 365)).toBe(126_00);
  expect(penaltyFen(penaltyRate(840), 1_000_00 * 365)).toBe(127_75);
});

test("amounts that no number counts are refused by name", () => {
  expect(() => counted(2 ** 53, "paid_fen")).toThrow("paid_fen: must be a whole number");
  expect(() => counted(10n ** 20n, "paid_fen")).toThrow("paid_fen: must be a whole number");
  expect(() => sumOf([2 ** 53 - 1, 1, 1], (fen) => fen, "paid_fen")).toThrow("paid_fen: must");
});
