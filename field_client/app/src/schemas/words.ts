// What a person is told: the labels of what is declared, and a sentence for every fault and problem.
//
// The sentences are those of schemas/words.py; whatever a later server may name, there is always one.

import { DETAILS, FAULTS, type ProblemCode, REASONS, RULES, TITLES } from "../generated/words.ts";
import type { Json, Kind, Label, Lang } from "./declare.ts";
import { isMap, type RecordType } from "./registry.ts";
import { isList } from "./values.ts";

/** What is known of a fault, found here or told by the server. */
export interface Told {
  readonly code: string;
  readonly field?: string | null;
  readonly reason?: string | null;
  readonly rule?: string | null;
}

/** The side of a label that is in the reader's language. */
export function pick(label: Label, lang: Lang): string {
  return label[lang];
}

/** What is said about a fault: the rule, else the reason, else the code; behind the field's label. */
export function faultMessage(fault: Told, lang: Lang, fieldLabel: string | null = null): string {
  const words =
    sentence(RULES, fault.rule) ??
    sentence(REASONS, fault.reason) ??
    sentence(FAULTS, fault.code) ??
    FAULTS["bad-change"];
  return labelled(fieldLabel, pick(words, lang), lang);
}

/**
 * What is said about a fault of a record of a type.
 *
 * A field's own hint says better how it is written than any general sentence.
 */
export function describe(fault: Told, declared: RecordType | null, lang: Lang): string {
  const path = fault.field ?? null;
  if (declared === null || path === null) return faultMessage(fault, lang);
  const label = labelOf(declared, path, lang);
  const hint = declared.field(path)?.hint ?? null;
  if (fault.code === "invalid-value" && (fault.rule ?? null) === null && hint !== null) {
    return labelled(label, pick(hint, lang), lang);
  }
  return faultMessage(fault, lang, label);
}

/** What people call a field, a group (its members) or a map's leaf; null if it is not known. */
export function labelOf(declared: RecordType, path: string, lang: Lang): string | null {
  const members = declared.group(path);
  if (members.length > 0) {
    return members.map((it) => labelOf(declared, it, lang)).join(lang === "zh" ? "、" : ", ");
  }
  const field = declared.field(path);
  if (field === null) return null;
  const [name = "", key] = path.split(".");
  const held = declared.doc.fields[name];
  if (key === undefined || held === undefined || !isMap(held)) return pick(field.title, lang);
  return [pick(held.title, lang), key, pick(field.title, lang)].join(" ");
}

/** What people call a choice; null for what is none of the kind's options. */
export function optionLabel(kind: Kind, value: Json, lang: Lang): string | null {
  if (kind.kind === "list" || kind.kind === "set") return optionLabel(kind.of, value, lang);
  if (kind.kind !== "choice" || typeof value !== "string") return null;
  const label = sentence(kind.options, value);
  return label === null ? null : pick(label, lang);
}

/** What people call all the choices of a list, in its order. */
export function optionLabels(kind: Kind, value: Json, lang: Lang): string[] {
  const values = isList(value) ? value : [value];
  return values.map((it) => optionLabel(kind, it, lang)).filter((it) => it !== null);
}

/** The title and the detail of a problem that a request was answered with. */
export function problemWords(code: string, lang: Lang): { title: string; detail: string } {
  const known: ProblemCode = isProblem(code) ? code : "internal";
  return { title: pick(TITLES[known], lang), detail: pick(DETAILS[known], lang) };
}

function isProblem(code: string): code is ProblemCode {
  return Object.hasOwn(TITLES, code);
}

function sentence(
  words: Readonly<Record<string, Label>>,
  key: string | null | undefined,
): Label | null {
  return key != null && Object.hasOwn(words, key) ? (words[key] ?? null) : null;
}

function labelled(label: string | null, words: string, lang: Lang): string {
  if (label === null) return words;
  return lang === "zh" ? `${label}：${words}` : `${label}: ${words}`;
}
