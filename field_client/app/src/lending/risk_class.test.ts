import { expect, test } from "vitest";
import {
  classByDays,
  isNpl,
  isUnderObservation,
  RISK_CLASSES,
  STANDARD_THRESHOLDS,
  systemClass,
} from "./risk_class.ts";

test.each([
  [0, "normal"],
  [1, "special_mention"],
  [90, "special_mention"],
  [91, "substandard"],
  [270, "substandard"],
  [271, "doubtful"],
  [360, "doubtful"],
  [361, "loss"],
])("%i days past due set the floor", (dpd, riskClass) => {
  expect(classByDays(dpd)).toBe(riskClass);
});

test("another bad loan makes a good one special mention", () => {
  expect(systemClass(0, { anotherLoanIsNpl: true })).toBe("special_mention");
  expect(systemClass(95, { anotherLoanIsNpl: true })).toBe("substandard");
});

test("non-performing starts at substandard", () => {
  expect(RISK_CLASSES.map(isNpl)).toEqual([false, false, true, true, true]);
});

test("a lender may keep the older thresholds", () => {
  expect(classByDays(181, { ...STANDARD_THRESHOLDS, doubtful: 181 })).toBe("doubtful");
});

test("thresholds out of order are refused", () => {
  const thresholds = { ...STANDARD_THRESHOLDS, substandard: 300 };

  expect(() => systemClass(0, { thresholds })).toThrow("must rise");
});

test.each([
  ["2026-02-27", false],
  ["2026-02-28", true],
  ["2027-02-27", true],
  ["2027-02-28", false],
])("observation lasts a year: %s", (asOf, watched) => {
  expect(isUnderObservation("2026-02-28", asOf)).toBe(watched);
});

test("a loan never restructured is not observed", () => {
  expect(isUnderObservation(null, "2026-02-28")).toBe(false);
});
