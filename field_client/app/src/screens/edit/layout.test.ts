import { describe, expect, it } from "vitest";
import { TYPES } from "../../generated/registry.ts";
import type { FieldDoc, Fields, Kind, MapDoc, TypeDoc } from "../../schemas/declare.ts";
import { RecordType } from "../../schemas/registry.ts";
import { keysOf, layoutOf, newKey } from "./layout.ts";
import { mayWritePath, movesOf } from "./rights.ts";

const TEXT: Kind = { kind: "text", longest: 100, shortest: 0, pattern: null, lines: false };
const CHOICE: Kind = {
  kind: "choice",
  options: {
    open: { en: "Open", zh: "待办" },
    done: { en: "Done", zh: "已完成" },
    gone: { en: "Gone", zh: "已取消" },
  },
};

function field(kind: Kind, more: Partial<FieldDoc> = {}): FieldDoc {
  return {
    title: { en: "Field", zh: "字段" },
    hint: null,
    kind,
    policy: "manual",
    group: null,
    sensitive: false,
    required: false,
    required_by: [],
    default: null,
    write: ["officer"],
    authority: [],
    ...more,
  };
}

const ASSETS: MapDoc = {
  title: { en: "Assets", zh: "资产" },
  key_pattern: "[A-Za-z0-9_-]{1,64}",
  leaves: {
    label: field(TEXT),
    value_fen: field({ kind: "integer", least: 0, most: 10, unit: "fen" }),
  },
};

function type(fields: TypeDoc["fields"], more: Partial<TypeDoc> = {}): RecordType {
  return new RecordType("thing", {
    title: { en: "Thing", zh: "东西" },
    title_field: null,
    parent: null,
    reference: null,
    users: [],
    create_only: false,
    deletable: false,
    late_fact: false,
    made_by: ["officer"],
    states: null,
    checks: [],
    fields,
    ...more,
  });
}

function layout(
  of: RecordType,
  values: Fields = {},
  before: Fields = {},
  mode: "create" | "edit" = "edit",
) {
  return layoutOf({ type: of, role: "officer", mode, values, before, choosable: new Set() });
}

describe("the form of a type that nobody has written a form for", () => {
  it("asks for each field that the role may write, in the declared order", () => {
    const parts = layout(type({ b: field(TEXT), a: field({ kind: "flag" }) }));
    expect(parts.map((it) => it.part === "field" && it.path)).toEqual(["b", "a"]);
  });

  it("shows a field of others as text, and nothing where it is empty", () => {
    const of = type({ a: field(TEXT, { write: ["supervisor"] }) });
    expect(layout(of, { a: "theirs" })[0]).toMatchObject({ path: "a", open: false });
    expect(layout(of)).toEqual([]);
  });

  it("leaves what was written once to its authority", () => {
    const of = type({ a: field(TEXT, { policy: "once", authority: ["supervisor"] }) });
    expect(layout(of)[0]).toMatchObject({ open: true });
    expect(layout(of, { a: "x" }, { a: "x" })[0]).toMatchObject({ open: false });
  });

  it("keeps a first value open that the branch does not have yet", () => {
    const of = type({ a: field(TEXT, { policy: "once", authority: [] }) });
    expect(mayWritePath(of, "a", "officer", {})).toBe(true);
    const [part] = layoutOf({
      type: of,
      role: "officer",
      mode: "edit",
      values: { a: "mine" },
      before: { a: "mine" },
      stored: {},
      choosable: new Set(),
    });
    expect(part).toMatchObject({ open: true });
  });

  it("puts the members of a group together", () => {
    const parts = layout(
      type({ x: field(TEXT, { group: "g" }), z: field(TEXT), y: field(TEXT, { group: "g" }) }),
    );
    expect(parts.map((it) => it.part)).toEqual(["group", "field"]);
    expect(parts[0]).toMatchObject({ name: "g", fields: [{ path: "x" }, { path: "y" }] });
  });

  it("asks the tablet for a place instead of for degrees", () => {
    const degrees = (least: number): Kind => ({
      kind: "integer",
      least,
      most: -least,
      unit: "e-6 degrees",
    });
    const parts = layout(
      type({
        at: field({ kind: "instant" }, { group: "g" }),
        lat: field(degrees(-90_000_000), { group: "g" }),
        lon: field(degrees(-180_000_000), { group: "g" }),
        acc: field({ kind: "integer", least: 0, most: 100, unit: "m" }, { group: "g" }),
      }),
    );
    expect(parts).toMatchObject([
      {
        part: "place",
        lat: "lat",
        lon: "lon",
        accuracy: "acc",
        open: true,
        fields: [{ path: "at" }],
      },
    ]);
  });

  it("asks for a reference only where there is something to choose from", () => {
    const of = type({ a: field({ kind: "ref", to: "user", scope: null }) });
    expect(layout(of)).toEqual([]);
    const parts = layoutOf({
      type: of,
      role: "officer",
      mode: "edit",
      values: {},
      before: {},
      choosable: new Set(["a"]),
    });
    expect(parts).toMatchObject([{ path: "a", open: true }]);
  });

  it("offers the moves of the state machine that the role may make offline", () => {
    const states: TypeDoc["states"] = {
      field: "state",
      initial: ["open"],
      transitions: [
        { name: "do", title: null, from: ["open"], to: "done", roles: ["officer"], offline: true },
        {
          name: "end",
          title: null,
          from: ["open"],
          to: "gone",
          roles: ["officer"],
          offline: false,
        },
      ],
    };
    const of = type(
      { state: field(CHOICE, { policy: "state" }), why: field(TEXT, { required_by: ["do"] }) },
      { states },
    );
    expect(movesOf(of, "open", "officer").map((it) => it.name)).toEqual(["do"]);
    const online = movesOf(of, "open", "officer", true);
    expect(online.map((it) => it.name)).toEqual(["do", "end"]);
    const [state, why] = layout(of, { state: "done" }, { state: "open" });
    expect(state).toMatchObject({ open: true });
    expect(
      state?.part === "field" && state.kind.kind === "choice" && Object.keys(state.kind.options),
    ).toEqual(["open", "done"]);
    expect(why).toMatchObject({ required: true });
    expect(layout(of, { state: "done" }, { state: "done" })[0]).toMatchObject({ open: false });
    expect(layout(of, {}, {}, "create").map((it) => it.part === "field" && it.path)).toEqual([
      "why",
    ]);
  });

  it("closes a record that is never edited", () => {
    const of = type({ a: field(TEXT, { policy: "append" }) }, { create_only: true });
    expect(layout(of, { a: "x" }, { a: "x" })[0]).toMatchObject({ open: false });
    expect(layout(of, {}, {}, "create")[0]).toMatchObject({ open: true });
  });
});

describe("a keyed map", () => {
  const of = type({ assets: ASSETS });

  it("has an entry for each key, named by its first text", () => {
    const before = { "assets.k1.label": "House", "assets.k1.value_fen": 5 };
    expect(layout(of, before, before)).toMatchObject([
      { part: "map", open: true, entries: [{ key: "k1", name: "House", removed: false }] },
    ]);
  });

  it("marks an entry that was taken out, and forgets one that was out before", () => {
    const before = { "assets.k1.label": "House", "assets.k2.label": null };
    const values = { ...before, "assets.k1.label": null };
    expect(layout(of, values, before)).toMatchObject([
      { entries: [{ key: "k1", name: "House", removed: true }] },
    ]);
  });

  it("shows an entry that was added and is still empty, until it is taken out again", () => {
    const leaves = ["label", "value_fen"];
    expect(keysOf("assets", leaves, { "assets.new.label": null }, {})).toEqual(["new"]);
    const out = { "assets.new.label": null, "assets.new.value_fen": null };
    expect(keysOf("assets", leaves, out, {})).toEqual([]);
    expect(keysOf("scores", [""], { "scores.a": null }, {})).toEqual(["a"]);
  });

  it("makes keys that no other tablet makes", () => {
    const id = "019f0c2e-7f3a-7000-8000-0123456789ab";
    expect(newKey(ASSETS, id)).toBe(id);
    expect(newKey({ ...ASSETS, key_pattern: "[A-Za-z0-9_-]{1,20}" }, id)).toBe(
      "3a700080000123456789ab".slice(-20),
    );
  });
});

describe("every type of the registry", () => {
  it.each(Object.entries(TYPES))("%s has a form", (name, doc) => {
    for (const role of ["officer", "supervisor"]) {
      const of = new RecordType(name, doc);
      if (!doc.made_by.includes(role)) continue;
      const asked = { type: of, role, values: {}, before: {}, choosable: new Set<string>() };
      expect(layoutOf({ ...asked, mode: "create" }).length).toBeGreaterThan(0);
    }
  });
});
