// The answers of an inspection note beside their questions: its declaration has "any value" under a key,
// the checklist that the note names knows what was asked and how it is answered.

import type { FieldPart, MapPart, Part } from "../../components/form/part.ts";
import type { Fields, Json, Lang } from "../../schemas/declare.ts";
import type { Desk } from "../../work/desk.ts";
import { referencesOf } from "../../work/views.ts";
import type { RecordEntry, RecordRow, RecordRows } from "../record/rows.ts";
import { answerKind, type Question, questionsOf } from "./checklist.ts";
import { answerPath } from "./missing.ts";

const ANSWERS = "answers";
/** The kind of inspection says the same in words. */
const CODE = "checklist_code";

/** The questions of the checklist that a note was made by; none for any other record. */
export function questionsOfNote({ store, registry }: Desk, fields: Fields): readonly Question[] {
  const { checklist_code, checklist_version } = fields;
  if (!checklist_code) return [];
  const list = referencesOf(store, registry, "checklist").find(
    (it) => it.fields.code === checklist_code && it.fields.version === checklist_version,
  );
  return list ? questionsOf(list.fields) : [];
}

/** A note to read: each answer under its question, in the order of the checklist. */
export function rowsAsked(content: RecordRows, questions: readonly Question[]): RecordRows {
  if (questions.length === 0) return content;
  const entryAsked = ({ key, rows }: RecordEntry): RecordEntry => ({
    key,
    rows: rows.map((row) => rowAsked(row, questions)),
  });
  const maps = content.maps.map((map) =>
    map.name === ANSWERS
      ? { ...map, entries: inOrder(map.entries, questions).map(entryAsked) }
      : map,
  );
  return { ...content, maps, rows: content.rows.filter((it) => it.path !== CODE) };
}

function rowAsked(row: RecordRow, questions: readonly Question[]): RecordRow {
  const question = questions.find((it) => answerPath(it.qid) === row.path);
  return question
    ? { ...row, title: question.text, kind: answerKind(question), long: true }
    : { ...row, long: true };
}

/** A place for every answer that a note has not got yet, for its form. */
export function withPlaces(values: Fields, questions: readonly Question[]): Fields {
  const empty = questions.map((it): [string, Json] => [answerPath(it.qid), null]);
  return { ...Object.fromEntries(empty), ...values };
}

/** A note to fill in: each answer is given as its question asks for it, and none comes or goes. */
export function partsAsked(
  parts: readonly Part[],
  questions: readonly Question[],
  lang: Lang,
): readonly Part[] {
  if (questions.length === 0) return parts;
  return parts.flatMap((part): Part[] => {
    if (part.part === "group" && part.fields.some((it) => it.path === CODE)) return [];
    if (part.part !== "map") return [part];
    if (part.path !== ANSWERS) return part.entries.length > 0 ? [closed(part)] : [];
    const entries = inOrder(part.entries, questions).map((it) => ({
      ...it,
      name: questions.find(({ qid }) => qid === it.key)?.text[lang] ?? it.name,
      fields: it.fields.map((field) => fieldAsked(field, questions)),
    }));
    return [{ ...part, entries, open: false }];
  });
}

/** Signatures: they are given where a note is signed, and never taken back. */
function closed(part: MapPart): MapPart {
  const entries = part.entries.map((entry) => ({
    ...entry,
    fields: entry.fields.map((it) => ({ ...it, open: false })),
  }));
  return { ...part, entries, open: false };
}

function fieldAsked(field: FieldPart, questions: readonly Question[]): FieldPart {
  const question = questions.find((it) => answerPath(it.qid) === field.path);
  return question ? { ...field, title: question.text, kind: answerKind(question) } : field;
}

function inOrder<Entry extends { readonly key: string }>(
  entries: readonly Entry[],
  questions: readonly Question[],
): readonly Entry[] {
  const place = ({ key }: Entry) => {
    const at = questions.findIndex((it) => it.qid === key);
    return at < 0 ? questions.length : at;
  };
  return [...entries].sort((one, other) => place(one) - place(other));
}
