// One user's IndexedDB on this tablet: what is kept where, and how a transaction is written through.
//
// Everything but keys and counters is encrypted before a transaction begins: one that waited for
// WebCrypto would end by itself.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import { translated } from "./faults.ts";

export interface SetRow {
  readonly seq: number;
  readonly device: string;
  readonly number: number;
  /** 1 while something of it is shown, waits or needs somebody; such sets are read when the store is opened. */
  readonly open: 0 | 1;
  /** Server time of its result while its content is kept, else "". */
  readonly answered: string;
  readonly body: Uint8Array;
}

export interface Tables extends DBSchema {
  /** Whose store this is, and how far it has come: one row. */
  meta: { key: string; value: Uint8Array };
  /** The server copy: all records of a customer, or of a type where they have none, in one blob. */
  bundles: { key: string; value: Uint8Array };
  /** What lists show of the customers, in blocks. */
  cards: { key: number; value: Uint8Array };
  /** Pages of the run under way. */
  stage: { key: number; value: Uint8Array };
  sets: {
    key: number;
    value: SetRow;
    indexes: { open: number; number: [string, number]; answered: string };
  };
  drafts: { key: string; value: Uint8Array };
  incidents: { key: number; value: Uint8Array };
}

export type Database = IDBPDatabase<Tables>;
export type Table = "meta" | "bundles" | "cards" | "stage" | "sets" | "drafts" | "incidents";
const VERSION = 1;

export function databaseName(store: string): string {
  return `xiangxin-${store}`;
}

/** Open a store's database, made where it is missing. Throws what `translated` says. */
export async function openDatabase(store: string, lost: () => void): Promise<Database> {
  try {
    return await openDB<Tables>(databaseName(store), VERSION, {
      upgrade(database) {
        for (const name of ["meta", "bundles", "cards", "drafts"] as const) {
          database.createObjectStore(name);
        }
        database.createObjectStore("stage", { autoIncrement: true });
        database.createObjectStore("incidents", { autoIncrement: true });
        const sets = database.createObjectStore("sets", { keyPath: "seq" });
        sets.createIndex("open", "open");
        sets.createIndex("number", ["device", "number"], { unique: true });
        sets.createIndex("answered", "answered");
      },
      blocking: lost,
      terminated: lost,
    });
  } catch (error) {
    throw translated(error);
  }
}

export async function removeDatabase(store: string): Promise<void> {
  await deleteDB(databaseName(store));
}

export type Write = (tables: {
  put<T extends Table>(table: T, value: Tables[T]["value"], key?: Tables[T]["key"]): void;
  remove<T extends Table>(table: T, key: Tables[T]["key"]): void;
  clear(table: Table): void;
}) => void;

/** Write whole or not at all, and through to the disk before this returns. */
export async function writeThrough(database: Database, write: Write): Promise<void> {
  try {
    const transaction = database.transaction(
      ["meta", "bundles", "cards", "stage", "sets", "drafts", "incidents"],
      "readwrite",
      { durability: "strict" },
    );
    const asked: Promise<unknown>[] = [];
    write({
      put: (table, value, key) => asked.push(transaction.objectStore(table).put(value, key)),
      remove: (table, key) => asked.push(transaction.objectStore(table).delete(key)),
      clear: (table) => asked.push(transaction.objectStore(table).clear()),
    });
    await Promise.all([...asked, transaction.done]);
  } catch (error) {
    throw translated(error);
  }
}
