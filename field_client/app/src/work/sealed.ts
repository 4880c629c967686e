// The sealed copy of each set: written before its set, read by the branch alone.

import type { ChangeSet } from "../schemas/messages.ts";
import type { SealedCopies } from "../sync/epochs.ts";
import type { Desk } from "./desk.ts";

type Sealing = Pick<Desk, "journal" | "store" | "journalFailed">;

/** Seal a set; where that fails the set is stored all the same, and its user is told. */
export async function sealSet(
  { journal, store, journalFailed }: Sealing,
  device: string,
  content: ChangeSet,
): Promise<void> {
  try {
    await journal?.append(device, content, store.meta.seal_key);
  } catch (error) {
    journalFailed(error instanceof Error ? error : new Error(String(error)));
  }
}

/** The copies as a sync moves and drops them. */
export function sealedCopies(desk: Sealing): SealedCopies {
  return {
    add: async (sets) => {
      for (const { device, content } of sets) {
        if (content !== null) await sealSet(desk, device, content);
      }
    },
    drop: async (gone) => {
      await desk.journal?.drop(gone.map((it) => [it.device, it.number] as const));
    },
  };
}
