// A database that is opened when it is needed, and anew where the browser took it away: it does so,
// sometimes without a word, when the disk is full.

import type { DBSchema, IDBPDatabase } from "idb";
import { ClosedError, translated, whyNotOpened } from "./faults.ts";
import { hasRoom } from "./persistence.ts";

/** Opens the database; `lost` is to be called when the browser ends the connection. */
type Open<Schema extends DBSchema> = (lost: () => void) => Promise<IDBPDatabase<Schema>>;

export class Access<Schema extends DBSchema> {
  private readonly open: Open<Schema>;
  private connection: Promise<IDBPDatabase<Schema>> | null = null;
  private closed = false;

  constructor(open: Open<Schema>) {
    this.open = open;
  }

  /** Read; once more where the connection turns out to be lost. Throws ClosedError, StorageFullError, DamagedError. */
  read<T>(use: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    return this.withConnection(use);
  }

  /** Begin what writes; only the beginning is tried twice, so that nothing is written twice. */
  begin<T>(begin: (database: IDBPDatabase<Schema>) => T): Promise<T> {
    return this.withConnection(begin);
  }

  private async withConnection<T>(
    use: (database: IDBPDatabase<Schema>) => T | Promise<T>,
  ): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      const connection = this.connected();
      const database = await connection;
      try {
        return await use(database);
      } catch (error) {
        if (!isLost(error) || tried === 2) throw translated(error);
        if (this.connection === connection) this.connection = null;
      }
    }
  }

  private connected(): Promise<IDBPDatabase<Schema>> {
    if (this.closed) return Promise.reject(new ClosedError("the store is closed"));
    this.connection ??= this.opened();
    return this.connection;
  }

  private async opened(): Promise<IDBPDatabase<Schema>> {
    const lost = () => {
      this.connection = null;
    };
    try {
      return await this.open(lost);
    } catch (error) {
      lost();
      throw await whyNotOpened(error, hasRoom);
    }
  }

  /** Let go of it; `forGood`: nothing opens it again. */
  async close(forGood: boolean): Promise<void> {
    this.closed = forGood;
    const connection = this.connection;
    this.connection = null;
    (await connection?.catch(() => null))?.close();
  }
}

function isLost(error: unknown): boolean {
  const names = ["InvalidStateError", "AbortError"];
  return error instanceof DOMException && names.includes(error.name);
}
