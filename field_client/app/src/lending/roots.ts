// Where a sum of discounted amounts is nothing: the roots behind a rate of return, without floats.

import { commonDivisor, ONE, over, plus, type Ratio, ratio, times, ZERO } from "./ratio.ts";

/** Decimals to which a root is found. */
export const DIGITS = 40;

/**
 * Amounts among which the sign may turn more than once; beyond, the exact sequence grows too long.
 */
export const MOST_TURNS = 60;

const SCALE = 10n ** BigInt(2 * DIGITS);
const FINE = ratio(1n, 10n ** BigInt(DIGITS));
const HALF = ratio(1, 2);

/** Whole coefficients, that of the constant first. */
type Polynomial = readonly bigint[];

/**
 * The growth g of a period with Σ amount_k / g^k = 0, to `DIGITS` decimals. Of several the least that
 * is 1 or more; where there is none, the greatest below 1. Null where no growth above 0 does it: all
 * amounts are of one sign.
 */
export function growthOf(amounts: readonly Ratio[]): Ratio | null {
  const flows = whole(amounts);
  const turns = signTurns(flows);
  if (turns === 0) return null;
  if (turns === 1) return onlyGrowth(flows);
  if (flows.length > MOST_TURNS) {
    const sentence = `the sign turns more than once in more than ${MOST_TURNS} amounts`;
    throw new RangeError(`values: ${sentence}`);
  }
  return nearestGrowth(flows);
}

/** Scales to whole numbers, without the nothing at either end: it changes no root. */
function whole(amounts: readonly Ratio[]): Polynomial {
  let common = 1n;
  for (const { d } of amounts) common = (common / commonDivisor(common, d)) * d;
  const flows = trimmed(amounts.map(({ n, d }) => (n * common) / d));
  return flows.slice(flows.findIndex((flow) => flow !== 0n));
}

function signTurns(values: Polynomial): number {
  const signs = values.filter((value) => value !== 0n).map((value) => value > 0n);
  return signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
}

/**
 * Bisects the one root: in the discount x = 1/g where x is at most 1, else in g below 1. Both run
 * from 0 to 1, where the powers of a fixed-point number stay small; it carries twice the decimals
 * that are asked for.
 */
function onlyGrowth(flows: Polynomial): Ratio {
  const sum = flows.reduce((one, other) => one + other, 0n);
  const byDiscount = sum === 0n || sum > 0n !== (flows[0] ?? 0n) > 0n;
  const descending = byDiscount ? [...flows].reverse() : flows;
  const startsAbove = (descending.at(-1) ?? 0n) > 0n;
  let [low, high] = [0n, SCALE];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    let worth = 0n;
    for (const amount of descending) worth = (worth * middle) / SCALE + amount * SCALE;
    if (worth > 0n === startsAbove) low = middle;
    else high = middle;
  }
  return byDiscount ? ratio(SCALE, high) : ratio(high, SCALE);
}

/** Isolates the root that is asked for with the exact sequence of Sturm. */
function nearestGrowth(flows: Polynomial): Ratio | null {
  const byDiscount = sturm(flows);
  if (count(byDiscount, ZERO, ONE) > 0) return over(ONE, greatestToOne(byDiscount));
  const byGrowth = sturm([...flows].reverse());
  return count(byGrowth, ZERO, ONE) > 0 ? greatestToOne(byGrowth) : null;
}

/** Counts the distinct roots above *low*, up to *high*, by Sturm's theorem. */
function count(sequence: readonly Polynomial[], low: Ratio, high: Ratio): number {
  return turnsAt(sequence, low) - turnsAt(sequence, high);
}

/** Bisects to the greatest root above 0, up to 1; there must be one. */
function greatestToOne(sequence: readonly Polynomial[]): Ratio {
  let [low, high] = [ZERO, ONE];
  while ((high.n * low.d - low.n * high.d) * FINE.d > high.d * low.d) {
    const middle = times(plus(low, high), HALF);
    if (count(sequence, middle, high) > 0) low = middle;
    else high = middle;
  }
  return high;
}

/** Counts the turns of sign at *at*; each polynomial is multiplied up to whole numbers. */
function turnsAt(sequence: readonly Polynomial[], at: Ratio): number {
  return signTurns(sequence.map((one) => valueAt(one, at)));
}

function valueAt(coefficients: Polynomial, at: Ratio): bigint {
  let [value, under] = [0n, 1n];
  for (const coefficient of [...coefficients].reverse()) {
    value = value * at.n + coefficient * under;
    under *= at.d;
  }
  return value;
}

/** Builds the sequence; a polynomial with repeated roots is first rid of the repetitions. */
function sturm(first: Polynomial): readonly Polynomial[] {
  const sequence = [first];
  let [one, other] = [first, first.map((value, place) => value * BigInt(place)).slice(1)];
  sequence.push(other);
  while (other.length > 1) {
    const [, rest] = divided(one, other);
    if (rest.length === 0) return sturm(divided(first, other)[0]);
    [one, other] = [other, rest.map((value) => -value)];
    sequence.push(other);
  }
  return sequence;
}

/** Quotient and rest, each scaled by something above 0 to small whole numbers. */
function divided(one: Polynomial, other: Polynomial): readonly [Polynomial, Polynomial] {
  const last = other.at(-1) ?? 1n;
  const [lead, sign] = last > 0n ? [last, 1n] : [-last, -1n];
  let quotient: bigint[] = Array(one.length - other.length + 1).fill(0n);
  let rest: readonly bigint[] = one;
  while (rest.length >= other.length) {
    const factor = (rest.at(-1) ?? 0n) * sign;
    const shift = rest.length - other.length;
    quotient = quotient.map((value, place) => value * lead + (place === shift ? factor : 0n));
    rest = trimmed(
      rest.map((value, place) => value * lead - factor * (other[place - shift] ?? 0n)),
    );
  }
  return [primitive(quotient), primitive(rest)];
}

function primitive(coefficients: Polynomial): Polynomial {
  let shared = 0n;
  for (const value of coefficients) {
    shared = commonDivisor(shared, value < 0n ? -value : value);
  }
  return shared === 0n ? coefficients : coefficients.map((value) => value / shared);
}

/** Without what is 0 at the end. */
function trimmed(coefficients: Polynomial): Polynomial {
  const end = coefficients.findLastIndex((value) => value !== 0n);
  return coefficients.slice(0, end + 1);
}
