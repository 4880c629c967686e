// The questions of a checklist, read from its record, and what an answer to one sets off.
// Source: domain.md, sections 5.1 and 7; schemas/checklist.py.

import { readNumber, YUAN } from "../../components/form/scale.ts";
import type { Fields, Json, Kind, Label } from "../../schemas/declare.ts";

export type AnswerKind = "yes_no" | "choice" | "number" | "money" | "date" | "text" | "photo";
export type Severity = "minor" | "major" | "critical";

export interface Question {
  readonly qid: string;
  readonly text: Label;
  readonly answer: AnswerKind;
  readonly required: boolean;
  readonly choices: readonly { readonly value: string; readonly label: Label }[];
  readonly flag_if: string | null;
  readonly severity: Severity | null;
}

const KINDS: readonly string[] = ["yes_no", "choice", "number", "money", "date", "text", "photo"];
const SEVERITIES: readonly string[] = ["minor", "major", "critical"];

/** The questions of a checklist record, in their order. */
export function questionsOf(checklist: Fields): readonly Question[] {
  return list(checklist.questions).flatMap((it) => {
    const raw = object(it);
    const qid = text(raw.qid);
    if (qid === "") return [];
    const severity = raw.finding_severity;
    return [
      {
        qid,
        text: { en: text(raw.text_en), zh: text(raw.text_zh) },
        answer: isKind(raw.answer) ? raw.answer : "text",
        required: raw.required === true,
        choices: list(raw.choices).map(choice),
        flag_if: text(raw.flag_if) || null,
        severity: isSeverity(severity) ? severity : null,
      },
    ];
  });
}

function choice(it: Json): { value: string; label: Label } {
  const raw = object(it);
  const value = text(raw.value);
  return { value, label: { en: text(raw.text_en) || value, zh: text(raw.text_zh) || value } };
}

function isKind(value: Json | undefined): value is AnswerKind {
  return typeof value === "string" && KINDS.includes(value);
}

function isSeverity(value: Json | undefined): value is Severity {
  return typeof value === "string" && SEVERITIES.includes(value);
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function object(value: Json): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

const YES_NO: Kind = {
  kind: "choice",
  options: { yes: { en: "Yes", zh: "是" }, no: { en: "No", zh: "否" } },
};
const WHOLE = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };

/** The kind of value that answers a question, in place of "any value" in the note's declaration. */
export function answerKind(question: Question): Kind {
  switch (question.answer) {
    case "yes_no":
      return YES_NO;
    case "choice":
      return {
        kind: "choice",
        options: Object.fromEntries(question.choices.map((it) => [it.value, it.label])),
      };
    case "number":
      return { kind: "integer", ...WHOLE, unit: null };
    case "money":
      return { kind: "integer", ...WHOLE, unit: "fen" };
    case "date":
      return { kind: "date" };
    case "text":
    case "photo":
      return { kind: "text", longest: 4000, shortest: 0, pattern: null, lines: true };
  }
}

// ---------------------------------------------------------------------------------------- flags

const COMPARISON = /^(<=|>=|<|>|≤|≥)\s*(-?[\d.]+)$/;

/** Whether an answer opens a finding: `no`, `none`, `< -20`, `> 0`, `≤ 2`. */
export function isFlagged(question: Question, value: Json): boolean {
  const rule = question.flag_if;
  if (rule === null || !isAnswered(value)) return false;
  const compared = COMPARISON.exec(rule);
  if (compared === null) return value === rule;
  const [, sign = "", limit = ""] = compared;
  const scale = question.answer === "money" ? YUAN : { places: 0, whole: true };
  const against = readNumber(limit, scale);
  return typeof value === "number" && against !== null && holds(value, sign, against);
}

function holds(value: number, sign: string, limit: number): boolean {
  switch (sign) {
    case "<":
      return value < limit;
    case ">":
      return value > limit;
    case "<=":
    case "≤":
      return value <= limit;
    default:
      return value >= limit;
  }
}

/** Whether there is an answer; blanks are none. */
export function isAnswered(value: Json): boolean {
  return value !== null && !(typeof value === "string" && value.trim() === "");
}
