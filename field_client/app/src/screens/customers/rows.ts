// Customers as rows of a list, from the book alone: no record is read.

import { daysPastDueSince } from "../../lending/arrears.ts";
import type { Book } from "../../work/book.ts";
import type { Card } from "../../work/cards.ts";
import { standingUnder } from "../../work/standing.ts";
import type { CustomerRow } from "./model.ts";

/** The rows of many customers; made once for each, as long as nothing of it changes. */
export function customerRows(
  book: Book,
  cards: readonly Card[],
  today: string,
): readonly CustomerRow[] {
  const known = book.derived(newRows);
  return cards.map((card) => {
    const key = `${today} ${card.id}`;
    const made = known.get(key) ?? customerRow(book, card, today);
    known.set(key, made);
    return made;
  });
}

function newRows(): Map<string, CustomerRow> {
  return new Map();
}

export function customerRow(book: Book, card: Card, today: string): CustomerRow {
  const dpd = card.loans.map((it) => (it.since === null ? 0 : daysPastDueSince(it.since, today)));
  const { state, refused } = standingUnder(book, card.id);
  return {
    id: card.id,
    name: { name: card.name, latin: card.latin || null },
    village: book.nameOf(card.village) || null,
    phoneTail: card.phone === "" ? null : card.phone.slice(-4),
    dpd: Math.max(0, ...dpd),
    owedFen: card.loans.reduce((sum, it) => sum + it.principal_fen, 0),
    state,
    refused,
  };
}
