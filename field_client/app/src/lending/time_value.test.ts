// Rates of return and the functions around them hold together, whatever the amounts.

import { expect, test } from "vitest";
import { type Draw, seeded } from "./cases/seeded.ts";
import { minus, ONE, plus, type Ratio, ratio, ZERO } from "./ratio.ts";
import {
  futureValue,
  irr,
  nperOf,
  npv,
  pmt,
  ppmt,
  presentValue,
  rateOf,
  type When,
} from "./time_value.ts";

const NEAR = ratio(1n, 10n ** 28n);

function isNear(one: Ratio | null, other: Ratio): boolean {
  if (one === null) return false;
  const off = minus(one, other);
  return minus({ n: off.n < 0n ? -off.n : off.n, d: off.d }, NEAR).n < 0n;
}

/** Runs *body* on many loans, always the same ones. */
function forMany(
  seed: number,
  body: (rate: Ratio, nper: number, loan: Ratio, when: When) => void,
): void {
  const draw: Draw = seeded(seed);
  for (let round = 0; round < 60; round += 1) {
    const rate = ratio(draw(0, 1_200), draw(1_200, 9_000));
    body(rate, draw(1, 60), ratio(draw(1, 1_000_000)), draw(0, 1) === 0 ? "end" : "begin");
  }
}

test("the level payment carries the loan to nothing", () => {
  forMany(3, (rate, nper, loan, when) => {
    const level = pmt(rate, nper, loan, ZERO, when);

    expect(futureValue(rate, nper, level, loan, when)).toEqual(ZERO);
    expect(presentValue(rate, nper, level, ZERO, when)).toEqual(loan);
    let repaid = ZERO;
    for (let per = 1; per <= nper; per += 1) {
      repaid = plus(repaid, ppmt(rate, per, nper, loan, ZERO, when));
    }
    expect(plus(repaid, loan)).toEqual(ZERO);
  });
});

test("the rate and the number of periods are found again", () => {
  forMany(5, (rate, nper, loan, when) => {
    const level = pmt(rate, nper, loan, ZERO, when);
    const found = rateOf(nper, level, loan, ZERO, when);

    if (when === "begin" && nper === 1) {
      expect(found).toBeNull(); // nothing is ever owed
      return;
    }
    expect(isNear(found, rate)).toBe(true);
    expect(isNear(nperOf(rate, level, loan, ZERO, when), ratio(nper))).toBe(true);
  });
});

test.each([
  [[1, -2, 1], ZERO],
  [[-4, 4, -1], ratio(-1, 2)],
  [[-4, 4], ZERO],
  [[0, -4, 6, 0], ratio(1, 2)],
  [[-6, 11, -6, 1], ZERO],
  [[2, -9, 12, -4], ONE],
  [[-4, 1, -1], null],
  [[0, 0], null],
  [[-1], null],
])("of several rates the least that is not negative: %j", (values, rate) => {
  const found = irr(values.map((value) => ratio(value)));

  if (rate === null) expect(found).toBeNull();
  else expect(isNear(found, rate)).toBe(true);
});

test("what is worth nothing at its rate of return", () => {
  const values = [-1_500, 200, 0, 900, 700].map((value) => ratio(value));

  expect(isNear(npv(irr(values) ?? ONE, values), ZERO)).toBe(true);
});

test("payments below the interest never pay a loan off", () => {
  expect(nperOf(ratio(1, 10), ratio(-10), ratio(200), ZERO)).toBeNull();
  expect(nperOf(ratio(1, 10), ratio(-20), ratio(200), ZERO)).toBeNull();
});

test("without interest payments are counted", () => {
  expect(nperOf(ZERO, ratio(-100), ratio(250), ZERO)).toEqual(ratio(5, 2));
  expect(nperOf(ZERO, ZERO, ratio(250), ZERO)).toBeNull();
});
