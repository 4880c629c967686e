// Two copies have the same digest when they hold the same records at the same versions.

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import {
  add,
  bucketSums,
  digestOf,
  EMPTY,
  mergeDigests,
  remove,
  sumText,
  type Versioned,
} from "./digest.ts";

interface Case {
  readonly id: string;
  readonly name: string;
  readonly held: Versioned[];
  readonly records: number;
  readonly sum: string;
  readonly buckets: Record<string, string>;
}

const FILE = new URL("../../../../tests/vectors/digest.json", import.meta.url);
const { count, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  count: number;
  vectors: Case[];
};

test("the file is whole", () => expect(vectors).toHaveLength(count));

describe("a copy has one digest", () => {
  it.each(vectors)("$id: $name", ({ held, records, sum }) => {
    const digest = digestOf(held);

    expect([digest.records, sumText(digest.sum)]).toEqual([records, sum]);
    expect(held.reduce((sofar, [id, version]) => add(sofar, id, version), EMPTY)).toEqual(digest);
    expect(held.reduce((left, [id, version]) => remove(left, id, version), digest)).toEqual(EMPTY);
    expect(mergeDigests(held.map((one) => digestOf([one])))).toEqual(digest);
  });
});

describe("a copy has 256 sums by the last byte of the id", () => {
  it.each(vectors)("$id: $name", ({ held, buckets }) => {
    const sums = bucketSums(held);
    const told = sums.flatMap((sum, at) => (sum === "0".repeat(16) ? [] : [[at, sum]]));

    expect(sums).toHaveLength(256);
    expect(Object.fromEntries(told)).toEqual(buckets);
  });
});

test("a record less than nothing is put right by one more", () => {
  const id = "01980000-0000-7000-8000-0000000000ff";

  expect(remove(EMPTY, id, 1).sum).toBeGreaterThan(0n);
  expect(add(remove(EMPTY, id, 1), id, 1)).toEqual(EMPTY);
});

test("a sum is written modulo 2^64, with all its digits", () => {
  expect(sumText(1n)).toBe("0000000000000001");
  expect(sumText(-1n)).toBe("ffffffffffffffff");
  expect(sumText(1n << 64n)).toBe("0000000000000000");
});
