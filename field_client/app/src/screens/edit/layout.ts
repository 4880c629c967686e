// The form of any record type, from its declaration: a new type needs no line here.

import type {
  FieldPart,
  GroupPart,
  MapEntry,
  MapPart,
  Part,
  PlacePart,
} from "../../components/form/part.ts";
import type { FieldDoc, Fields, Json, Kind, Label, MapDoc } from "../../schemas/declare.ts";
import { isMap, type RecordType } from "../../schemas/registry.ts";
import { mayWritePath, movesOf } from "./rights.ts";

export interface Asked {
  readonly type: RecordType;
  readonly role: string;
  /** The branch is in reach. */
  readonly online?: boolean;
  readonly mode: "create" | "edit";
  /** What the form holds, by path. */
  readonly values: Fields;
  /** What the record showed when the form was opened; nothing for a new one. */
  readonly before: Fields;
  /** What the branch has stored of it, where that differs from `before`. */
  readonly stored?: Fields;
  /** The paths of references that can be chosen here, because their records are on the tablet. */
  readonly choosable: ReadonlySet<string>;
}

/** The parts of the form, in the order of the declaration. */
export function layoutOf(asked: Asked): readonly Part[] {
  const { type } = asked;
  const parts: Part[] = [];
  const grouped = new Set<string>();
  for (const [path, entry] of Object.entries(type.doc.fields)) {
    if (isMap(entry)) {
      const part = mapPart(asked, path, entry);
      if (part.open || part.entries.length > 0) parts.push(part);
    } else if (entry.group === null) {
      parts.push(...fieldParts(asked, path, entry));
    } else if (!grouped.has(entry.group)) {
      grouped.add(entry.group);
      parts.push(...groupParts(asked, entry.group));
    }
  }
  return parts;
}

// ------------------------------------------------------------------------------------- one field

/** A field as a part; none where it is closed and has nothing to show. */
function fieldParts(asked: Asked, path: string, doc: FieldDoc): FieldPart[] {
  const kind = kindOf(asked, path, doc);
  const open = isOpen(asked, path, kind);
  const shown = asked.values[path] ?? null;
  if (!open && (shown === null || shown === "")) return [];
  return [
    {
      part: "field",
      path,
      title: doc.title,
      hint: hasUnit(kind) ? null : doc.hint,
      kind,
      required: isRequired(asked, doc),
      open,
      sensitive: doc.sensitive,
    },
  ];
}

/** A field's kind; that of a state offers where it stands and where this role may move it. */
function kindOf(asked: Asked, path: string, doc: FieldDoc): Kind {
  const machine = asked.type.doc.states;
  if (machine?.field !== path || doc.kind.kind !== "choice") return doc.kind;
  const labels = doc.kind.options;
  const state = asked.before[path];
  const offered: Record<string, Label> = {};
  if (typeof state === "string") offered[state] = labels[state] ?? { en: state, zh: state };
  for (const move of movesOf(asked.type, state, asked.role, asked.online)) {
    const label = labels[move.to];
    if (label) offered[move.to] = label;
  }
  return { kind: "choice", options: Object.keys(offered).length > 0 ? offered : labels };
}

function isOpen(asked: Asked, path: string, kind: Kind): boolean {
  const { type, mode } = asked;
  const doc = type.field(path);
  if (doc === null || (mode === "edit" && type.doc.create_only)) return false;
  if (type.doc.parent?.field === path && asked.before[path]) return false;
  // A new record begins in the first state of its machine; from there it is moved.
  if (doc.policy === "state") {
    return movesOf(type, asked.before[path], asked.role, asked.online).length > 0;
  }
  if (doc.default === "@number" || !isTypable(kind, asked.choosable.has(choiceOf(path))))
    return false;
  return mayWritePath(type, path, asked.role, asked.stored ?? asked.before);
}

/** Whether there is an input for a kind; references only where there is something to choose. */
function isTypable(kind: Kind, choosable: boolean): boolean {
  switch (kind.kind) {
    case "ref":
      return choosable;
    case "id":
    case "object":
    case "any":
      return false;
    case "list":
    case "set":
      return isTypable(kind.of, choosable);
    case "record":
      return Object.values(kind.members).some((it) => isTypable(it, false));
    case "text":
    case "national_id":
    case "integer":
    case "flag":
    case "date":
    case "instant":
    case "choice":
    case "value":
      return true;
  }
}

/** A hint that tells how to count a unit is for those who type stored numbers; here people type mu. */
function hasUnit(kind: Kind): boolean {
  return kind.kind === "integer" && kind.unit !== null;
}

function isRequired(asked: Asked, doc: FieldDoc): boolean {
  const machine = asked.type.doc.states;
  if (doc.required) return true;
  if (machine === null || doc.required_by.length === 0) return false;
  const moves = asked.type.moves(asked.before[machine.field], asked.values[machine.field]);
  return moves.some((it) => doc.required_by.includes(it.name));
}

// --------------------------------------------------------------------------------- several fields

function groupParts(asked: Asked, name: string): Part[] {
  const members = asked.type.group(name).flatMap((path) => {
    const doc = asked.type.field(path);
    return doc === null ? [] : fieldParts(asked, path, doc);
  });
  const place = placePart(asked, name);
  if (place !== null) return [place];
  if (members.length < 2) return members;
  const group: GroupPart = { part: "group", name, fields: members };
  return [group];
}

/** A group with a latitude and a longitude as a place; null for any other group. */
function placePart(asked: Asked, name: string): PlacePart | null {
  const members = asked.type.group(name);
  const named = (least: number) =>
    members.find((it) => isDegrees(asked.type.field(it)?.kind, least));
  const lat = named(-90_000_000);
  const lon = named(-180_000_000);
  if (lat === undefined || lon === undefined) return null;
  const accuracy = members.find((it) => isMetres(asked.type.field(it)?.kind)) ?? null;
  const rest = members.filter((it) => it !== lat && it !== lon && it !== accuracy);
  const fields = rest.flatMap((path) => {
    const doc = asked.type.field(path);
    return doc === null ? [] : fieldParts(asked, path, doc);
  });
  const open = isOpen(asked, lat, { kind: "integer", least: 0, most: 0, unit: "e-6 degrees" });
  return { part: "place", name, lat, lon, accuracy, fields, open };
}

function isDegrees(kind: Kind | undefined, least: number): boolean {
  return kind?.kind === "integer" && kind.unit === "e-6 degrees" && kind.least === least;
}

function isMetres(kind: Kind | undefined): boolean {
  return kind?.kind === "integer" && kind.unit === "m";
}

// ------------------------------------------------------------------------------------- keyed maps

function mapPart(asked: Asked, path: string, doc: MapDoc): MapPart {
  const open = Object.keys(doc.leaves).some((leaf) => isLeafOpen(asked, path, doc, leaf));
  const keys = keysOf(path, Object.keys(doc.leaves), asked.values, asked.before);
  const entries = keys.map((key) => mapEntry(asked, path, doc, key));
  return { part: "map", path, title: doc.title, entries, open };
}

function isLeafOpen(asked: Asked, map: string, doc: MapDoc, leaf: string): boolean {
  const field = doc.leaves[leaf];
  if (!field || (asked.mode === "edit" && asked.type.doc.create_only)) return false;
  const choosable = asked.choosable.has(leafChoice(map, leaf));
  return isTypable(field.kind, choosable) && field.write.includes(asked.role);
}

function mapEntry(asked: Asked, map: string, doc: MapDoc, key: string): MapEntry {
  const leaves = Object.entries(doc.leaves);
  const isEmpty = (fields: Fields) =>
    leaves.every(([leaf]) => (fields[leafPath(map, key, leaf)] ?? null) === null);
  const removed = isEmpty(asked.values) && !isEmpty(asked.before);
  const fields = leaves.flatMap(([leaf, it]) => fieldParts(asked, leafPath(map, key, leaf), it));
  return {
    key,
    name: nameOf(removed ? asked.before : asked.values, map, key, leaves),
    fields,
    removed,
  };
}

/** The first text of an entry names it; a key that a person gave (a question's) stands for itself. */
function nameOf(
  fields: Fields,
  map: string,
  key: string,
  leaves: readonly [string, FieldDoc][],
): string {
  for (const [leaf, doc] of leaves) {
    const value = fields[leafPath(map, key, leaf)];
    if (doc.kind.kind === "text" && typeof value === "string" && value !== "") return value;
  }
  return isMadeUp(key) ? "" : key;
}

/** Under which name the choices of a map's leaf are kept: those of all its entries are the same. */
export function leafChoice(map: string, leaf: string): string {
  return `${map}.*.${leaf}`;
}

/** Under which name the choices of a path are kept. */
export function choiceOf(path: string): string {
  const [map = "", key, leaf] = path.split(".");
  return key === undefined || leaf === undefined ? path : leafChoice(map, leaf);
}

export function leafPath(map: string, key: string, leaf: string): string {
  return leaf === "" ? `${map}.${key}` : `${map}.${key}.${leaf}`;
}

/** The keys of a map, those that stood first, then those that were added in the form. */
export function keysOf(
  map: string,
  leaves: readonly string[],
  values: Fields,
  before: Fields,
): readonly string[] {
  const keys = new Set<string>();
  for (const path of [...Object.keys(before), ...Object.keys(values)]) {
    const [name, key] = path.split(".");
    if (name === map && key !== undefined) keys.add(key);
  }
  return [...keys].filter((key) => {
    const paths = leaves.map((leaf) => leafPath(map, key, leaf));
    if (paths.some((it) => isSet(before[it]) || isSet(values[it]))) return true;
    // What was added here has nothing in it at first; what was taken out again has nothing in any leaf.
    const isNew = !paths.some((it) => Object.hasOwn(before, it));
    return isNew && (paths.length === 1 || !paths.every((it) => Object.hasOwn(values, it)));
  });
}

function isSet(value: Json | undefined): boolean {
  return value !== null && value !== undefined;
}

const MADE_UP = /^(?=.*\d)[0-9a-f-]{8,}$/;

function isMadeUp(key: string): boolean {
  return MADE_UP.test(key);
}

/**
 * The key of a new entry: a new id, or as much of it as the map's keys allow. It must not be a counter:
 * two tablets that add an entry offline would then mean the same one.
 */
export function newKey(doc: MapDoc, id: string): string {
  const pattern = new RegExp(`^(?:${doc.key_pattern})$`);
  const plain = id.replaceAll("-", "");
  return [id, plain, plain.slice(-20), plain.slice(-12)].find((it) => pattern.test(it)) ?? id;
}
