// Labels, sentences and rules beside what the shared vectors say.

import { expect, test } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import { DETAILS, TITLES } from "../generated/words.ts";
import { isUnit } from "./changes.ts";
import { checkFault } from "./checks.ts";
import { Registry } from "./registry.ts";
import { faultMessage, labelOf, optionLabel, optionLabels, problemWords } from "./words.ts";

const VISIT = new Registry(TYPES, SCHEMA).get("visit");

test("one of several must be there, and only one", () => {
  const rule = { check: "one_of", fields: ["a", "b"], at: "b", reason: "why" } as const;

  expect(checkFault(rule, { a: 0 })).toBeNull();
  expect(checkFault(rule, { a: "", b: [] })).toEqual({
    field: "b",
    code: "invalid-value",
    reason: "why",
  });
  expect(checkFault(rule, { a: 1, b: 2 })).not.toBeNull();
});

test("a unit is a group, or a field that is in none", () => {
  expect(VISIT).not.toBeNull();
  if (VISIT === null) return;

  expect(isUnit(VISIT, "arrival")).toBe(true);
  expect(isUnit(VISIT, "summary")).toBe(true);
  expect(isUnit(VISIT, "arrived_at")).toBe(false);
  expect(isUnit(VISIT, "nothing")).toBe(false);
});

test("choices, fields and groups have labels", () => {
  const outcome = VISIT?.field("outcome")?.kind ?? { kind: "any" };
  const purposes = VISIT?.field("purposes")?.kind ?? { kind: "any" };

  expect(optionLabel(outcome, "absent", "zh")).toBe("无人在家");
  expect(optionLabel(outcome, "toString", "zh")).toBeNull();
  expect(optionLabel(outcome, null, "zh")).toBeNull();
  expect(optionLabels(purposes, ["survey", "?", "collection"], "en")).toEqual([
    "Survey",
    "Collection",
  ]);
  expect(VISIT && labelOf(VISIT, "plan", "zh")).toBe("计划日期、时段、变更原因");
  expect(VISIT && labelOf(VISIT, "nothing", "zh")).toBeNull();
});

test("a fault without a record is told, with a label where there is one", () => {
  expect(faultMessage({ code: "required" }, "en")).toBe("Please fill this in.");
  expect(faultMessage({ code: "required" }, "zh", "电话")).toBe("电话：请填写此项。");
});

test("a problem has a title and says what to do next; one of a later server as well", () => {
  expect(problemWords("device-locked", "zh")).toEqual({
    title: TITLES["device-locked"].zh,
    detail: DETAILS["device-locked"].zh,
  });
  expect(problemWords("of-a-later-version", "en").title).toBe(TITLES.internal.en);
});
