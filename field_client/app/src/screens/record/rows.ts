// Any record as labelled values, straight from its declaration: a new type needs no screen of its own.

import type { FieldDoc, Fields, Json, Kind, Label } from "../../schemas/declare.ts";
import { isMap, type RecordType } from "../../schemas/registry.ts";

export interface RecordRow {
  readonly path: string;
  readonly title: Label;
  readonly kind: Kind;
  readonly value: Json;
  /** A number that identifies a person: shown after a tap only. */
  readonly masked: "phone" | "number" | null;
  /** Prose, or many values: it takes the whole width. */
  readonly long: boolean;
}

/** An entry of a keyed map. */
export interface RecordEntry {
  readonly key: string;
  readonly rows: readonly RecordRow[];
}

export interface RecordMap {
  readonly name: string;
  readonly title: Label;
  readonly entries: readonly RecordEntry[];
}

export interface RecordRows {
  readonly rows: readonly RecordRow[];
  readonly maps: readonly RecordMap[];
  /** What is not filled in. */
  readonly empty: readonly Label[];
}

const PHONES: readonly string[] = ["phone", "phone_alt"];

/** Returns the fields of a record in the order of its declaration. */
export function rowsOf(type: RecordType, fields: Fields): RecordRows {
  const rows: RecordRow[] = [];
  const empty: Label[] = [];
  const maps: RecordMap[] = [];
  for (const [path, entry] of Object.entries(type.doc.fields)) {
    if (isMap(entry)) {
      const entries = entriesOf(path, entry.leaves, fields);
      if (entries.length > 0) maps.push({ name: path, title: entry.title, entries });
      else empty.push(entry.title);
    } else {
      const value = fields[path] ?? null;
      if (isEmpty(value)) empty.push(entry.title);
      else rows.push(rowOf(path, entry, value));
    }
  }
  return { rows, maps, empty };
}

function entriesOf(
  map: string,
  leaves: Readonly<Record<string, FieldDoc>>,
  fields: Fields,
): RecordEntry[] {
  const held = new Map<string, RecordRow[]>();
  for (const [path, value] of Object.entries(fields)) {
    const [name, key, leaf = ""] = path.split(".");
    const field = Object.hasOwn(leaves, leaf) ? leaves[leaf] : undefined;
    if (name !== map || key === undefined || field === undefined || isEmpty(value)) continue;
    held.set(key, [...(held.get(key) ?? []), rowOf(path, field, value)]);
  }
  const order = Object.keys(leaves);
  const place = (row: RecordRow) => order.indexOf(row.path.split(".")[2] ?? "");
  return [...held]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([key, rows]) => ({ key, rows: rows.sort((a, b) => place(a) - place(b)) }));
}

function rowOf(path: string, field: FieldDoc, value: Json): RecordRow {
  const { kind, title } = field;
  return { path, title, kind, value, masked: maskOf(path, kind), long: isLong(kind) };
}

function maskOf(path: string, kind: Kind): RecordRow["masked"] {
  if (kind.kind === "national_id") return "number";
  return PHONES.includes(path) ? "phone" : null;
}

function isLong(kind: Kind): boolean {
  return kind.kind === "text" && kind.lines;
}

function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}
