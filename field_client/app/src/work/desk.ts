// Where work is done: the store, and the time, day and random bytes that are handed in.

import type { RecordType, Registry } from "../schemas/registry.ts";
import { uuid7 } from "../schemas/values.ts";
import type { Journal } from "../store/journal.ts";
import type { Store } from "../store/store.ts";
import type { Action } from "./action.ts";
import type { Card } from "./cards.ts";
import { NotPossibleError } from "./faults.ts";

export interface Desk {
  readonly store: Store<Card>;
  readonly registry: Registry;
  /** The second, sealed copy of every set; null where this browser has no place for it. */
  readonly journal: Journal | null;
  readonly now: () => Date;
  /** The business date of the branch, `YYYY-MM-DD`. */
  readonly today: () => string;
  readonly newBytes: (count: number) => Uint8Array;
  /** Told when the second copy of a set could not be written; the set itself is stored all the same. */
  readonly journalFailed: (error: Error) => void;
  /** Whether the branch is in reach: some moves are made with a network only. */
  readonly isOnline?: () => boolean;
  /** Asks the rules over several records before a set is stored, and throws what they forbid. */
  readonly guard?: (action: Action) => Promise<void>;
}

/** A new id for a record, a set, a draft or a device. */
export function newId(desk: Pick<Desk, "now" | "newBytes">): string {
  return uuid7(desk.now().getTime(), desk.newBytes(10));
}

export function typeOf({ registry }: Pick<Desk, "registry">, name: string): RecordType {
  const declared = registry.get(name);
  if (declared === null) throw new NotPossibleError("unknown-type");
  return declared;
}
