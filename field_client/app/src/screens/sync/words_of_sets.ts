// Own change sets in people's words: whose, what, and the second line.

import type { IconName } from "../../components/icons.ts";
import { money, relative } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Lang } from "../../schemas/declare.ts";
import type { Change } from "../../schemas/messages.ts";
import { isRecordId } from "../../schemas/values.ts";
import { faultMessage, labelOf } from "../../schemas/words.ts";
import { path } from "../../shell/router.ts";
import { errorsOf, type OwnSet } from "../../sync/sets.ts";
import type { Book } from "../../work/book.ts";
import { type Person, personOf, typeLabel } from "../../work/titles.ts";
import { text } from "../../work/views.ts";
import { WORDS } from "./words.ts";

const ICONS: Readonly<Record<string, IconName>> = {
  repayment: "money",
  visit: "visit",
  inspection_note: "note",
  interaction: "call",
  conflict: "fork",
  task: "clock",
};
const MOST_LABELS = 3;

export function whoOf(book: Book, set: OwnSet): Person | null {
  const [customer] = book.customersOf(set);
  return customer === undefined ? null : personOf(book, customer);
}

/** The change by which people know a set: the money, the visit, the first. */
function chiefOf(set: OwnSet): Change | null {
  const changes = set.content?.changes ?? [];
  const rank = ["repayment", "visit", "inspection_note"];
  for (const type of rank) {
    const found = changes.find((it) => it.type === type);
    if (found) return found;
  }
  return changes.find((it) => it.type !== "conflict") ?? changes[0] ?? null;
}

export function iconOf(set: OwnSet): IconName {
  return ICONS[chiefOf(set)?.type ?? ""] ?? "pencil";
}

/** "Repayment ¥4,600.00", "Customer". */
export function whatOf(book: Book, set: OwnSet, lang: Lang): string {
  const chief = chiefOf(set);
  if (set.action === "resolve") return say(lang, WORDS, "set.resolve");
  if (chief === null) return set.action;
  const title = typeLabel(book.registry.get(chief.type), chief.type)[lang];
  const amount = chief.set?.amount_fen;
  if (chief.type === "repayment" && typeof amount === "number") return `${title} ${money(amount)}`;
  return title;
}

/** The receipt's number, or what was written; and when. */
export function detailOf(book: Book, set: OwnSet, lang: Lang, now: number): string {
  const chief = chiefOf(set);
  const receipt = text(chief?.set?.receipt_no);
  const when = relative(set.made_at, lang, now);
  return [receipt || fieldsOf(book, chief, lang), when].filter(Boolean).join(" · ");
}

/** The fields that a change sets, in the words of its declaration. */
export function fieldsOf(book: Book, change: Change | null, lang: Lang): string {
  const type = change === null ? null : book.registry.get(change.type);
  if (type === null || change?.op !== "update") return "";
  const units = [...new Set(Object.keys(change.set ?? {}).map((it) => type.unit(it)))];
  const labels = [...new Set(units.map((it) => named(book, it, labelOf(type, it, lang) ?? it)))];
  const shown = labels.slice(0, MOST_LABELS).join(lang === "zh" ? "、" : ", ");
  return labels.length > MOST_LABELS ? `${shown} …` : shown;
}

/** A label with the customer's name in the place of his id; an id that names nobody here says nothing. */
function named(book: Book, unit: string, label: string): string {
  const [, key] = unit.split(".");
  if (key === undefined || !isRecordId(key)) return label;
  return label.replace(` ${key}`, book.card(key) ? ` ${personOf(book, key).name}` : "");
}

/** Where a set's record can be read. */
export function hrefOf(set: OwnSet): string | null {
  const chief = chiefOf(set);
  if (chief === null) return null;
  const { type, id, customer } = chief;
  if (type === "customer") return path({ screen: "customer", id, from: null });
  if (type === "repayment" && customer) return path({ screen: "receipt", customer, id });
  if (type === "conflict") return path({ screen: "conflict", id, customer });
  if (type === "handover") return path({ screen: "handover", id });
  return path({ screen: "record", type, id, customer });
}

/** Why a set was not accepted, sentence by sentence; the branch says it in the user's language. */
export function reasonsOf(set: OwnSet, lang: Lang): string[] {
  const found = errorsOf(set).map(
    (it) => it.message || faultMessage({ ...it, field: it.field ?? null }, lang),
  );
  return [...new Set(found.length > 0 ? found : [faultMessage({ code: "bad-change" }, lang)])];
}
