// Ids, dates and instants beside what the shared vectors say.

import { expect, test } from "vitest";
import { formatInstant, isNationalId, isRecordId, parseDate, uuid7 } from "./values.ts";

test("an id takes ten random bytes", () => {
  expect(() => uuid7(0, new Uint8Array(9))).toThrow(RangeError);
});

test("what is no text is no id, no date and no id number", () => {
  for (const it of [null, undefined, 7, ["a"], {}]) {
    expect(isRecordId(it)).toBe(false);
    expect(isNationalId(it)).toBe(false);
    expect(parseDate(it)).toBeNull();
  }
});

test("a date is taken apart", () => {
  expect(parseDate("2024-02-29")).toEqual({ year: 2024, month: 2, day: 29 });
});

test("an instant that cannot be written is the nearest that can", () => {
  expect(formatInstant(Number.MAX_SAFE_INTEGER)).toBe("9999-12-31T23:59:59.999Z");
  expect(formatInstant(Number.MIN_SAFE_INTEGER)).toBe("0001-01-01T00:00:00.000Z");
});
