// A stored value as people read it, by its kind.

import type { Lang } from "../../i18n/catalogue.ts";
import { dateIn, dateWithYear, money, number, time } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { FieldDoc, Fields, Json, Kind, Label } from "../../schemas/declare.ts";
import type { RecordType } from "../../schemas/registry.ts";
import { groupPhone } from "../masks.ts";
import { scaleOf, writtenNumber } from "./scale.ts";
import { WORDS } from "./words.ts";

/** The names of people, villages and other records, by id. */
export type Names = Readonly<Record<string, string>>;

const UNITS = {
  bps: "unit.percent",
  "tenths of a mu": "unit.mu",
  "e-6 degrees": "unit.degrees",
  m: "unit.metres",
  years: "unit.years",
} as const satisfies Readonly<Record<string, keyof typeof WORDS>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DIGITS = /^\[0-9\]\{\d+(?:,\d+)?\}$/;

export function pick(label: Label, lang: Lang): string {
  return label[lang];
}

/** The word behind a number of a unit; null where the unit has none that people say. */
export function unitWord(unit: string | null, lang: Lang): string | null {
  if (unit === null || !Object.hasOwn(UNITS, unit)) return null;
  return say(lang, WORDS, UNITS[unit as keyof typeof UNITS]);
}

/** Whether a text of this kind is nothing but digits: a phone. */
export function isDigits(kind: Kind): boolean {
  return kind.kind === "text" && kind.pattern !== null && DIGITS.test(kind.pattern);
}

/** The text of a value; an empty text for no value, the plain value where it is not of its kind. */
export function shownValue(kind: Kind, value: Json, lang: Lang, names: Names): string {
  if (value === null || value === "") return "";
  switch (kind.kind) {
    case "choice": {
      const label = typeof value === "string" ? kind.options[value] : undefined;
      return label ? pick(label, lang) : plain(value, lang);
    }
    case "integer":
      return typeof value === "number" ? shownNumber(kind.unit, value, lang) : plain(value, lang);
    case "date":
      return typeof value === "string" && DAY.test(value)
        ? dateWithYear(value, lang)
        : plain(value, lang);
    case "instant":
      return shownInstant(value, lang);
    case "id":
    case "ref":
      return typeof value === "string"
        ? (names[value] ?? say(lang, WORDS, "form.other_record"))
        : plain(value, lang);
    case "list":
    case "set":
      if (!Array.isArray(value)) return plain(value, lang);
      return value
        .map((it: Json) => shownValue(kind.of, it, lang, names))
        .join(lang === "zh" ? "、" : ", ");
    case "text":
      return typeof value === "string" && isDigits(kind) ? groupPhone(value) : plain(value, lang);
    case "record":
      return shownMembers(kind, value, lang, names);
    case "national_id":
    case "flag":
    case "value":
    case "object":
    case "any":
      return plain(value, lang);
  }
}

/** The members of a small object, by their titles; where nobody declared any, only what they hold is told. */
function shownMembers(
  { members, titles = {} }: Extract<Kind, { readonly kind: "record" }>,
  value: Json,
  lang: Lang,
  names: Names,
): string {
  if (!isObject(value)) return plain(value, lang);
  const shown = Object.entries(members).flatMap(([name, kind]) => {
    const words = shownValue(kind, value[name] ?? null, lang, names);
    const title = titles[name];
    return words === "" ? [] : [title ? `${pick(title, lang)} ${words}` : words];
  });
  return [...new Set(shown)].join(lang === "zh" ? "、" : ", ");
}

function shownNumber(unit: string | null, value: number, lang: Lang): string {
  if (unit === "fen") return money(value);
  if (unit === null) return number(value);
  const word = unitWord(unit, lang);
  const digits = writtenNumber(value, scaleOf(unit));
  return word === null ? digits : `${digits} ${word}`;
}

function shownInstant(value: Json, lang: Lang): string {
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return plain(value, lang);
  return `${dateWithYear(dateIn(value), lang)} ${time(value)}`;
}

function plain(value: Json, lang: Lang): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return say(lang, WORDS, value ? "form.yes" : "form.no");
  return typeof value === "number" ? number(value) : JSON.stringify(value);
}

// --------------------------------------------------------------------------------- units of a type

/** What people call a field, a group (its members) or a map's leaf; the path where nobody named it. */
export function labelOf(type: RecordType, path: string, lang: Lang): string {
  const members = type.group(path);
  if (members.length > 0) {
    return members.map((it) => titleAt(type, it, lang)).join(lang === "zh" ? "、" : ", ");
  }
  return titleAt(type, path, lang);
}

function titleAt(type: RecordType, path: string, lang: Lang): string {
  const field = type.field(path);
  if (field === null) return path;
  const [name = "", key] = path.split(".");
  const held = type.doc.fields[name];
  if (key === undefined || !held) return pick(field.title, lang);
  return [pick(held.title, lang), key, pick(field.title, lang)].join(" ");
}

export interface ShownLine {
  readonly label: string;
  readonly text: string;
}

/** The lines of a unit's value: one for a field, one for each member of a group or of a change. */
export function linesOf(
  type: RecordType,
  unit: string | null,
  value: Json,
  lang: Lang,
  names: Names,
): readonly ShownLine[] {
  const one = (path: string, label: string, it: Json): ShownLine => {
    const field: FieldDoc | null = type.field(path);
    const text = field ? shownValue(field.kind, it, lang, names) : plain(it, lang);
    return { label, text };
  };
  if (unit !== null && type.group(unit).length === 0) return [one(unit, "", value)];
  const held = isObject(value) ? value : {};
  const members = unit === null ? Object.keys(held) : type.group(unit);
  return members.map((it) => one(it, titleAt(type, it, lang), held[it] ?? null));
}

function isObject(value: Json): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
