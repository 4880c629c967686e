// A device shows its pending sets on top of what the server sent, and never mixes the two. The
// vectors are those that the Python field client passes.

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { FieldDoc, Fields, Json, MapDoc, Policy, TypeDoc } from "../schemas/declare.ts";
import type { Change, ChangeSet } from "../schemas/messages.ts";
import { type RecordType, Registry } from "../schemas/registry.ts";
import { format, parse } from "./clock.ts";
import {
  fold,
  type Held,
  newestOwn,
  overFor,
  type Page,
  type Pending,
  renumber,
  type Step,
  steps,
  textsSeen,
  type View,
  view,
} from "./rebase.ts";

type Policies = Readonly<Record<string, Policy>>;

interface Shape {
  readonly fields: Policies;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly maps?: Readonly<Record<string, Policies>>;
}

type Case = { readonly id: string; readonly name: string } & (
  | { do: "view"; held: Held | null; pending: Pending[]; expected: View | null }
  | {
      do: "over";
      type: string;
      pending: Pending[];
      fields: Fields;
      shown: Fields;
      expected: Json;
    }
  | {
      do: "take_in";
      held: Held[];
      answer: Page;
      own: Record<string, Change[]>;
      expected: { steps: Step[]; after: Held[] };
    }
  | {
      do: "renumber";
      set: ChangeSet;
      number: number;
      moved: Record<string, number>;
      device: string;
      expected: ChangeSet;
    }
);

const PATH = new URL("../../../../tests/vectors/rebase.json", import.meta.url);
const FILE = JSON.parse(readFileSync(PATH, "utf8")) as {
  types: Record<string, Shape>;
  count: number;
  vectors: Case[];
};
const WORDS = { en: "", zh: "" };
const BARE = {
  title: WORDS,
  title_field: null,
  parent: null,
  reference: null,
  users: [],
  create_only: false,
  deletable: true,
  late_fact: true,
  made_by: ["officer"],
  states: null,
  checks: [],
};
const REGISTRY = new Registry(
  Object.fromEntries(Object.entries(FILE.types).map(([name, shape]) => [name, declared(shape)])),
  1,
);

function casesOf<Do extends Case["do"]>(name: Do): Extract<Case, { do: Do }>[] {
  return FILE.vectors.filter((one): one is Extract<Case, { do: Do }> => one.do === name);
}

test("the file is whole", () => expect(FILE.vectors).toHaveLength(FILE.count));

describe("pending sets are laid on top of the server copy", () => {
  it.each(casesOf("view"))("$id: $name", ({ held, pending, expected }) => {
    const before = JSON.stringify([held, pending]);

    expect(view(held, pending, REGISTRY)).toStrictEqual(expected);
    expect(JSON.stringify([held, pending])).toBe(before);
  });
});

describe("a held set that later own work is ahead of", () => {
  const held: Held = {
    type: "note",
    id: "n",
    customer: "c",
    version: 7,
    fields: { a: "later" },
    gone: false,
  };
  const change: Change = { op: "update", type: "note", id: "n", customer: "c" };
  const types = new Registry({ note: declared({ fields: { a: "manual", b: "manual" } }) }, 1);
  const shown = (pending: Partial<Pending>) =>
    view(held, [{ number: 3, change, seen: {}, ...pending }], types);

  it("shows only what that has not said", () => {
    const set = { a: "held", b: "held" };

    expect(shown({ change: { ...change, set }, said: ["a"] })?.fields).toEqual({
      a: "later",
      b: "held",
    });
    expect(shown({ change: { ...change, set } })?.fields).toEqual(set);
  });

  it("removes nothing", () => {
    const removal: Change = { ...change, op: "delete", reason: "twice" };

    expect(shown({ change: removal, said: [] })?.removed).toBe(false);
    expect(shown({ change: removal })?.removed).toBe(true);
  });

  it("is not what a new edit is made over", () => {
    const pending = { number: 3, change: { ...change, set: { a: "x", b: "y" } }, seen: {} };
    const note = types.get("note");

    expect(note && newestOwn(note, [{ ...pending, said: ["a"] }])).toEqual({ b: 3 });
  });
});

describe("a new edit says over what it was made", () => {
  it.each(casesOf("over"))("$id: $name", ({ type, pending, fields, shown, expected }) => {
    const declaredType = typeOf(type);
    const newest = newestOwn(declaredType, pending);
    const over = overFor(declaredType, fields, newest);
    const seen = textsSeen(declaredType, fields, shown);

    expect({ newest, over, seen }).toStrictEqual(expected);
  });
});

describe("an answer is taken into the server copy", () => {
  it.each(casesOf("take_in"))("$id: $name", ({ held, answer, own, expected }) => {
    const carried = Object.entries(own).map(([number, changes]) => [+number, changes] as const);
    const page = steps(answer, new Map(carried));
    const staged = JSON.parse(JSON.stringify(page)) as Step[];

    expect(page).toStrictEqual(expected.steps);
    expect(after(held, staged)).toStrictEqual(expected.after);
  });
});

test("an answer without the members of a page does nothing", () => {
  expect(steps({}, new Map())).toEqual([]);
});

describe("a pending set goes out from a new device", () => {
  it.each(casesOf("renumber"))("$id: $name", ({ set, number, moved, device, expected }) => {
    const numbers = Object.entries(moved).map(([old, now]) => [+old, now] as const);
    const restamp = (clock: string): string => {
      const stamp = parse(clock);
      return stamp === null ? clock : format({ ...stamp, device });
    };
    const before = JSON.stringify(set);

    expect(renumber(set, number, new Map(numbers), restamp)).toStrictEqual(expected);
    expect(JSON.stringify(set)).toBe(before);
  });
});

/** The records held after all steps, sorted by id; a tombstone stays. */
function after(held: readonly Held[], page: readonly Step[]): Held[] {
  const copy = new Map(held.map((one) => [one.id, one]));
  for (const step of page) {
    if (step.kind === "drop") {
      for (const one of [...copy.values()]) {
        if (one.customer === step.customer) copy.delete(one.id);
      }
      continue;
    }
    const { id } = step.kind === "own" ? step.change : step.record;
    const folded = fold(copy.get(id) ?? null, step, REGISTRY);
    if (folded !== null) copy.set(id, folded);
  }
  return [...copy.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

// -------------------------------------------------------------------------------------- registry

function typeOf(name: string): RecordType {
  const found = REGISTRY.get(name);
  if (found === null) throw new Error(`no such type: ${name}`);
  return found;
}

function declared({ fields, groups = {}, maps = {} }: Shape): TypeDoc {
  const groupOf = (path: string) =>
    Object.entries(groups).find(([, members]) => members.includes(path))?.[0] ?? null;
  const plain = Object.entries(fields).map(([path, policy]): [string, FieldDoc] => [
    path,
    field(policy, groupOf(path)),
  ]);
  const keyed = Object.entries(maps).map(([path, leaves]): [string, MapDoc] => {
    const docs = Object.entries(leaves).map(([leaf, policy]) => [leaf, field(policy)] as const);
    const leafDocs = Object.fromEntries(docs);
    return [path, { title: WORDS, key_pattern: "[A-Za-z0-9_-]{1,64}", leaves: leafDocs }];
  });
  return { ...BARE, fields: Object.fromEntries([...plain, ...keyed]) };
}

function field(policy: Policy, group: string | null = null): FieldDoc {
  return {
    title: WORDS,
    hint: null,
    kind: { kind: "any" },
    policy,
    group,
    sensitive: false,
    required: false,
    required_by: [],
    default: null,
    write: ["officer"],
    authority: [],
  };
}
