// What a device shows and what it keeps: its pending sets on top of a server copy (protocol.md, section 2).
//
// A device has two copies that it never mixes. The *server copy* holds what the server sent and
// nothing else (one exception, the step `own`, saves bytes). The *view* is the server copy with the
// pending sets on top, made anew whenever it is looked at and never written back. Everything here is
// pure; a store keeps the rows.

import type { FieldDoc, Fields, Json } from "../schemas/declare.ts";
import type { Answer, Change, ChangeSet, SentRecord } from "../schemas/messages.ts";
import type { RecordType, Registry } from "../schemas/registry.ts";
import { settleHighest, settleSet } from "./merge.ts";
import { merge } from "./text.ts";

/** A record of the server copy. */
export interface Held {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly version: number;
  readonly fields: Fields;
  /** The server removed it, and own work on it has no result yet. */
  readonly gone: boolean;
}

/** One change whose effect the server copy does not yet include. */
export interface Pending {
  readonly number: number;
  readonly change: Change;
  /**
   * By path, the texts that the form showed when it was opened: what was typed was typed over them,
   * so they are the ancestors when the server copy has moved on.
   */
  readonly seen: Fields;
  /** The paths that later own sets have said, where the server copy includes such: it is ahead of this one. */
  readonly said?: readonly string[];
}

/** A record as its user sees it. */
export interface View {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly version: number;
  readonly fields: Fields;
  /** The numbers of the sets that are on top, oldest first. */
  readonly pending: readonly number[];
  /** The user removed it. */
  readonly removed: boolean;
  /** Somebody else did, and the user's work on it is on its way. */
  readonly gone: boolean;
}

// -------------------------------------------------------------------------------------- the view

/**
 * A record with the pending changes to it on top, in the order of their numbers.
 *
 * Null where there is nothing to show: updates of a record that is not (or no longer) on this device
 * stand in their sets alone.
 */
export function view(
  held: Held | null,
  pending: readonly Pending[],
  registry: Registry,
): View | null {
  const below: View | null = held === null ? null : { ...held, pending: [], removed: false };
  return pending.reduce((shown, it) => {
    const rest = notOutlived(it, registry.get(it.change.type));
    return rest === null ? shown : onTop(shown, rest, registry);
  }, below);
}

/**
 * What of a set that the server holds is still to be shown; null: nothing.
 *
 * It never overwrites what a set of the same device with a greater number has stored (protocol,
 * section 8), and shows nothing over it either.
 */
function notOutlived(held: Pending, declared: RecordType | null): Pending | null {
  const { change, said } = held;
  if (said === undefined || declared === null) return held;
  if (change.op === "delete") return null;
  const units = new Set(said.map((path) => declared.unit(path)));
  const left = Object.entries(change.set ?? {}).filter(([path]) => !units.has(declared.unit(path)));
  return { ...held, change: { ...change, set: Object.fromEntries(left) } };
}

function onTop(below: View | null, pending: Pending, registry: Registry): View | null {
  const { change, number, seen } = pending;
  if (below === null && change.op !== "create") return null;
  const shown = below ?? newView(change);
  const declared = registry.get(change.type);
  const fields = new Map(Object.entries(shown.fields));
  for (const [path, typed] of Object.entries(change.set ?? {})) {
    const field = declared?.field(path) ?? null;
    put(fields, path, valueOnTop(field, fields.get(path) ?? null, typed, valueAt(seen, path)));
  }
  return {
    ...shown,
    fields: Object.fromEntries(fields),
    pending: [...shown.pending, number],
    removed: shown.removed || change.op === "delete",
  };
}

function newView({ type, id, customer }: Change): View {
  return { type, id, customer, version: 0, fields: {}, pending: [], removed: false, gone: false };
}

/** What is shown for one pending value over the value below it. */
function valueOnTop(field: FieldDoc | null, held: Json, typed: Json, seen: Json): Json {
  switch (field?.policy) {
    case "text":
      return textOnTop(held, typed, seen);
    case "set":
      return settleSet(held, typed);
    case "highest":
      return settleHighest(held, typed);
    case "latest":
    case "manual":
    case "authority":
    case "once":
    case "append":
    case "state":
    case undefined: // a field of a later schema
      return typed;
  }
}

/** The text as typed; with what came in below it meanwhile, where the two merge. */
function textOnTop(held: Json, typed: Json, seen: Json): Json {
  if (typeof typed !== "string") return typed;
  const [below, ancestor] = [words(held), words(seen)];
  if (held === typed || below === ancestor) return typed;
  return merge(ancestor, below, typed) ?? typed;
}

// -------------------------------------------------------------------------------------- new work

/**
 * By unit, the newest own set whose value of it the view shows but the server copy lacks.
 *
 * A new edit of such a unit names that number in `over` (protocol, section 3). Rejected sets are not
 * pending: their values are not in the view, so nothing is made over them.
 */
export function newestOwn(
  declared: RecordType,
  pending: readonly Pending[],
): Readonly<Record<string, number>> {
  const named = pending.flatMap((it) =>
    Object.keys(notOutlived(it, declared)?.change.set ?? {}).map(
      (path) => [declared.unit(path), it.number] as const,
    ),
  );
  return Object.fromEntries(named);
}

/** The `over` of a change that sets `fields`, given what `newestOwn` said at its base. */
export function overFor(
  declared: RecordType,
  fields: Fields,
  newest: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const units = new Set(Object.keys(fields).map((path) => declared.unit(path)));
  return Object.fromEntries(Object.entries(newest).filter(([unit]) => units.has(unit)));
}

/** The texts that stood in the form where `fields` sets texts: see `Pending.seen`. */
export function textsSeen(declared: RecordType, fields: Fields, shown: Fields): Fields {
  const texts = Object.keys(fields).filter((path) => declared.field(path)?.policy === "text");
  const seen = texts.map((path) => [path, valueAt(shown, path)] as const);
  return Object.fromEntries(seen.filter(([, value]) => value !== null));
}

// ------------------------------------------------------------------------------- the server copy

/** Forget a customer and every record under it: it is in `left`. */
export interface Drop {
  readonly kind: "drop";
  readonly customer: string;
}

/** An own change that was stored as sent; its fields may be missing from the answer. */
export interface Own {
  readonly kind: "own";
  readonly change: Change;
  readonly version: number;
}

/** A record as the answer carries it: delta, whole, or a tombstone. */
export interface Sent {
  readonly kind: "sent";
  readonly record: SentRecord;
}

/** Plain JSON, because it waits in a stage until the run ends. */
export type Step = Drop | Own | Sent;

/** What an answer brings. A problem answer has no page and must not come here. */
export type Page = Pick<Answer, "results" | "left" | "records">;

/**
 * What an answer does to the server copy, in the order in which it must be done; `own` has the
 * changes of the sets that this very request carried, by number.
 */
export function steps(
  { results, left, records }: Partial<Page>,
  own: ReadonlyMap<number, readonly Change[]>,
): Step[] {
  const dropped = (left ?? []).map(({ customer }): Drop => ({ kind: "drop", customer }));
  const gone = new Set<string | null>(dropped.map((it) => it.customer));
  const kept = storedAsSent(results ?? [], own).filter((it) => !gone.has(it.change.customer));
  const sent = (records ?? []).map((record): Sent => ({ kind: "sent", record }));
  return [...dropped, ...kept, ...sent];
}

function storedAsSent(
  results: Page["results"],
  own: ReadonlyMap<number, readonly Change[]>,
): Own[] {
  return results.flatMap((result) => {
    if (result.status !== "applied" || result.repeated !== false) return [];
    const changes = own.get(result.number) ?? [];
    const told = result.changes ?? [];
    if (changes.length !== told.length) return [];
    return told.flatMap(({ version }, at): Own[] => {
      const change = changes[at];
      return change && change.op !== "delete" ? [{ kind: "own", change, version }] : [];
    });
  });
}

/** The record of the server copy after one step; null: it is not (or no longer) held. */
export function fold(held: Held | null, step: Own | Sent, registry: Registry): Held | null {
  switch (step.kind) {
    case "own":
      return foldOwn(held, step, registry);
    case "sent":
      return foldSent(held, step.record);
  }
}

/** Take over the fields of an own set that was applied; policy `set` is always sent back whole. */
function foldOwn(held: Held | null, { change, version }: Own, registry: Registry): Held | null {
  if (held === null && change.op !== "create") return null;
  const { type, id, customer } = change;
  const below = held ?? { type, id, customer, version, fields: {}, gone: false };
  const declared = registry.get(type);
  const fields = new Map(Object.entries(below.fields));
  for (const [path, value] of Object.entries(change.set ?? {})) {
    if (declared?.field(path)?.policy !== "set") put(fields, path, value);
  }
  return {
    ...below,
    fields: Object.fromEntries(fields),
    version: Math.max(below.version, version),
  };
}

function foldSent(held: Held | null, record: SentRecord): Held | null {
  const { type, id, customer, version } = record;
  if (record.removed) return held && { ...held, version, gone: true };
  const known = record.whole || held === null || held.gone ? {} : held.fields;
  const fields = new Map(Object.entries(known));
  for (const [path, value] of Object.entries(record.set ?? {})) put(fields, path, value);
  return { type, id, customer, version, fields: Object.fromEntries(fields), gone: false };
}

// ----------------------------------------------------------------------------------- renumbering

/**
 * A pending set as a new device sends it: same id and changes, new number and `over`.
 *
 * `moved` has the new number of each set that is sent along, by its old one; an `over` that names
 * another is dropped. `restamp` gives the stamp in the new device's name.
 */
export function renumber(
  set: ChangeSet,
  number: number,
  moved: ReadonlyMap<number, number>,
  restamp: (clock: string) => string,
): ChangeSet {
  const stamp = set.clock ? { clock: restamp(set.clock) } : {};
  return { ...set, number, ...stamp, changes: set.changes.map((it) => renumbered(it, moved)) };
}

function renumbered(change: Change, moved: ReadonlyMap<number, number>): Change {
  const { over, ...kept } = change;
  const named = Object.entries(over ?? {}).flatMap(([unit, old]) => {
    const now = moved.get(old);
    return now === undefined ? [] : [[unit, now] as const];
  });
  return named.length > 0 ? { ...kept, over: Object.fromEntries(named) } : kept;
}

// ---------------------------------------------------------------------------------------- fields

// Fields are laid out in a Map while they change: a path of another schema may well be called
// "constructor", which every object seems to have.

function put(fields: Map<string, Json>, path: string, value: Json): void {
  if (value === null) fields.delete(path);
  else fields.set(path, value);
}

function valueAt(fields: Fields, path: string): Json {
  return Object.hasOwn(fields, path) ? (fields[path] ?? null) : null;
}

/** A text, empty where there is none. */
function words(value: Json): string {
  return typeof value === "string" ? value : "";
}
