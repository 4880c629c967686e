// The rows of the vault: who has a store on this tablet. A database of its own, written through.

import { type DBSchema, type IDBPObjectStore, openDB } from "idb";
import type { Lang } from "../schemas/declare.ts";
import { Access } from "./access.ts";
import type { Bytes } from "./cipher.ts";
import { translated } from "./faults.ts";
import type { Lock } from "./lock.ts";
import type { Misses } from "./misses.ts";
import { KeyDestroyedError } from "./vault_faults.ts";

/** What may be known of a store before it is unlocked. */
export interface VaultRow extends Misses {
  /** Random; its databases and its journal are named after it. */
  readonly store: string;
  readonly username: string;
  readonly name: string;
  readonly lang?: Lang;
  /** The protocol's id of this user on this tablet. */
  readonly device: string;
  /** The store's key, sealed to the server (base64): what is left when the key is destroyed. */
  readonly envelope: string;
  readonly destroyed: boolean;
}

export interface KeptRow extends Omit<VaultRow, "destroyed"> {
  /** Null once the key is destroyed. */
  readonly lock: Lock | null;
  /** Sealed under the store's key: tells a recovered key from any other. */
  readonly proof: Bytes;
}

interface Schema extends DBSchema {
  stores: { key: string; value: KeptRow };
}

type Table = IDBPObjectStore<Schema, ["stores"], "stores", "readwrite">;

/** What of a row may be seen. */
export function shown({ lock, proof: _, ...known }: KeptRow): VaultRow {
  return { ...known, destroyed: lock === null };
}

export class VaultRows {
  readonly #access = new Access<Schema>((lost) =>
    openDB<Schema>("xiangxin-device", 1, {
      upgrade: (fresh) => void fresh.createObjectStore("stores", { keyPath: "store" }),
      blocking: () => void this.close(),
      terminated: lost,
    }),
  );

  static async open(): Promise<VaultRows> {
    const rows = new VaultRows();
    await rows.list();
    return rows;
  }

  close(): Promise<void> {
    return this.#access.close(false);
  }

  list(): Promise<KeptRow[]> {
    return this.#access.read((it) => it.getAll("stores"));
  }

  /** @throws KeyDestroyedError where there is no such store: its key is nowhere. */
  async row(store: string): Promise<KeptRow> {
    const row = await this.#access.read((it) => it.get("stores", store));
    if (!row) throw new KeyDestroyedError(store);
    return row;
  }

  add(row: KeptRow): Promise<void> {
    return this.#written(async (rows) => void (await rows.add(row)));
  }

  /** Change a row as it stands at that moment, whatever another window is doing to it. */
  change(
    store: string,
    change: (row: KeptRow) => KeptRow,
  ): Promise<{ before: KeptRow; after: KeptRow }> {
    return this.#written(async (rows) => {
      const before = await rows.get(store);
      if (!before) throw new KeyDestroyedError(store);
      const after = change(before);
      await rows.put(after);
      return { before, after };
    });
  }

  remove(store: string): Promise<void> {
    return this.#written((rows) => rows.delete(store));
  }

  /** Answer when it is on the disk, or change nothing. */
  async #written<T>(work: (rows: Table) => Promise<T>): Promise<T> {
    const transaction = await this.#access.begin((it) =>
      it.transaction("stores", "readwrite", { durability: "strict" }),
    );
    const [made, done] = await Promise.allSettled([work(transaction.store), transaction.done]);
    // Of a full disk the transaction knows; its requests were "aborted".
    if (done.status === "rejected") throw translated(done.reason);
    if (made.status === "rejected") throw translated(made.reason);
    return made.value;
  }
}
