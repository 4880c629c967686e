// How a pending value of policy `set` or `highest` is laid over what stands (protocol.md, section 4).
// The server settles what meets above the base; on a device nothing but these two needs the value below.

import type { Json } from "../schemas/declare.ts";

/**
 * Add and remove element by element; null removes every element, a plain list is a new record's value.
 *
 * The outcome is sorted and without repeats, the form in which sets are stored and pulled.
 */
export function settleSet(held: Json, sent: Json): Json {
  const below = asList(held);
  const edit = sent === null ? { remove: below } : isObject(sent) ? sent : { add: sent };
  const gone = new Set(asList(edit.remove).map(key));
  const stay = below.filter((it) => !gone.has(key(it)));
  return unique([...stay, ...asList(edit.add)]);
}

/** The greater value stands, as number or as text; null is lowest. */
export function settleHighest(held: Json, sent: Json): Json {
  if (held === null) return sent;
  return sent !== null && isGreater(sent, held) ? sent : held;
}

/**
 * Below zero where the first text sorts before the second, by code points.
 *
 * JavaScript sorts by UTF-16 units, which puts a rare character (U+20000) before a full-width letter
 * (U+FF21); the server does not.
 */
export function compareTexts(first: string, second: string): number {
  const others = second[Symbol.iterator]();
  for (const one of first) {
    const other = others.next();
    if (other.done) return 1;
    if (one !== other.value) return (one.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
  }
  return others.next().done ? 0 : -1;
}

function unique(elements: readonly Json[]): Json {
  const byKey = new Map(elements.map((it) => [key(it), it]));
  if (byKey.size === 0) return null;
  return [...byKey].sort(([one], [other]) => compareTexts(one, other)).map(([, it]) => it);
}

function key(element: Json): string {
  return typeof element === "string" ? element : JSON.stringify(element);
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGreater(sent: Json, held: Json): boolean {
  if (typeof sent === "string" && typeof held === "string") return compareTexts(sent, held) > 0;
  return typeof sent === "number" && typeof held === "number" && sent > held;
}
