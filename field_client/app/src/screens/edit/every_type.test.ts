// Every declared type has a usable form and a page, without a line of its own.

import { describe, expect, it } from "vitest";
import type { FieldPart, Part } from "../../components/form/part.ts";
import { shownValue } from "../../components/form/shown.ts";
import { TYPES } from "../../generated/registry.ts";
import type { Fields, Json, Kind, Label, Lang } from "../../schemas/declare.ts";
import { RecordType } from "../../schemas/registry.ts";
import { rowsOf } from "../record/rows.ts";
import { choiceOf, layoutOf, leafPath, newKey } from "./layout.ts";

const LANGS: readonly Lang[] = ["en", "zh"];
const ID = "0199f2c4-a1b3-7abc-9def-0123456789ab";
const ON_TABLETS = ["officer", "supervisor", "auditor"];
/** What no person types: rules write the facts of a signal, the server a conflict's values. */
const NEVER_TYPED = new Set(["warning_signal.facts"]);
const types = Object.entries(TYPES).map(([name, doc]) => new RecordType(name, doc));

/** The paths of every field and of one entry of every map, with the kind that each holds. */
function leavesOf(type: RecordType): [string, Kind, readonly string[]][] {
  const plain = type.plainFields().map(([path, it]) => [path, it.kind, it.write] as const);
  const inMaps = type
    .maps()
    .flatMap(([map, doc]) =>
      Object.entries(doc.leaves).map(
        ([leaf, it]) => [leafPath(map, keyOf(doc.key_pattern), leaf), it.kind, it.write] as const,
      ),
    );
  return [...plain, ...inMaps].map((it) => [...it]);
}

/** A key that a map takes: the first of a closed list, else a new one. */
function keyOf(pattern: string): string {
  const first = /^\((\w+)\|/.exec(pattern)?.[1];
  return first ?? newKey({ title: { en: "", zh: "" }, key_pattern: pattern, leaves: {} }, ID);
}

function sample(kind: Kind): Json {
  switch (kind.kind) {
    case "text":
      return "甲";
    case "national_id":
      return "999901197805120013";
    case "integer":
      return Math.max(kind.least, 1);
    case "flag":
      return true;
    case "date":
      return "2026-06-16";
    case "instant":
      return "2026-06-16T01:10:00.000Z";
    case "choice":
      return Object.keys(kind.options)[0] ?? null;
    case "id":
    case "ref":
      return ID;
    case "list":
    case "set":
      return [sample(kind.of)];
    case "record":
      return Object.fromEntries(Object.entries(kind.members).map(([k, it]) => [k, sample(it)]));
    case "value":
      return "yes";
    case "object":
    case "any":
      return { of: "rule" };
  }
}

function fieldsOf(part: Part): readonly FieldPart[] {
  switch (part.part) {
    case "field":
      return [part];
    case "map":
      return part.entries.flatMap((it) => it.fields);
    case "group":
    case "place":
      return part.fields;
  }
}

function pathsIn(parts: readonly Part[]): string[] {
  const places = parts.flatMap((it) =>
    it.part === "place" && it.open ? [it.lat, it.lon, ...(it.accuracy ? [it.accuracy] : [])] : [],
  );
  const fields = parts.flatMap(fieldsOf).filter((it) => it.open);
  return [...places, ...fields.map((it) => it.path)];
}

function formOf(type: RecordType, role: string): readonly Part[] {
  // One entry of each map is open, with nothing in it yet.
  const values: Record<string, Json> = {};
  for (const [path] of leavesOf(type)) if (path.includes(".")) values[path] = null;
  return layoutOf({
    type,
    role,
    mode: "create",
    values: withOneKey(type, values),
    before: {},
    choosable: new Set(leavesOf(type).map(([path]) => choiceOf(path))),
  });
}

/** A map shows an entry once it holds something: its first leaf gets a value. */
function withOneKey(type: RecordType, values: Fields): Fields {
  const held: Record<string, Json> = { ...values };
  for (const [map, doc] of type.maps()) {
    const [leaf] = Object.entries(doc.leaves)[0] ?? [];
    if (leaf === undefined) continue;
    held[leafPath(map, keyOf(doc.key_pattern), leaf)] = sample(
      doc.leaves[leaf]?.kind ?? { kind: "flag" },
    );
  }
  return held;
}

function labelsOf(kind: Kind): readonly Label[] {
  switch (kind.kind) {
    case "choice":
      return Object.values(kind.options);
    case "list":
    case "set":
      return labelsOf(kind.of);
    case "record":
      return [
        ...Object.values(kind.titles ?? {}),
        ...Object.values(kind.members).flatMap(labelsOf),
      ];
    default:
      return [];
  }
}

describe.each(types)("$name", (type) => {
  const makers = type.doc.made_by.filter((it) => ON_TABLETS.includes(it));

  it.runIf(makers.length > 0)("has a form with an input for all that its maker may write", () => {
    for (const role of makers) {
      const open = pathsIn(formOf(type, role));
      const wanted = leavesOf(type)
        .filter(
          ([path, , write]) => write.includes(role) && !NEVER_TYPED.has(`${type.name}.${path}`),
        )
        .map(([path]) => path)
        .filter(
          (it) => type.field(it)?.policy !== "state" && type.field(it)?.policy !== "authority",
        );

      expect(wanted.filter((it) => !open.includes(it))).toEqual([]);
    }
  });

  it.runIf(makers.length > 0)("asks for everything that a new one must have", () => {
    for (const role of makers) {
      const open = pathsIn(formOf(type, role));
      const required = type.plainFields().filter(([, it]) => it.required);

      expect(required.map(([path]) => path).filter((it) => !open.includes(it))).toEqual([]);
    }
  });

  it("is named in both languages, with everything in it", () => {
    const fields = leavesOf(type).map(([path]) => type.field(path));
    const moves = type.doc.states?.transitions.map((it) => it.title) ?? [];
    const labels = [
      type.doc.title,
      ...type.maps().map(([, it]) => it.title),
      ...fields.flatMap((it) => (it === null ? [] : [it.title, ...labelsOf(it.kind)])),
      ...moves,
    ];
    for (const label of labels) {
      for (const lang of LANGS) expect(label?.[lang] ?? "").not.toBe("");
    }
  });

  it("has a page that shows every value in words", () => {
    const held = Object.fromEntries(leavesOf(type).map(([path, kind]) => [path, sample(kind)]));
    const { rows, maps, empty } = rowsOf(type, held);
    const shown = [...rows, ...maps.flatMap((it) => it.entries).flatMap((it) => it.rows)];

    expect(empty).toEqual([]);
    expect(shown.map((it) => it.path).sort()).toEqual(Object.keys(held).sort());
    for (const lang of LANGS) {
      for (const row of shown) expect(shownValue(row.kind, row.value, lang, {})).not.toBe("");
    }
  });
});
