import { describe, expect, it } from "vitest";
import type { FieldDoc, Kind, TypeDoc } from "../../schemas/declare.ts";
import { RecordType } from "../../schemas/registry.ts";
import { rowsOf } from "./rows.ts";

const TEXT: Kind = { kind: "text", longest: 100, shortest: 0, pattern: null, lines: false };

function field(en: string, kind: Kind = TEXT): FieldDoc {
  return {
    title: { en, zh: en },
    hint: null,
    kind,
    policy: "manual",
    group: null,
    sensitive: false,
    required: false,
    required_by: [],
    default: null,
    write: [],
    authority: [],
  };
}

const TYPE = new RecordType("customer", {
  fields: {
    name: field("Name"),
    id_no: field("Id number", { kind: "national_id" }),
    phone: field("Phone"),
    remarks: field("Remarks", { ...TEXT, lines: true }),
    tags: field("Tags", { kind: "set", of: TEXT, most: 9, least: 0 }),
    assets: {
      title: { en: "Assets", zh: "资产" },
      key_pattern: "[a-z0-9]+",
      leaves: { label: field("What"), value_fen: field("Value") },
    },
  },
} as unknown as TypeDoc);

describe("the rows of a record", () => {
  it("stand in the order of the declaration, and what is empty is named apart", () => {
    const { rows, empty } = rowsOf(TYPE, { phone: "13800004417", name: "王秀英", tags: [] });

    expect(rows.map((it) => it.path)).toEqual(["name", "phone"]);
    expect(empty.map((it) => it.en)).toEqual(["Id number", "Remarks", "Tags", "Assets"]);
  });

  it("hide what identifies a person", () => {
    const { rows } = rowsOf(TYPE, { id_no: "x", phone: "y", name: "z" });

    expect(rows.map((it) => it.masked)).toEqual([null, "number", "phone"]);
  });

  it("give prose the whole width", () => {
    const { rows } = rowsOf(TYPE, { name: "z", remarks: "At home in the evening." });

    expect(rows.map((it) => it.long)).toEqual([false, true]);
  });

  it("group a keyed map by its entries", () => {
    const { maps } = rowsOf(TYPE, {
      "assets.b.value_fen": 500,
      "assets.b.label": "Tractor",
      "assets.a.label": "House",
      "assets.a.unknown": 1,
      "assets.c.label": null,
    });

    expect(maps).toHaveLength(1);
    expect(maps[0]?.entries.map((it) => [it.key, it.rows.map((row) => row.value)])).toEqual([
      ["a", ["House"]],
      ["b", ["Tractor", 500]],
    ]);
  });

  it("tell zero and false from nothing", () => {
    expect(rowsOf(TYPE, { name: 0, phone: false }).rows).toHaveLength(2);
  });
});
