// What people call things: labels of choices, of types, of a record.

import type { Json, Label } from "../schemas/declare.ts";
import type { RecordType } from "../schemas/registry.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { text } from "./views.ts";

export interface Person {
  readonly name: string;
  readonly latin: string | null;
}

/** A customer's name; the beginning of the id where he is not on this tablet. */
export function personOf(book: Book, customer: string): Person {
  const card = book.card(customer);
  if (card === null) return { name: customer.slice(0, 8), latin: null };
  return { name: card.name, latin: card.latin || null };
}

/** The label of a choice; the plain value where the declaration has none. */
export function choiceLabel(type: RecordType | null, path: string, value: Json | undefined): Label {
  const plain = text(value);
  const kind = type?.field(path)?.kind;
  const inner = kind?.kind === "set" || kind?.kind === "list" ? kind.of : kind;
  const label = inner?.kind === "choice" ? inner.options[plain] : undefined;
  return label ?? { en: plain, zh: plain };
}

export function choiceLabels(
  type: RecordType | null,
  path: string,
  value: Json | undefined,
): Label[] {
  return Array.isArray(value) ? value.map((it) => choiceLabel(type, path, it)) : [];
}

/** What people call a type of record. */
export function typeLabel(type: RecordType | null, name: string): Label {
  return type?.doc.title ?? { en: name, zh: name };
}

/** The words by which people recognise a record, as a label: a choice has two. */
export function titleLabel(book: Book, one: View): Label {
  const type = book.registry.get(one.type);
  const field = type?.doc.title_field ?? null;
  if (field === null) return { en: "", zh: "" };
  const value = one.fields[field];
  const named = typeof value === "string" ? book.nameOf(value) : "";
  return named === "" ? choiceLabel(type, field, value) : { en: named, zh: named };
}
