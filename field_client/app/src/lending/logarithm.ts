// The natural logarithm to more decimals than an answer has, in whole numbers.

import { minus, ONE, over, plus, type Ratio, ratio } from "./ratio.ts";

const SCALE = 10n ** 60n;

/** ln(*number*), which must be above 0: ln(m · 2^k) = k · ln 2 + ln m, with m near 1. */
export function naturalLog(number: Ratio): Ratio {
  let [near, doublings] = [number, 0n];
  while (2n * near.n < near.d) [near, doublings] = [ratio(2n * near.n, near.d), doublings - 1n];
  while (near.n > near.d) [near, doublings] = [ratio(near.n, 2n * near.d), doublings + 1n];
  return ratio(doublings * series(ratio(2)) + series(near), SCALE);
}

/** 2 · artanh((x − 1)/(x + 1)) as a fixed-point number: quick for x from a half to 2. */
function series(number: Ratio): bigint {
  const ofNumber = over(minus(number, ONE), plus(number, ONE));
  const step = (ofNumber.n * SCALE) / ofNumber.d;
  const square = (step * step) / SCALE;
  let [power, sum] = [step, 0n];
  for (let place = 1n; power !== 0n; place += 2n) {
    sum += power / place;
    power = (power * square) / SCALE;
  }
  return 2n * sum;
}
