// What a transaction writes, sealed before it begins: each blob bound to the place in which it lies.

import { isDone, type OwnSet } from "../sync/sets.ts";
import type { Cipher, Storable } from "./cipher.ts";
import type { Table, Write } from "./database.ts";
import type { Meta } from "./meta.ts";
import type { Work } from "./work.ts";

type Sealed = Exclude<Table, "sets">;

/** The writes of a commit in their order, with the meta data and the blocks of cards as they are after it. */
export async function sealedWrites(
  cipher: Cipher,
  work: Work,
  meta: Meta,
  blocks: ReadonlyMap<number, Storable>,
): Promise<Write[]> {
  const puts: Promise<Write>[] = [];
  const put = (table: Sealed, value: Storable, place: string, key?: string | number) =>
    puts.push(cipher.seal(value, place).then((it) => putting(table, it, key)));
  if (work.meta) put("meta", meta, "meta", "meta");
  for (const [key, held] of work.bundles ?? []) {
    if (held.length > 0) put("bundles", held, `bundles/${key}`, key);
  }
  for (const [number, block] of blocks) put("cards", block, `cards/${number}`, number);
  for (const it of work.sets ?? []) puts.push(sealedSet(cipher, it));
  if (work.stage?.length) put("stage", work.stage, "stage");
  for (const it of work.drafts ?? []) put("drafts", it, `drafts/${it.id}`, it.id);
  if (work.incident) put("incidents", work.incident, "incident");
  for (const it of work.files ?? []) put("attached", it, "attached", it.id);
  for (const [id, bytes] of work.file_bytes ?? []) {
    puts.push(cipher.sealBytes(bytes, `files/${id}`).then((it) => putting("files", it, id)));
  }
  return [...clearings(work), ...(await Promise.all(puts)), ...removals(work)];
}

function putting(table: Sealed, blob: Uint8Array, key?: string | number): Write {
  return (tables) => tables.put(table, blob, key);
}

function clearings(work: Work): Write[] {
  const emptied: Table[] = [];
  if (work.clear_copy) emptied.push("bundles", "cards");
  if (work.clear_stage) emptied.push("stage");
  return emptied.map((table) => (tables) => tables.clear(table));
}

function removals(work: Work): Write[] {
  const gone: [Table, string][] = [];
  for (const [key, held] of work.bundles ?? []) if (held.length === 0) gone.push(["bundles", key]);
  for (const id of work.drop_drafts ?? []) gone.push(["drafts", id]);
  for (const id of work.drop_files ?? []) gone.push(["attached", id], ["files", id]);
  return gone.map(
    ([table, key]) =>
      (tables) =>
        tables.remove(table, key),
  );
}

async function sealedSet(cipher: Cipher, set: OwnSet): Promise<Write> {
  const { seq, device, number } = set;
  const open = isDone(set) ? 0 : 1;
  const answered = set.content === null ? "" : (set.answered_at ?? "");
  const body = await cipher.seal(set, `sets/${seq}`);
  return (tables) => tables.put("sets", { seq, device, number, open, answered, body });
}
