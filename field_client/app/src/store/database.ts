// One user's IndexedDB on this tablet: what is kept where, and how a transaction is written through.
//
// Everything but keys and counters is encrypted before a transaction begins: one that waited for
// WebCrypto would end by itself.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import { Access } from "./access.ts";
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
  /** What is known of the files of own attachments, and their bytes. */
  attached: { key: string; value: Uint8Array };
  files: { key: string; value: Uint8Array };
}

export type Connection = IDBPDatabase<Tables>;
export type Table =
  | "meta"
  | "bundles"
  | "cards"
  | "stage"
  | "sets"
  | "drafts"
  | "incidents"
  | "attached"
  | "files";
const TABLES: readonly Table[] = [
  "meta",
  "bundles",
  "cards",
  "stage",
  "sets",
  "drafts",
  "incidents",
  "attached",
  "files",
];
const VERSION = 2;

export type Write = (tables: {
  put<T extends Table>(table: T, value: Tables[T]["value"], key?: Tables[T]["key"]): void;
  remove<T extends Table>(table: T, key: Tables[T]["key"]): void;
  clear(table: Table): void;
}) => void;

export function databaseName(store: string): string {
  return `xiangxin-${store}`;
}

export async function removeDatabase(store: string): Promise<void> {
  await deleteDB(databaseName(store));
}

/** The database of one store, open until it is closed. */
export class Database {
  private readonly access: Access<Tables>;

  constructor(store: string) {
    this.access = new Access((lost) =>
      openDB<Tables>(databaseName(store), VERSION, {
        upgrade: (fresh, before) => {
          if (before < 1) makeTables(fresh);
          for (const name of ["attached", "files"] as const) fresh.createObjectStore(name);
        },
        terminated: lost,
      }),
    );
  }

  read<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    return this.access.read(use);
  }

  /** Write whole or not at all, and through to the disk before this returns. */
  async writeThrough(write: Write): Promise<void> {
    const transaction = await this.access.begin((it) =>
      it.transaction([...TABLES], "readwrite", { durability: "strict" }),
    );
    const asked: Promise<unknown>[] = [];
    write({
      put: (table, value, key) => asked.push(transaction.objectStore(table).put(value, key)),
      remove: (table, key) => asked.push(transaction.objectStore(table).delete(key)),
      clear: (table) => asked.push(transaction.objectStore(table).clear()),
    });
    const [done, ...rest] = await Promise.allSettled([transaction.done, ...asked]);
    // Of a full disk the transaction knows; its requests were "aborted".
    for (const it of [done, ...rest]) if (it.status === "rejected") throw translated(it.reason);
  }

  close(): void {
    void this.access.close(true);
  }
}

function makeTables(fresh: Connection): void {
  for (const name of ["meta", "bundles", "cards", "drafts"] as const) fresh.createObjectStore(name);
  fresh.createObjectStore("stage", { autoIncrement: true });
  fresh.createObjectStore("incidents", { autoIncrement: true });
  const sets = fresh.createObjectStore("sets", { keyPath: "seq" });
  sets.createIndex("open", "open");
  sets.createIndex("number", ["device", "number"], { unique: true });
  sets.createIndex("answered", "answered");
}
