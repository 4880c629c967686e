// In which of the five states a record's own work is.

import { conflictsOf, isUnanswered, type OwnSet, type SetState } from "../sync/sets.ts";
import { stateOf } from "./attention.ts";
import type { Book } from "./book.ts";

export interface Standing {
  /** Null: nothing of it is this tablet's own and unanswered. */
  readonly state: SetState | null;
  /** The branch did not accept it. */
  readonly refused: boolean;
}

const NOTHING: Standing = { state: null, refused: false };

/** The state of the sets that touch a record: what needs attention first, then what waits. */
export function standingOf(book: Book, record: string): Standing {
  let found = NOTHING;
  for (const set of book.store.sets) {
    const touches =
      set.content?.changes.some((it) => it.id === record) ?? conflictsOf(set).includes(record);
    if (touches) found = worse(found, standing(book, set));
  }
  return found;
}

/** The state of the sets that touch anything under a customer. */
export function standingUnder(book: Book, customer: string): Standing {
  let found = NOTHING;
  for (const set of book.store.sets) {
    const touches = set.content?.changes.some((it) => it.customer === customer) ?? false;
    if (touches) found = worse(found, standing(book, set));
  }
  if (found.state === "needs_attention") return found;
  const card = book.card(customer);
  const open = (card?.conflicts.length ?? 0) + (card?.returned.length ?? 0) > 0;
  return open ? { state: "needs_attention", refused: false } : found;
}

export function standing(book: Book, set: OwnSet): Standing {
  const state = isUnanswered(set) && set.state !== "answered" ? set.state : stateOf(book, set);
  if (state === "accepted") return NOTHING;
  return { state, refused: state === "needs_attention" && set.result?.status === "rejected" };
}

const RANK: readonly (SetState | null)[] = [
  null,
  "accepted",
  "draft",
  "sent",
  "ready",
  "needs_attention",
];

function worse(one: Standing, other: Standing): Standing {
  return RANK.indexOf(other.state) > RANK.indexOf(one.state) ? other : one;
}
