// What needs its user: rejected sets, open conflicts, work that a supervisor returned, files not taken.
//
// Everything here follows from the sets and records; no count is stored apart.

import { bundleKey } from "../store/bundles.ts";
import { type OwnFile, refusedOf } from "../sync/files.ts";
import type { View } from "../sync/rebase.ts";
import { conflictsOf, type OwnSet, type SetState, stateWord } from "../sync/sets.ts";
import type { Book } from "./book.ts";
import { recordOf } from "./views.ts";

/** One thing that a person must look at. */
export type Attention =
  | { readonly reason: "rejected"; readonly customer: string | null; readonly set: OwnSet }
  | {
      readonly reason: "conflict";
      readonly customer: string | null;
      /** Null where the conflict is not on this tablet (late work, a customer handed over). */
      readonly conflict: string | null;
      readonly set: OwnSet | null;
    }
  | { readonly reason: "file"; readonly customer: string | null; readonly file: OwnFile }
  | { readonly reason: "returned"; readonly customer: string; readonly note: string };

/** The state that the server's words about a set prove. */
export function stateOf(book: Book, set: OwnSet): SetState {
  return stateWord(set, conflictsOf(set).filter((it) => !book.isSettledAtServer(it)).length);
}

/** Everything that needs the user, his own sets first. */
export function attention(book: Book): readonly Attention[] {
  return book.derived(things);
}

function things(book: Book): Attention[] {
  const open = book.openConflicts();
  const listed = new Set(open.map((it) => it.conflict));
  const sets = book.store.sets.filter((it) => stateOf(book, it) === "needs_attention");
  const named = new Map(sets.flatMap((set) => conflictsOf(set).map((id) => [id, set] as const)));
  const found: Attention[] = [];
  for (const set of sets) {
    const customer = book.customersOf(set)[0] ?? null;
    if (set.result?.status === "rejected") found.push({ reason: "rejected", customer, set });
    else if (!conflictsOf(set).some((it) => listed.has(it) || book.isKnownConflict(it))) {
      found.push({ reason: "conflict", customer, conflict: null, set });
    }
  }
  for (const { conflict, customer } of open) {
    found.push({ reason: "conflict", customer, conflict, set: named.get(conflict) ?? null });
  }
  for (const { note, customer } of book.returnedNotes()) {
    found.push({ reason: "returned", customer, note });
  }
  for (const file of refusedOf(book.store.files)) {
    found.push({ reason: "file", customer: file.customer ?? null, file });
  }
  return found;
}

/** A conflict as its user sees it, or null. */
export function conflictOf(book: Book, customer: string | null, id: string): Promise<View | null> {
  return recordOf(book.store, book.registry, bundleKey(customer, "conflict"), id);
}
