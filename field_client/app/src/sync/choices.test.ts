// How a conflict is settled from a tablet (protocol.md, section 5).

import { expect, test } from "vitest";
import type { FieldDoc, Fields, TypeDoc } from "../schemas/declare.ts";
import { Registry } from "../schemas/registry.ts";
import { chosenEntry, resolution } from "./choices.ts";

const MINE = { value: "1", by: "u1", device: "d1", number: 4, made_at: "2026-06-16T01:00:00.000Z" };
const THEIRS = { ...MINE, value: "2", by: "u2", device: "d2" };
const THIRD = { ...MINE, value: null, number: 5 };
const FIELDS: Fields = {
  record: "r1",
  record_type: "customer",
  field: "phone",
  kept: THEIRS,
  others: [MINE],
};
const CONFLICT = { id: "k1", customer: "c1", fields: FIELDS };
const UPDATE = { op: "update", type: "conflict", id: "k1", customer: "c1" };
const WRITE = { op: "update", type: "customer", id: "r1", customer: "c1" };

const WORDS = { en: "", zh: "" };
const LATITUDE: FieldDoc = {
  title: WORDS,
  hint: null,
  kind: { kind: "any" },
  policy: "latest",
  group: "home",
  sensitive: false,
  required: false,
  required_by: [],
  default: null,
  write: [],
  authority: [],
};
const CUSTOMER: TypeDoc = {
  title: WORDS,
  title_field: null,
  parent: null,
  reference: null,
  users: [],
  create_only: false,
  deletable: true,
  late_fact: false,
  made_by: [],
  states: null,
  checks: [],
  fields: { phone: { ...LATITUDE, group: null }, home_lat: LATITUDE, home_lon: LATITUDE },
};
const REGISTRY = new Registry({ customer: CUSTOMER }, 1);

function conflict(fields: Fields) {
  return { ...CONFLICT, fields: { ...FIELDS, ...fields } };
}

// --------------------------------------------------------------------------------- which value

test("without a name the only other value is meant", () => {
  expect(chosenEntry(FIELDS)).toEqual({ device: "d1", number: 4, value: "1" });
});

test("without a name none of several, or of none, can be meant", () => {
  expect(chosenEntry({ ...FIELDS, others: [MINE, THIRD] })).toBeNull();
  expect(chosenEntry({ ...FIELDS, others: [] })).toBeNull();
  expect(chosenEntry({})).toBeNull();
});

test("a name means one of the others, or the value that was kept", () => {
  const several = { ...FIELDS, others: [MINE, THIRD] };

  expect(chosenEntry(several, { device: "d1", number: 5 })?.value).toBeNull();
  expect(chosenEntry(several, { device: "d2", number: 4 })?.value).toBe("2");
  expect(chosenEntry(several, { device: "d2", number: 5 })).toBeNull();
});

// ------------------------------------------------------------------------------------ the changes

test("keeping writes the conflict alone", () => {
  expect(resolution(REGISTRY, CONFLICT, { way: "keep" })).toEqual([
    { ...UPDATE, set: { status: "resolved", resolution: "keep" } },
  ]);
});

test("the other value is written, and named", () => {
  expect(resolution(REGISTRY, CONFLICT, { way: "other", comment: "已核实。" })).toEqual([
    {
      ...UPDATE,
      set: {
        status: "resolved",
        resolution: "other",
        comment: "已核实。",
        chosen: { device: "d1", number: 4 },
      },
    },
    { ...WRITE, set: { phone: "1" } },
  ]);
});

test("a value of one's own is written; null clears the field", () => {
  const settled = { ...UPDATE, set: { status: "resolved", resolution: "custom" } };

  expect(resolution(REGISTRY, CONFLICT, { way: "custom", value: "3", comment: "" })).toEqual([
    settled,
    { ...WRITE, set: { phone: "3" } },
  ]);
  expect(resolution(REGISTRY, CONFLICT, { way: "custom" })).toEqual([
    settled,
    { ...WRITE, set: { phone: null } },
  ]);
});

test("a way of the domain writes nothing but the conflict", () => {
  expect(resolution(REGISTRY, CONFLICT, { way: "both_count", value: "3" })).toEqual([
    { ...UPDATE, set: { status: "resolved", resolution: "both_count" } },
  ]);
});

test("a group is written whole", () => {
  const home = conflict({ field: "home" });
  const given = { home_lat: 1, other: 2 };

  const custom = resolution(REGISTRY, home, { way: "custom", value: given });
  expect(custom?.[1]).toEqual({ ...WRITE, set: { home_lat: 1, home_lon: null } });
  const cleared = resolution(REGISTRY, home, { way: "custom", value: null });
  expect(cleared?.[1]).toEqual({ ...WRITE, set: { home_lat: null, home_lon: null } });
});

test("a conflict about a whole record writes its fields, or removes it", () => {
  const about = (value: Fields) =>
    resolution(REGISTRY, conflict({ field: null, others: [{ ...MINE, value }] }), { way: "other" });
  const named = { type: "customer", id: "r1", customer: "c1" };

  expect(about({ phone: "1" })?.[1]).toEqual({ ...WRITE, set: { phone: "1" } });
  expect(about({ deleted: true, reason: "moved away" })?.[1]).toEqual({
    op: "delete",
    ...named,
    reason: "moved away",
  });
  expect(about({ deleted: true })?.[1]).toEqual({ op: "delete", ...named, reason: "-" });
});

test("nothing is settled where no value or no record can be meant", () => {
  const several = conflict({ others: [MINE, THIRD] });

  expect(resolution(REGISTRY, several, { way: "other" })).toBeNull();
  expect(
    resolution(REGISTRY, conflict({ record_type: "unheard_of" }), { way: "other" }),
  ).toBeNull();
  expect(
    resolution(REGISTRY, conflict({ record: null }), { way: "custom", value: "3" }),
  ).toBeNull();
});
