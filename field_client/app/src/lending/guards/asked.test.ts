// What the tablet says of a set before it is stored is what the server's rules say.

import { pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Fields } from "../../schemas/declare.ts";
import type { Change } from "../../schemas/messages.ts";
import { isAsked, type Known, refusalOf, signedByAll } from "./asked.ts";

interface Vector {
  readonly name: string;
  readonly user: string;
  readonly role: string;
  readonly today: string;
  readonly with: readonly Known[];
  readonly without: readonly string[];
  readonly before: Readonly<Record<string, Fields>>;
  readonly changes: readonly Change[];
  readonly expected: unknown;
}

const FILE = new URL("../../../../../tests/vectors/guards.json", import.meta.url);
const { base, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly base: readonly Known[];
  readonly vectors: readonly Vector[];
};

function recordsOf(vector: Vector): Known[] {
  const kept = base
    .filter((it) => !vector.without.includes(it.id))
    .map((it) => [it.id, it] as const);
  return [...new Map([...kept, ...vector.with.map((it) => [it.id, it] as const)]).values()];
}

function hashOf(records: readonly Known[], customer: string | null): string | null {
  const key = records.find((it) => it.fields.key === "watchlist_key")?.fields.value;
  const idNo = records.find((it) => it.id === customer)?.fields.id_no;
  if (typeof key !== "string" || typeof idNo !== "string") return null;
  return pbkdf2Sync(idNo, key, 100_000, 32, "sha256").toString("hex");
}

test.each(vectors.map((it) => [it.name, it] as const))("%s", (_, vector) => {
  const after = recordsOf(vector);
  const listed = after.some((it) => it.type === "watchlist_entry");
  const hash = listed ? hashOf(after, vector.changes[0]?.customer ?? null) : null;
  const { user, role, changes, before, today } = vector;

  const found = refusalOf({
    actor: { user, role },
    changes,
    before,
    after,
    today,
    watched: { hash },
  });

  expect(found && { change: found.change, ...found.why }).toEqual(vector.expected);
});

test("a rule that meets papers that cannot be keeps nobody from working", () => {
  const set = { loan_id: "l", as_of: "2026-06-16", proposed_class: "normal" };
  const change: Change = { op: "create", type: "classification", id: "p", customer: "c", set };
  const loan = { type: "loan", id: "l", customer: "c", fields: { state: "active" } };
  const after = [loan, { type: "classification", id: "p", customer: "c", fields: set }];
  const asked = { actor: { user: "u", role: "officer" }, changes: [change], before: {}, after };

  expect(refusalOf({ ...asked, today: "2026-06-16", watched: { hash: null } })).toBeNull();
});

test("nothing is asked of a change that no rule is about", () => {
  const change = (type: string, set: Fields): Change => {
    return { op: "update", type, id: "x", customer: "c", set };
  };

  expect(isAsked(change("customer", { phone: "13800000000" }))).toBe(false);
  expect(isAsked(change("task", { title: "甲" }))).toBe(false);
  expect(isAsked(change("task", { state: "cancelled" }))).toBe(true);
});

test.each([
  [{ state: "draft", a: 1, b: 1 }, [], true],
  [{ state: "draft", a: 1 }, [], false],
  [{ state: "signed", a: 1, b: 1 }, [], false],
  [{ state: "returned", a: 1, b: 1 }, ["a"], false],
  [{ state: "returned", a: 1, b: 1 }, [], true],
])("a note that all have signed: %j after %j", ({ state, ...signers }, stored, expected) => {
  const signed = (names: readonly string[]) =>
    Object.fromEntries(names.map((it) => [`signed_by.${it}.user`, it]));
  const fields = { state, inspector_ids: ["a", "b"], ...signed(Object.keys(signers)) };

  expect(signedByAll(fields, signed(stored))).toBe(expected);
});
