// The server copy: one bundle a customer, one a type of reference data; those are in memory while the store is open.

import type { Held } from "../sync/rebase.ts";
import type { Cipher } from "./cipher.ts";
import type { Database } from "./database.ts";
import type { Work } from "./work.ts";

const CACHED_BUNDLES = 64;
/** Reference records that grow with the caseload and that no list needs. */
const LAZY = new Set([":assignment"]);

/** The key of the bundle in which a record lies. */
export function bundleKey(customer: string | null, type: string): string {
  return customer ?? `:${type}`;
}

/** Whether a bundle is a customer's, and not reference data. */
export function isOfCustomer(key: string): boolean {
  return !key.startsWith(":");
}

export class Bundles {
  /** Something of it could not be read: it is fetched anew, and nothing else is touched. */
  isDamaged = false;

  private readonly database: Database;
  private readonly cipher: Cipher;
  private references = new Map<string, readonly Held[]>();
  private readonly cached = new Map<string, readonly Held[]>();
  /** Counts up with every commit. */
  private changes = 0;

  constructor(database: Database, cipher: Cipher) {
    this.database = database;
    this.cipher = cipher;
  }

  /** Read the reference data that lists need. */
  async load(): Promise<void> {
    const range = IDBKeyRange.bound(":", ";");
    const keys = await this.database.read((it) => it.getAllKeys("bundles", range));
    const eager = keys.map(String).filter((it) => !LAZY.has(it));
    const held = await Promise.all(eager.map((key) => this.read(key)));
    this.references = new Map(eager.map((key, at) => [key, held[at] ?? []]));
  }

  /** The records of the server copy under a customer, or of a type without one. */
  async one(key: string): Promise<readonly Held[]> {
    const known = this.references.get(key) ?? this.cached.get(key);
    if (known) return known;
    const begun = this.changes;
    const read = await this.read(key);
    this.remember(key, read, begun);
    return read;
  }

  /** Keep what was read at hand, unless something was committed since the reading began: it may be old. */
  private remember(key: string, held: readonly Held[], begun: number): void {
    if (this.changes !== begun) return;
    this.cached.delete(key);
    this.cached.set(key, held);
    const [oldest] = this.cached.keys();
    if (this.cached.size > CACHED_BUNDLES && oldest !== undefined) this.cached.delete(oldest);
  }

  /** Several bundles at once, as a page of a sync needs them: they are read in one go. */
  async several(keys: Iterable<string>): Promise<Map<string, readonly Held[]>> {
    const begun = this.changes;
    const found = new Map<string, readonly Held[]>();
    const missing: string[] = [];
    for (const key of keys) {
      const known = this.references.get(key) ?? this.cached.get(key);
      if (known) found.set(key, known);
      else missing.push(key);
    }
    const blobs = await this.database.read((it) => {
      const { store } = it.transaction("bundles");
      return Promise.all(missing.map((key) => store.get(key)));
    });
    const read = await Promise.all(missing.map((key, at) => this.opened(key, blobs[at])));
    missing.forEach((key, at) => {
      const held = read[at] ?? [];
      found.set(key, held);
      if (!isOfCustomer(key)) this.remember(key, held, begun); // page after page goes on with it
    });
    return found;
  }

  /** The keys of all bundles that there are. */
  async keys(): Promise<string[]> {
    return (await this.database.read((it) => it.getAllKeys("bundles"))).map(String);
  }

  private async read(key: string): Promise<readonly Held[]> {
    return this.opened(key, await this.database.read((it) => it.get("bundles", key)));
  }

  private async opened(key: string, blob: Uint8Array | undefined): Promise<readonly Held[]> {
    if (blob === undefined) return [];
    try {
      return await this.cipher.open<readonly Held[]>(blob, `bundles/${key}`);
    } catch (error) {
      this.isDamaged = true;
      throw error;
    }
  }

  /** Reference records of a type, in memory while the store is open. */
  reference(type: string): readonly Held[] {
    return this.references.get(`:${type}`) ?? [];
  }

  /** Have what a commit has written. */
  take(work: Pick<Work, "bundles" | "clear_copy">): void {
    this.changes += 1;
    if (work.clear_copy) {
      this.forget();
      this.isDamaged = false;
    }
    for (const [key, held] of work.bundles ?? []) {
      if (!isOfCustomer(key) && !LAZY.has(key)) this.references.set(key, held);
      else if (this.cached.has(key)) this.cached.set(key, held);
    }
  }

  /** Have nothing in memory any more. */
  forget(): void {
    this.references = new Map();
    this.cached.clear();
  }
}
