// Ids, instants, dates, JSON equality: small values that cannot be wrong (as schemas/values.py has them).
//
// Whatever reads a word from outside takes the one written form that the protocol names, and gives null
// or false for everything else, also for values that are no text at all.

import type { Json } from "./declare.ts";

const MAX_MILLIS = 0xffff_ffff_ffff;
const FIRST_MS = -62_135_596_800_000; // the years 1 to 9999
const LAST_MS = 253_402_300_799_999;

const RECORD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const INSTANT = /^([0-9-]{10})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6}))?Z$/;
const NATIONAL_ID = /^[0-9]{17}[0-9X]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = "10X98765432";
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// ------------------------------------------------------------------------------------------ ids

/**
 * A new id: a UUID of version 7, in canonical lower-case form (RFC 9562, section 5.7).
 *
 * `random`: ten bytes from a good source. A clock outside of what 48 bits hold counts as the nearest
 * that they do hold: a wrong clock must not stop anybody's work.
 */
export function uuid7(millis: number, random: Uint8Array): string {
  if (random.length !== 10) throw new RangeError("a UUID of version 7 takes ten random bytes");
  const time = Math.min(Math.max(Math.floor(millis), 0), MAX_MILLIS)
    .toString(16)
    .padStart(12, "0");
  const [a = 0, b = 0, c = 0, d = 0, ...rest] = random;
  const tail = [(a & 0x0f) | 0x70, b, (c & 0x3f) | 0x80, d, ...rest];
  const hex = time + tail.map((it) => it.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

/** Whether a value is a UUID in canonical lower-case form (any version, the RFC's variant). */
export function isRecordId(value: unknown): value is string {
  return typeof value === "string" && RECORD_ID.test(value);
}

// ---------------------------------------------------------------------------- dates and instants

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The business date written as YYYY-MM-DD, or null. */
export function parseDate(value: unknown): CalendarDate | null {
  const found = typeof value === "string" ? DATE.exec(value) : null;
  if (found === null) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  return isDay(year, month, day) ? { year, month, day } : null;
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

/** The milliseconds since 1970 of an instant: UTC, ISO 8601 with a final Z, at most six decimals; or null. */
export function parseInstant(value: unknown): number | null {
  const found = typeof value === "string" ? INSTANT.exec(value) : null;
  const date = parseDate(found?.[1]);
  if (found === null || date === null) return null;
  const [hour = 0, minute = 0, second = 0] = found.slice(2, 5).map(Number);
  const at = new Date(0);
  at.setUTCFullYear(date.year, date.month - 1, date.day);
  at.setUTCHours(hour, minute, second, Number((found[5] ?? "").padEnd(3, "0").slice(0, 3)));
  return at.getTime();
}

/** An instant in UTC with milliseconds and Z, or the nearest that can be written. */
export function formatInstant(millis: number): string {
  return new Date(Math.min(Math.max(Math.floor(millis), FIRST_MS), LAST_MS)).toISOString();
}

// ---------------------------------------------------------------------------------- national ids

/** Whether a value is an 18-character id number: birth date and check digit (GB 11643). */
export function isNationalId(value: unknown): value is string {
  if (typeof value !== "string" || !NATIONAL_ID.test(value)) return false;
  const [year, month, day] = [value.slice(6, 10), value.slice(10, 12), value.slice(12, 14)];
  if (!isDay(Number(year), Number(month), Number(day))) return false;
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(value[at]), 0);
  return value[17] === CHECK_DIGITS[total % 11];
}

// ------------------------------------------------------------------------------------------ JSON

/** Whether two JSON values are the same, deeply; true is not 1, and the order of keys does not count. */
export function jsonEqual(first: Json, second: Json): boolean {
  if (first === second) return true;
  if (isList(first) || isList(second)) {
    return isList(first) && isList(second) && listsEqual(first, second);
  }
  return isObject(first) && isObject(second) && objectsEqual(first, second);
}

function listsEqual(first: readonly Json[], second: readonly Json[]): boolean {
  return (
    first.length === second.length && first.every((it, at) => jsonEqual(it, second[at] ?? null))
  );
}

function objectsEqual(first: JsonObject, second: JsonObject): boolean {
  const keys = Object.keys(first);
  return (
    keys.length === Object.keys(second).length &&
    keys.every(
      (it) => Object.hasOwn(second, it) && jsonEqual(first[it] ?? null, second[it] ?? null),
    )
  );
}

/** The value with every text in it in NFC: devices normalise when they save. */
export function normal(value: Json): Json {
  if (typeof value === "string") return value.normalize("NFC");
  if (isList(value)) return value.map(normal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, normal(it)]));
}

export type JsonObject = { readonly [key: string]: Json };

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}
