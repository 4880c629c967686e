// Whether the copy is what the server says it is, and its repair where it is not.

import type { Json } from "../schemas/declare.ts";
import type { Answer } from "../schemas/messages.ts";
import { bundleKey } from "../store/bundles.ts";
import type { Store } from "../store/store.ts";
import { sumText } from "./digest.ts";
import { pendingAfter } from "./page.ts";
import type { Held } from "./rebase.ts";
import { type Repair, repair } from "./repair.ts";
import { ProblemError } from "./transport.ts";

type Ask = (body: Record<string, unknown>) => Promise<Repair>;

/** How the copy differs from the server's digest; null: it does not, or none was told. */
export function difference(store: Store, { digest, position }: Answer): Json | null {
  if (!digest) return null;
  const { records, sum } = store.digest();
  if (records === digest.records && sumText(sum) === digest.sum) return null;
  return { position, records, sum: sumText(sum), told: digest };
}

/** Mend the copy record by record; false where that is not to be had. */
export async function repaired(store: Store, ask: Ask): Promise<boolean> {
  const copy = {
    keys: () => store.bundleKeys(),
    bundles: (keys: readonly string[]) => store.bundles(keys),
    keyOf: bundleKey,
    isPending: (id: string) => pendingAfter(store, []).has(id),
    replace: async (bundles: ReadonlyMap<string, readonly Held[]>) => {
      await store.commit({ bundles, stale_cards: bundles.has(":product") });
      await store.settleCards();
    },
    alone: <T>(change: () => Promise<T>) => store.exclusive(change),
  };
  try {
    return await repair(copy, (body) => ask({ cursor: store.meta.cursor, ...body }));
  } catch (error) {
    if (error instanceof ProblemError || store.isCopyDamaged) return false;
    throw error;
  }
}
