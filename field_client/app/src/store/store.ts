// The officer's copy on this tablet: server copy, stage, own sets, drafts, in one encrypted IndexedDB.
//
// The battery may die between any two lines. Whatever belongs together is one `commit`, which is on
// the disk before it returns; memory follows the disk, never the other way round. One window has the
// store open at a time, and in it one change at a time is made (`exclusive`).

import type { Fields, Json } from "../schemas/declare.ts";
import type { Digest } from "../sync/digest.ts";
import { digestOfTerms, mergeDigests, term } from "../sync/digest.ts";
import type { OwnFile } from "../sync/files.ts";
import type { Held, Pending, Step } from "../sync/rebase.ts";
import { isDone, isUncovered, type OwnSet } from "../sync/sets.ts";
import type { Bytes, Cipher } from "./cipher.ts";
import { Database, type SetRow, type Write } from "./database.ts";
import { DamagedError } from "./faults.ts";
import { type Meta, NO_CARDS } from "./meta.ts";

/** A form that is being filled in: never validated, never sent. */
export interface Draft {
  readonly id: string;
  /** The screen that goes on with it. */
  readonly screen: string;
  readonly type: string;
  readonly record: string;
  readonly customer: string | null;
  /** The record does not exist yet. */
  readonly is_new: boolean;
  /** The position of the view when the form was opened. */
  readonly base: number;
  /** Of that view; missing in forms that an earlier version opened. */
  readonly epoch?: string | null;
  /** The last number given when the form was opened. */
  readonly after: number;
  /** The fields when the form was opened. */
  readonly shown: Fields;
  /** By unit, the own sets whose values the form showed. */
  readonly newest: Readonly<Record<string, number>>;
  /** What has been typed, by path. */
  readonly fields: Fields;
  /** What the screen keeps beside the record's own fields. */
  readonly extra: Readonly<Record<string, Json>>;
  readonly changed_at: string;
}

export interface Incident {
  readonly at: string;
  readonly kind: string;
  readonly detail: Json;
}

/** What lists show of a customer; what is in it is the business of whoever projects it. */
export type Project<Card> = (
  customer: string,
  held: readonly Held[],
  references: (type: string) => readonly Held[],
) => Card | null;

interface Entry<Card> {
  readonly card: Card | null;
  readonly records: number;
  readonly sum: string;
}

/** What one transaction writes. */
export interface Work {
  readonly meta?: Partial<Meta>;
  /** The whole new content of bundles; an empty one goes. */
  readonly bundles?: ReadonlyMap<string, readonly Held[]>;
  /** Drop the whole server copy first. */
  readonly clear_copy?: boolean;
  readonly sets?: readonly OwnSet[];
  readonly stage?: readonly Step[];
  readonly clear_stage?: boolean;
  readonly drafts?: readonly Draft[];
  readonly drop_drafts?: readonly string[];
  readonly incident?: Incident;
  readonly files?: readonly OwnFile[];
  /** The bytes of new files, by their ids. */
  readonly file_bytes?: ReadonlyMap<string, Bytes>;
  /** Files that go; those of a form that ends without them go with it. */
  readonly drop_files?: readonly string[];
  /** Keep the cards in memory for now: a long download writes them once, at its end (`settleCards`). */
  readonly defer_cards?: boolean;
  /** What the cards show is not true any more. */
  readonly stale_cards?: boolean;
}

const BLOCKS = 64;
const CACHED_BUNDLES = 64;
/** How many bundles are read at once where all are. */
const BUNDLES_AT_ONCE = 256;
/** Reference records that grow with the caseload and that no list needs. */
const LAZY = new Set([":assignment"]);

/** The key of the bundle in which a record lies. */
export function bundleKey(customer: string | null, type: string): string {
  return customer ?? `:${type}`;
}

function blockOf(key: string): number {
  return key.startsWith(":") ? BLOCKS : Number.parseInt(key.slice(-2), 16) % BLOCKS;
}

export class Store<Card = unknown> {
  readonly name: string;
  meta: Meta;
  /** Sets of which something is shown, waits or needs somebody, in the order in which they were made. */
  sets: readonly OwnSet[] = [];
  drafts: ReadonlyMap<string, Draft> = new Map();
  incidents: readonly Incident[] = [];
  /** The files of own attachments that are still here. */
  files: ReadonlyMap<string, OwnFile> = new Map();
  lastNumber = 0;
  isOpen = true;
  /** Counts up with every commit. */
  commits = 0;
  /** Something of the server copy could not be read: it is fetched anew, and nothing else is touched. */
  isCopyDamaged = false;

  private readonly cipher: Cipher;
  private readonly project: Project<Card>;
  private readonly shape: number;
  private readonly database: Database;
  private lastSeq = 0;
  private cardsAreStale = false;
  private entries = new Map<string, Entry<Card>>();
  private references = new Map<string, readonly Held[]>();
  private readonly cached = new Map<string, readonly Held[]>();
  /** What each record adds to the digest. */
  private readonly terms = new WeakMap<Held, bigint>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Set<(work: Work) => void>();

  private constructor(
    name: string,
    database: Database,
    cipher: Cipher,
    shape: number,
    project: Project<Card>,
    meta: Meta,
  ) {
    this.name = name;
    this.shape = shape;
    this.database = database;
    this.cipher = cipher;
    this.project = project;
    this.meta = meta;
  }

  /** Make a new store for a user who has just signed in. */
  static async make(name: string, cipher: Cipher, meta: Meta): Promise<void> {
    const database = new Database(name);
    const blob = await cipher.seal(meta, "meta");
    await database.writeThrough(({ put }) => put("meta", blob, "meta"));
    database.close();
  }

  /** Open a store. Throws DamagedError where there is none of this name, or it cannot be read. */
  static async open<Card>(
    name: string,
    cipher: Cipher,
    shape: number,
    project: Project<Card>,
  ): Promise<Store<Card>> {
    const database = new Database(name);
    try {
      const found = await database.read((it) => it.get("meta", "meta"));
      if (found === undefined) throw new DamagedError("the store is empty");
      const meta = await cipher.open<Meta>(found, "meta");
      const store = new Store<Card>(name, database, cipher, shape, project, meta);
      await store.load();
      store.cardsAreStale = meta.cards !== shape;
      await store.settleCards();
      return store;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private async load(): Promise<void> {
    const [rows, keys, blobs, numbers, draftKeys, drafts, incidents, attached] =
      await this.database.read((it) =>
        Promise.all([
          it.getAllFromIndex("sets", "open", 1),
          it.getAllKeys("cards"),
          it.getAll("cards"),
          it.getAllKeys("bundles", IDBKeyRange.bound(":", ";")),
          it.getAllKeys("drafts"),
          it.getAll("drafts"),
          it.getAll("incidents"),
          it.getAll("attached"),
        ]),
      );
    const opened = await Promise.all(
      blobs.map((blob, at) =>
        this.cipher.open<[string, Entry<Card>][]>(blob, `cards/${String(keys[at])}`),
      ),
    );
    this.entries = new Map(opened.flat());
    const eager = numbers.filter((it) => !LAZY.has(it));
    const held = await Promise.all(eager.map((key) => this.readBundle(key)));
    this.references = new Map(eager.map((key, at) => [key, held[at] ?? []]));
    this.sets = (await Promise.all(rows.map((it) => this.readSet(it)))).sort(
      (a, b) => a.seq - b.seq,
    );
    const typed = await Promise.all(
      drafts.map((it, at) => this.cipher.open<Draft>(it, `drafts/${draftKeys[at] ?? ""}`)),
    );
    this.drafts = new Map(typed.map((it) => [it.id, it]));
    this.incidents = await Promise.all(
      incidents.map((it) => this.cipher.open<Incident>(it, "incident")),
    );
    const files = await Promise.all(
      attached.map((it) => this.cipher.open<OwnFile>(it, "attached")),
    );
    this.files = new Map(files.map((it) => [it.id, it]));
    this.lastSeq = await this.database.read(
      async (it) => (await it.transaction("sets").store.openKeyCursor(null, "prev"))?.key ?? 0,
    );
    this.lastNumber = await this.readLastNumber(this.meta.device);
  }

  private async readLastNumber(device: string): Promise<number> {
    const range = IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);
    return this.database.read(async (it) => {
      const index = it.transaction("sets").store.index("number");
      return (await index.openKeyCursor(range, "prev"))?.key[1] ?? 0;
    });
  }

  /** Close the store: what is in memory is forgotten, nothing more is written. */
  close(): void {
    this.database.close();
    this.isOpen = false;
    this.entries = new Map();
    this.references = new Map();
    this.cached.clear();
    this.sets = [];
    this.drafts = new Map();
    this.files = new Map();
    this.listeners.clear();
  }

  /** Be told after each commit. Returns what ends it. */
  subscribe(listener: (work: Work) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Make one change at a time: whatever reads, decides and commits does so in here. Not re-entrant. */
  exclusive<T>(change: () => Promise<T>): Promise<T> {
    const done = this.queue.then(change);
    this.queue = done.catch(() => undefined);
    return done;
  }

  // ------------------------------------------------------------------------------------- reading

  /** The records of the server copy under a customer, or of a type without one. */
  async bundle(key: string): Promise<readonly Held[]> {
    const known = this.references.get(key) ?? this.cached.get(key);
    if (known) return known;
    const begun = this.commits;
    const read = await this.readBundle(key);
    this.remember(key, read, begun);
    return read;
  }

  /** Keep what was read at hand, unless something was committed since the reading began: it may be old. */
  private remember(key: string, held: readonly Held[], begun: number): void {
    if (this.commits !== begun) return;
    this.cached.delete(key);
    this.cached.set(key, held);
    const [oldest] = this.cached.keys();
    if (this.cached.size > CACHED_BUNDLES && oldest !== undefined) this.cached.delete(oldest);
  }

  /** Several bundles at once, as a page of a sync needs them: they are read in one go. */
  async bundles(keys: Iterable<string>): Promise<Map<string, readonly Held[]>> {
    const begun = this.commits;
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
    const read = await Promise.all(missing.map((key, at) => this.openBundle(key, blobs[at])));
    missing.forEach((key, at) => {
      const held = read[at] ?? [];
      found.set(key, held);
      if (key.startsWith(":")) this.remember(key, held, begun); // page after page goes on with it
    });
    return found;
  }

  /** The keys of all bundles that there are. */
  async bundleKeys(): Promise<string[]> {
    return (await this.database.read((it) => it.getAllKeys("bundles"))).map(String);
  }

  private async readBundle(key: string): Promise<readonly Held[]> {
    return this.openBundle(key, await this.database.read((it) => it.get("bundles", key)));
  }

  private async openBundle(key: string, blob: Uint8Array | undefined): Promise<readonly Held[]> {
    if (blob === undefined) return [];
    try {
      return await this.cipher.open<readonly Held[]>(blob, `bundles/${key}`);
    } catch (error) {
      this.isCopyDamaged = true;
      throw error;
    }
  }

  /** Reference records of a type, in memory while the store is open. */
  reference(type: string): readonly Held[] {
    return this.references.get(`:${type}`) ?? [];
  }

  /** What the server copy gives each customer as a card. */
  *cards(): Iterable<[string, Card]> {
    for (const [key, { card }] of this.entries) if (card !== null) yield [key, card];
  }

  /** Whether anything of any customer is here. */
  hasCustomers(): boolean {
    for (const key of this.entries.keys()) if (!key.startsWith(":")) return true;
    return false;
  }

  card(customer: string): Card | null {
    return this.entries.get(customer)?.card ?? null;
  }

  /** Count and sum of the live records of the server copy. */
  digest(): Digest {
    return mergeDigests(
      [...this.entries.values()].map(({ records, sum }) => ({ records, sum: BigInt(`0x${sum}`) })),
    );
  }

  /** The changes to a record that the server copy does not yet include. */
  pendingOf(record: string): Pending[] {
    return this.sets
      .filter(isUncovered)
      .flatMap((set) =>
        (set.content?.changes ?? [])
          .filter((it) => it.id === record)
          .map((change) => ({ number: set.number, change, seen: set.seen[record] ?? {} })),
      );
  }

  /** Own sets above a number, in their order, also those that are done with. */
  async setsAbove(number: number): Promise<OwnSet[]> {
    const { device } = this.meta;
    const range = IDBKeyRange.bound([device, number + 1], [device, Number.MAX_SAFE_INTEGER]);
    const rows = await this.database.read((it) => it.getAllFromIndex("sets", "number", range));
    return Promise.all(rows.map((it) => this.readSet(it)));
  }

  /** The sets of the devices that this store was before, in their order. */
  async setsOfEarlierDevices(): Promise<OwnSet[]> {
    const { device } = this.meta;
    const before = IDBKeyRange.upperBound([device, 0], true);
    const behind = IDBKeyRange.lowerBound([device, Number.MAX_SAFE_INTEGER], true);
    const rows = await this.database.read((it) =>
      Promise.all([before, behind].map((range) => it.getAllFromIndex("sets", "number", range))),
    );
    const found = await Promise.all(rows.flat().map((it) => this.readSet(it)));
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** The sets that were made last, the newest first. */
  async latestSets(most: number): Promise<OwnSet[]> {
    const rows = await this.database.read(async (it) => {
      const found: SetRow[] = [];
      let at = await it.transaction("sets").store.openCursor(null, "prev");
      while (at && found.length < most) {
        found.push(at.value);
        at = await at.continue();
      }
      return found;
    });
    return Promise.all(rows.map((it) => this.readSet(it)));
  }

  /** Sets whose result came before an instant (server time) and whose content is still kept. */
  async answeredBefore(instant: string): Promise<OwnSet[]> {
    const range = IDBKeyRange.bound("0", instant, false, true);
    const rows = await this.database.read((it) => it.getAllFromIndex("sets", "answered", range));
    return Promise.all(rows.map((it) => this.readSet(it)));
  }

  private readSet(row: SetRow): Promise<OwnSet> {
    return this.cipher.open<OwnSet>(row.body, `sets/${row.seq}`);
  }

  /** The steps that are kept in the stage, in order. */
  async staged(): Promise<Step[]> {
    const blobs = await this.database.read((it) => it.getAll("stage"));
    const pages = await Promise.all(blobs.map((it) => this.cipher.open<Step[]>(it, "stage")));
    return pages.flat();
  }

  /** The bytes of an own file, or null. */
  async fileBytes(id: string): Promise<Bytes | null> {
    const blob = await this.database.read((it) => it.get("files", id));
    return blob === undefined ? null : this.cipher.openBytes(blob, `files/${id}`);
  }

  nextSeq(): number {
    return this.lastSeq + 1;
  }

  // ------------------------------------------------------------------------------------- writing

  /** Write whole or not at all; on the disk before it returns. Throws StorageFullError and its kin. */
  async commit(wanted: Work): Promise<void> {
    const unsettled = wanted.defer_cards || wanted.stale_cards;
    const settled = unsettled ? { ...wanted, meta: { ...wanted.meta, cards: NO_CARDS } } : wanted;
    const work = { ...settled, drop_files: this.filesThatGo(wanted) };
    const meta = work.meta ? { ...this.meta, ...work.meta } : this.meta;
    const entries = this.entriesAfter(work);
    const writes = await this.encrypted(work, meta, entries);
    await this.database.writeThrough((tables) => {
      for (const write of writes) write(tables);
    });
    this.take(work, meta, entries);
    for (const listener of [...this.listeners]) listener(work);
  }

  private filesThatGo({ drop_files = [], drop_drafts = [], files = [] }: Work): string[] {
    const kept = new Set(files.map((it) => it.id));
    const left = [...this.files.values()].filter(
      (it) => it.draft !== null && drop_drafts.includes(it.draft) && !kept.has(it.id),
    );
    return [...drop_files, ...left.map((it) => it.id)];
  }

  private entriesAfter(work: Work): Map<string, Entry<Card>> {
    const changed = new Map<string, Entry<Card>>();
    const references = (type: string) =>
      work.bundles?.get(`:${type}`) ?? (work.clear_copy ? [] : this.reference(type));
    for (const [key, held] of work.bundles ?? []) {
      const live = held.filter((it) => !it.gone);
      const { records, sum } = digestOfTerms(live.map((it) => this.termOf(it)));
      const card = key.startsWith(":") ? null : this.project(key, live, references);
      changed.set(key, { card, records, sum: sum.toString(16) });
    }
    return changed;
  }

  private termOf(held: Held): bigint {
    const known = this.terms.get(held);
    if (known !== undefined) return known;
    const made = term(held.id, held.version);
    this.terms.set(held, made);
    return made;
  }

  private async encrypted(
    work: Work,
    meta: Meta,
    changed: ReadonlyMap<string, Entry<Card>>,
  ): Promise<Write[]> {
    const { cipher } = this;
    const writes: Promise<Write>[] = [];
    const now = async (write: Write) => write;
    if (work.clear_copy) {
      writes.push(
        now(({ clear }) => clear("bundles")),
        now(({ clear }) => clear("cards")),
      );
    }
    if (work.clear_stage) writes.push(now(({ clear }) => clear("stage")));
    if (work.meta) {
      const sealed = cipher.seal(meta, "meta");
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("meta", it, "meta"),
        ),
      );
    }
    for (const [key, held] of work.bundles ?? []) {
      if (held.length === 0) {
        writes.push(now(({ remove }) => remove("bundles", key)));
      } else {
        const sealed = cipher.seal(held, `bundles/${key}`);
        writes.push(
          sealed.then(
            (it) =>
              ({ put }) =>
                put("bundles", it, key),
          ),
        );
      }
    }
    const blocks = work.defer_cards ? [] : this.blocksAfter(work, changed);
    for (const [number, block] of blocks) {
      const sealed = cipher.seal(block, `cards/${number}`);
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("cards", it, number),
        ),
      );
    }
    for (const set of work.sets ?? []) writes.push(this.sealedSet(set));
    if (work.stage?.length) {
      const sealed = cipher.seal(work.stage, "stage");
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("stage", it),
        ),
      );
    }
    for (const draft of work.drafts ?? []) {
      const sealed = cipher.seal(draft, `drafts/${draft.id}`);
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("drafts", it, draft.id),
        ),
      );
    }
    for (const id of work.drop_drafts ?? []) {
      writes.push(now(({ remove }) => remove("drafts", id)));
    }
    if (work.incident) {
      const sealed = cipher.seal(work.incident, "incident");
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("incidents", it),
        ),
      );
    }
    for (const file of work.files ?? []) {
      const sealed = cipher.seal(file, "attached");
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("attached", it, file.id),
        ),
      );
    }
    for (const [id, bytes] of work.file_bytes ?? []) {
      const sealed = cipher.sealBytes(bytes, `files/${id}`);
      writes.push(
        sealed.then(
          (it) =>
            ({ put }) =>
              put("files", it, id),
        ),
      );
    }
    for (const id of work.drop_files ?? []) {
      writes.push(
        now(({ remove }) => remove("attached", id)),
        now(({ remove }) => remove("files", id)),
      );
    }
    return Promise.all(writes);
  }

  private sealedSet(set: OwnSet): Promise<Write> {
    const { seq, device, number } = set;
    const open = isDone(set) ? 0 : 1;
    const answered = set.content === null ? "" : (set.answered_at ?? "");
    return this.cipher.seal(set, `sets/${seq}`).then(
      (body) =>
        ({ put }) =>
          put("sets", { seq, device, number, open, answered, body }),
    );
  }

  private blocksAfter(
    work: Work,
    changed: ReadonlyMap<string, Entry<Card>>,
  ): Map<number, [string, Entry<Card>][]> {
    const touched = new Set([...changed.keys()].map(blockOf));
    const blocks = new Map<number, [string, Entry<Card>][]>();
    for (const number of touched) blocks.set(number, []);
    if (!work.clear_copy) {
      for (const pair of this.entries) {
        if (!changed.has(pair[0])) blocks.get(blockOf(pair[0]))?.push(pair);
      }
    }
    for (const pair of changed) if (!isGone(pair[1])) blocks.get(blockOf(pair[0]))?.push(pair);
    return blocks;
  }

  private take(work: Work, meta: Meta, changed: ReadonlyMap<string, Entry<Card>>): void {
    const moved = meta.device !== this.meta.device;
    this.meta = meta;
    this.commits += 1;
    if (work.clear_copy) {
      this.entries = new Map();
      this.references = new Map();
      this.cached.clear();
      this.isCopyDamaged = false;
      this.cardsAreStale = false;
    }
    if (work.stale_cards) this.cardsAreStale = true;
    for (const [key, entry] of changed) {
      if (isGone(entry)) this.entries.delete(key);
      else this.entries.set(key, entry);
    }
    for (const [key, held] of work.bundles ?? []) {
      if (key.startsWith(":") && !LAZY.has(key)) this.references.set(key, held);
      else if (this.cached.has(key)) this.cached.set(key, held);
    }
    if (work.sets?.length || moved) this.takeSets(work.sets ?? [], moved);
    if (work.drafts?.length || work.drop_drafts?.length) {
      const drafts = new Map(this.drafts);
      for (const it of work.drafts ?? []) drafts.set(it.id, it);
      for (const id of work.drop_drafts ?? []) drafts.delete(id);
      this.drafts = drafts;
    }
    if (work.incident) this.incidents = [...this.incidents, work.incident];
    if (work.files?.length || work.drop_files?.length) {
      const files = new Map(this.files);
      for (const it of work.files ?? []) files.set(it.id, it);
      for (const id of work.drop_files ?? []) files.delete(id);
      this.files = files;
    }
  }

  private takeSets(changed: readonly OwnSet[], moved: boolean): void {
    const sets = new Map(this.sets.map((it) => [it.seq, it]));
    if (moved) this.lastNumber = 0;
    for (const it of changed) {
      if (isDone(it)) sets.delete(it.seq);
      else sets.set(it.seq, it);
      this.lastSeq = Math.max(this.lastSeq, it.seq);
      if (it.device === this.meta.device) this.lastNumber = Math.max(this.lastNumber, it.number);
    }
    this.sets = [...sets.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Write the cards of every customer, where that was put off; those that are not true any more are made anew. */
  async settleCards(): Promise<void> {
    if (this.meta.cards === this.shape) return;
    const entries = this.cardsAreStale ? await this.entriesAnew() : this.entries;
    const meta = { ...this.meta, cards: this.shape };
    const writes = await this.encrypted({ meta }, meta, entries);
    await this.database.writeThrough((tables) => {
      for (const write of writes) write(tables);
    });
    this.take({}, meta, entries);
    this.cardsAreStale = false;
  }

  private async entriesAnew(): Promise<Map<string, Entry<Card>>> {
    const keys = await this.bundleKeys();
    const entries = new Map<string, Entry<Card>>();
    for (let at = 0; at < keys.length; at += BUNDLES_AT_ONCE) {
      const bundles = await this.bundles(keys.slice(at, at + BUNDLES_AT_ONCE));
      for (const [key, entry] of this.entriesAfter({ bundles })) entries.set(key, entry);
    }
    return entries;
  }
}

function isGone(entry: Entry<unknown>): boolean {
  return entry.records === 0 && entry.card === null;
}
