// A number that the lender may have set for itself, as this tablet knows it. Only the branch writes parameters and
// units: they are read as they came, whichever types are declared by now.

import { numberFor } from "../lending/early_warning/declared.ts";
import type { Kept } from "../lending/early_warning/dossier.ts";
import type { Book } from "./book.ts";
import { textOr } from "./views.ts";

/** The parameter for a unit: the nearest that lies above it and says something counts. */
export function numberOf(
  book: Book,
  key: string,
  usual: number,
  unit: string | null,
  today: string,
): number {
  return numberFor(key, usual, kept(book, "parameter"), unitsFrom(book, unit ?? ""), today);
}

/** A unit and all that lie above it, the nearest first. */
export function unitsFrom(book: Book, unit: string): readonly string[] {
  const parents = new Map(
    kept(book, "org_unit").map((it) => [it.id, textOr(it.fields.parent_id ?? null)]),
  );
  const found: string[] = [];
  for (let it: string | null = unit; it && !found.includes(it); it = parents.get(it) ?? null) {
    found.push(it);
  }
  return found;
}

/** The living records of a type that has no customer, the oldest first. */
export function kept(book: Book, type: string): readonly Kept[] {
  const found = book.store.reference(type).filter((it) => !it.gone);
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}
