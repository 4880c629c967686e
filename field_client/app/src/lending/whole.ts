// Whole numbers, exact at any size, and plain numbers wherever those are provably exact.
//
// Why the checks below prove it: rounding to a double keeps order, and 2^53 is a double. So where a
// true sum or product of whole numbers is 2^53 or more, what JavaScript makes of it is too, and is
// not safe; where it is safe, it is the true one.

/** A whole number: a bigint only where a number cannot hold it. */
export type Whole = number | bigint;

/** *sum* + *one* × *other*. */
export function plusProduct(sum: Whole, one: number, other: number): Whole {
  const product = one * other;
  if (typeof sum === "number" && Number.isSafeInteger(product)) {
    const total = sum + product;
    if (Number.isSafeInteger(total)) return total;
  }
  return BigInt(sum) + BigInt(one) * BigInt(other);
}

/** *amount* as a number that counts exactly; refused by the name *what* where none does. */
export function counted(amount: Whole, what: string): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) {
    throw new RangeError(`${what}: must be a whole number that can be counted, not ${amount}`);
  }
  return number;
}

/** Adds up amounts that are not negative. Looking at the end will do: once not safe, never again. */
export function sumOf<Row>(
  rows: readonly Row[],
  amountOf: (row: Row) => number,
  what: string,
): number {
  let sum = 0;
  for (const row of rows) sum += amountOf(row);
  return counted(sum, what);
}
