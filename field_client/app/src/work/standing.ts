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
  return book.derived(standings).records.get(record) ?? NOTHING;
}

/** The state of the sets that touch anything under a customer. */
export function standingUnder(book: Book, customer: string): Standing {
  const found = book.derived(standings).customers.get(customer) ?? NOTHING;
  if (found.state === "needs_attention") return found;
  const card = book.card(customer);
  const open = (card?.conflicts.length ?? 0) + (card?.returned.length ?? 0) > 0;
  return open ? { state: "needs_attention", refused: false } : found;
}

interface Standings {
  readonly records: ReadonlyMap<string, Standing>;
  readonly customers: ReadonlyMap<string, Standing>;
}

function standings(book: Book): Standings {
  const records = new Map<string, Standing>();
  const customers = new Map<string, Standing>();
  for (const set of book.store.sets) {
    const shown = standing(book, set);
    const note = (found: Map<string, Standing>, id: string) =>
      found.set(id, worse(found.get(id) ?? NOTHING, shown));
    for (const id of touchedBy(set)) note(records, id);
    for (const id of book.customersOf(set)) note(customers, id);
  }
  return { records, customers };
}

function touchedBy(set: OwnSet): readonly string[] {
  return set.content === null ? conflictsOf(set) : set.content.changes.map((it) => it.id);
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
