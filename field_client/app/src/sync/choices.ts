// The set that settles a conflict, as every client builds it (protocol.md, section 5).

import type { Fields, Json } from "../schemas/declare.ts";
import type { Change } from "../schemas/messages.ts";
import type { Registry } from "../schemas/registry.ts";

/** Names an entry of a conflict. */
export interface Chosen {
  readonly device: string;
  readonly number: number;
}

/** One of the values between which people decide. */
export interface Entry extends Chosen {
  readonly value: Json;
}

/** How a conflict ends. */
export interface Choice {
  /** `keep`, `other` (with `chosen`), `custom` (with `value`), or a way that writes nothing else. */
  readonly way: string;
  readonly chosen?: Chosen | null;
  readonly value?: Json;
  readonly comment?: string | null;
}

/** A conflict as its user sees it. */
export interface Conflict {
  readonly id: string;
  readonly customer: string | null;
  readonly fields: Fields;
}

/**
 * The entry of a conflict that is meant: the one that `chosen` names; without it, the only other.
 *
 * Null when it names none, or several could be meant.
 */
export function chosenEntry(conflict: Fields, chosen: Chosen | null = null): Entry | null {
  const others = Array.isArray(conflict.others) ? conflict.others : [];
  if (chosen === null) return others.length === 1 ? entryOf(others[0]) : null;
  for (const it of [...others, conflict.kept]) {
    const entry = entryOf(it);
    if (entry?.device === chosen.device && entry.number === chosen.number) return entry;
  }
  return null;
}

/**
 * The changes that resolve a conflict: its own update and, unless it keeps, the write to the record.
 *
 * Null when no value, or no record, can be meant.
 */
export function resolution(
  registry: Registry,
  conflict: Conflict,
  choice: Choice,
): readonly Change[] | null {
  const { way, chosen = null, value = null, comment } = choice;
  const { id, customer, fields } = conflict;
  const entry = way === "other" ? chosenEntry(fields, chosen) : null;
  if (way === "other" && entry === null) return null;
  const settled: Fields = {
    status: "resolved",
    resolution: way,
    ...(comment ? { comment } : {}),
    ...(entry ? { chosen: { device: entry.device, number: entry.number } } : {}),
  };
  const update: Change = { op: "update", type: "conflict", id, customer, set: settled };
  if (entry === null && way !== "custom") return [update];
  const write = writeOf(registry, conflict, entry === null ? value : entry.value);
  return write && [update, write];
}

function writeOf(registry: Registry, { customer, fields }: Conflict, value: Json): Change | null {
  const { record: id, record_type: type, field: unit = null } = fields;
  if (typeof id !== "string" || typeof type !== "string") return null;
  const named = { type, id, customer };
  const members = objectOf(value);
  if (unit === null) {
    if (!members.deleted) return { op: "update", ...named, set: members };
    const reason = members.reason;
    return { op: "delete", ...named, reason: typeof reason === "string" && reason ? reason : "-" };
  }
  const declared = registry.get(type);
  if (declared === null || typeof unit !== "string") return null;
  const group = declared.group(unit);
  const whole = group.map((path) => [path, members[path] ?? null] as const);
  const set = group.length > 0 ? Object.fromEntries(whole) : { [unit]: value };
  return { op: "update", ...named, set };
}

function entryOf(entry: Json | undefined): Entry | null {
  const { device, number, value } = objectOf(entry ?? null);
  const isWhole = typeof device === "string" && typeof number === "number";
  return isWhole && value !== undefined ? { device, number, value } : null;
}

function objectOf(value: Json): Fields {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : {};
}
