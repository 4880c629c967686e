// Exact parts of a whole: what lies between an amount and its rounding. Never a floating point number.

/** `n / d` in lowest terms, `d` above 0. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Ratio = { n: 0n, d: 1n };
export const ONE: Ratio = { n: 1n, d: 1n };

/** Makes a ratio; *d* must be above 0. */
export function ratio(n: number | bigint, d: number | bigint = 1n): Ratio {
  const [top, bottom] = [BigInt(n), BigInt(d)];
  if (bottom <= 0n) throw new RangeError(`a ratio over ${bottom}`);
  const shared = commonDivisor(top < 0n ? -top : top, bottom);
  return { n: top / shared, d: bottom / shared };
}

export function plus(one: Ratio, other: Ratio): Ratio {
  return ratio(one.n * other.d + other.n * one.d, one.d * other.d);
}

export function times(one: Ratio, other: Ratio): Ratio {
  return ratio(one.n * other.n, one.d * other.d);
}

export function minus(one: Ratio, other: Ratio): Ratio {
  return ratio(one.n * other.d - other.n * one.d, one.d * other.d);
}

/** *one* / *other*, which must not be 0. */
export function over(one: Ratio, other: Ratio): Ratio {
  const sign = other.n < 0n ? -1n : 1n;
  return ratio(one.n * other.d * sign, one.d * other.n * sign);
}

/** *base* to the power of *exponent*, a whole number from 0 on. */
export function power(base: Ratio, exponent: number): Ratio {
  return ratio(base.n ** BigInt(exponent), base.d ** BigInt(exponent));
}

export function commonDivisor(one: bigint, other: bigint): bigint {
  let [larger, smaller] = [one, other];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
