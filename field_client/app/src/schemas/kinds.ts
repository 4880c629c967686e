// What a value may be: the reason why it is not allowed, by its key in the catalogue, or null.
//
// The same reasons, in the same order, as `Kind.problem` in schemas/declare.py gives; the cases that
// both must pass are in tests/vectors/constraints.json.

import type { Json, Kind } from "./declare.ts";
import { isList, isNationalId, isObject, isRecordId, parseDate, parseInstant } from "./values.ts";

type Of<Name extends Kind["kind"]> = Extract<Kind, { readonly kind: Name }>;

const NUL = "\u0000";
const LONE_SURROGATE = /[\ud800-\udfff]/u; // with the flag, pairs are one character and do not match
const SEPARATORS = "\u001c\u001d\u001e\u001f\u0085"; // blanks to Python, and not to JavaScript
const NO_BREAK_MARK = "\ufeff"; // the other way round
const ANY_TEXT: Of<"text"> = {
  kind: "text",
  longest: 4000,
  shortest: 0,
  pattern: null,
  lines: false,
};
const ANY_INTEGER: Of<"integer"> = {
  kind: "integer",
  least: -Number.MAX_SAFE_INTEGER,
  most: Number.MAX_SAFE_INTEGER,
  unit: null,
};
const ANY_TEXTS: Of<"list"> = {
  kind: "list",
  of: { ...ANY_TEXT, longest: 200 },
  most: 50,
  least: 0,
};

/** Why a value is not of a kind, or null. */
export function problem(kind: Kind, value: Json): string | null {
  switch (kind.kind) {
    case "text":
      return textProblem(kind, value);
    case "national_id":
      return storableProblem(value) ?? (isNationalId(value) ? null : "wrong-national-id");
    case "integer":
      return integerProblem(kind, value);
    case "flag":
      return typeof value === "boolean" ? null : "not-boolean";
    case "date":
      return storableProblem(value) ?? (parseDate(value) === null ? "not-date" : null);
    case "instant":
      return storableProblem(value) ?? (parseInstant(value) === null ? "not-instant" : null);
    case "choice":
      return isOption(kind, value) ? null : "not-a-choice";
    case "id":
    case "ref":
      return isRecordId(value) ? null : "not-an-id";
    case "list":
    case "set":
      if (isList(value) && value.length < kind.least) return "too-few";
      return elementsProblem(kind, value);
    case "record":
      return recordProblem(kind, value);
    case "value":
      return valueProblem(value);
    case "object":
      return isObject(value) ? null : "not-an-object";
    case "any":
      return null;
    default:
      return kind satisfies never;
  }
}

/** Why a value is not an add/remove edit of a set, or null (policy `set`). */
export function problemOfEdit(kind: Of<"set">, value: Json): string | null {
  if (!isObject(value)) return "not-add-remove";
  const names = Object.keys(value);
  if (names.length === 0 || names.some((it) => it !== "add" && it !== "remove")) {
    return "not-add-remove";
  }
  return first(Object.values(value), (it) => elementsProblem(kind, it));
}

function storableProblem(value: Json): string | null {
  if (typeof value !== "string") return "not-text";
  if (value.includes(NUL)) return "has-nul";
  if (LONE_SURROGATE.test(value)) return "has-surrogate";
  return value === value.normalize("NFC") ? null : "not-nfc";
}

function textProblem(kind: Of<"text">, value: Json): string | null {
  const found = storableProblem(value);
  if (found !== null || typeof value !== "string") return found;
  const length = characters(value);
  if (length > kind.longest) return "too-long";
  if (length < kind.shortest || (kind.shortest > 0 && isBlank(value))) return "too-short";
  return kind.pattern === null || wholly(kind.pattern).test(value) ? null : "wrong-form";
}

/** How many characters a text has; one outside the basic plane is two of JavaScript's units. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function isBlank(text: string): boolean {
  for (const one of text) {
    const blank = (one.trim() === "" && one !== NO_BREAK_MARK) || SEPARATORS.includes(one);
    if (!blank) return false;
  }
  return true;
}

const PATTERNS = new Map<string, RegExp>();

function wholly(pattern: string): RegExp {
  const made = PATTERNS.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  PATTERNS.set(pattern, made);
  return made;
}

function integerProblem(kind: Of<"integer">, value: Json): string | null {
  if (typeof value !== "number" || !Number.isInteger(value)) return "not-integer";
  if (value < kind.least) return "too-small";
  return value > kind.most ? "too-large" : null;
}

function isOption(kind: Of<"choice">, value: Json): boolean {
  return typeof value === "string" && Object.hasOwn(kind.options, value);
}

function elementsProblem(kind: Of<"list"> | Of<"set">, value: Json): string | null {
  if (!isList(value)) return "not-a-list";
  if (value.length > kind.most) return "too-long";
  return first(value, (it) => problem(kind.of, it));
}

function recordProblem(kind: Of<"record">, value: Json): string | null {
  if (!isObject(value)) return "not-an-object";
  const members = Object.entries(value);
  const whole = kind.required.every((it) => Object.hasOwn(value, it));
  if (!whole || members.some(([name]) => !Object.hasOwn(kind.members, name))) {
    return "wrong-members";
  }
  return first(members, ([name, it]) => {
    const member = kind.members[name];
    return it === null || member === undefined ? null : problem(member, it);
  });
}

/** A plain value of a checklist's answer: text, whole number, boolean, or a list of texts. */
function valueProblem(value: Json): string | null {
  if (typeof value === "boolean") return null;
  if (Number.isInteger(value)) return problem(ANY_INTEGER, value);
  return problem(isList(value) ? ANY_TEXTS : ANY_TEXT, value);
}

function first<T>(these: readonly T[], reason: (it: T) => string | null): string | null {
  for (const it of these) {
    const found = reason(it);
    if (found !== null) return found;
  }
  return null;
}
