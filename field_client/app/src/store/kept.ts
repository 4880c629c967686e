// What is read whole when a store is opened, beside its sets and its reference data.

import type { OwnFile } from "../sync/files.ts";
import type { Entry } from "./cards.ts";
import type { Cipher } from "./cipher.ts";
import type { Database } from "./database.ts";
import type { OldDraft } from "./old_drafts.ts";
import type { Draft, Incident } from "./work.ts";

interface Kept<Card> {
  /** The cards of all customers, each with the key of its bundle. */
  readonly entries: readonly [string, Entry<Card>][];
  readonly drafts: readonly (Draft | OldDraft)[];
  readonly incidents: readonly Incident[];
  readonly files: readonly OwnFile[];
}

/** Read it in one go. Throws DamagedError where a blob does not open. */
export async function readKept<Card>(database: Database, cipher: Cipher): Promise<Kept<Card>> {
  const [keys, blocks, draftKeys, drafts, incidents, attached] = await database.read((it) =>
    Promise.all([
      it.getAllKeys("cards"),
      it.getAll("cards"),
      it.getAllKeys("drafts"),
      it.getAll("drafts"),
      it.getAll("incidents"),
      it.getAll("attached"),
    ]),
  );
  const opened = <T>(blobs: readonly Uint8Array[], place: (at: number) => string) =>
    Promise.all(blobs.map((blob, at) => cipher.open<T>(blob, place(at))));
  const cards = await opened<[string, Entry<Card>][]>(blocks, (at) => `cards/${String(keys[at])}`);
  return {
    entries: cards.flat(),
    drafts: await opened<Draft | OldDraft>(drafts, (at) => `drafts/${draftKeys[at] ?? ""}`),
    incidents: await opened<Incident>(incidents, () => "incident"),
    files: await opened<OwnFile>(attached, () => "attached"),
  };
}
