// Signing a handover on the tablet, also without a network (domain.md, sections 5.6 and 6.7).

import type { Fields } from "../schemas/declare.ts";
import { sha256Hex } from "../store/sha256.ts";
import type { OwnSet } from "../sync/sets.ts";
import { openRecord, perform } from "./action.ts";
import { type Desk, newId } from "./desk.ts";

/** SHA-256 of a record's fields as its signer saw them: of their one text, keys in order. */
export function contentHash(seen: Fields): Promise<string> {
  const words = JSON.stringify(seen, Object.keys(seen).sort());
  return sha256Hex(new TextEncoder().encode(words));
}

/** Put one's own name under a handover as it was shown; null: nothing was stored. */
export async function signHandover(desk: Desk, id: string, seen: Fields): Promise<OwnSet | null> {
  const path = `signed_by.${newId(desk)}`;
  const content_hash = await contentHash(seen);
  return perform(desk, "handover.sign", async (action) => {
    await action.update(await openRecord(desk, "handover", null, id), {
      [`${path}.user`]: desk.store.meta.user.id,
      [`${path}.at`]: desk.now().toISOString(),
      [`${path}.content_hash`]: content_hash,
    });
  });
}
