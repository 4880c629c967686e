// The officer's copy on this tablet: server copy, stage, own sets, drafts, in one encrypted IndexedDB.
//
// The battery may die between any two lines. Whatever belongs together is one `commit`, which is on
// the disk before it returns; memory follows the disk, never the other way round. One window has the
// store open at a time, and in it one change at a time is made (`exclusive`).

import type { Change } from "../schemas/messages.ts";
import type { Digest } from "../sync/digest.ts";
import type { OwnFile } from "../sync/files.ts";
import type { Held, Pending, Step } from "../sync/rebase.ts";
import { isDone, isUncovered, type OwnSet } from "../sync/sets.ts";
import { Bundles } from "./bundles.ts";
import { Cards, type Entry, type Project } from "./cards.ts";
import type { Bytes, Cipher } from "./cipher.ts";
import { Database } from "./database.ts";
import { DamagedError } from "./faults.ts";
import { readKept } from "./kept.ts";
import { knownAs, type Meta, NO_CARDS } from "./meta.ts";
import { withPlaces } from "./old_drafts.ts";
import { SetRows } from "./set_rows.ts";
import type { Draft, Incident, Work } from "./work.ts";
import { sealedWrites } from "./writes.ts";

/** How many bundles are read at once where all are. */
const BUNDLES_AT_ONCE = 256;

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

  private readonly cipher: Cipher;
  private readonly shape: number;
  private readonly database: Database;
  private readonly copy: Bundles;
  private readonly shown: Cards<Card>;
  private readonly rows: SetRows;
  private lastSeq = 0;
  private cardsAreStale = false;
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
    this.copy = new Bundles(database, cipher);
    this.shown = new Cards(project);
    this.rows = new SetRows(database, cipher);
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
    const kept = await readKept<Card>(this.database, this.cipher);
    this.shown.replace(kept.entries);
    this.incidents = kept.incidents;
    this.files = byId(kept.files);
    await this.copy.load();
    this.sets = await this.rows.open();
    this.lastSeq = await this.rows.lastSeq();
    this.lastNumber = await this.rows.lastNumber(this.meta.device);
    this.drafts = byId(await withPlaces(kept.drafts, this.rows, this.meta.device, this.lastSeq));
  }

  /** Close the store: what is in memory is forgotten, nothing more is written. */
  close(): void {
    this.database.close();
    this.isOpen = false;
    this.shown.replace([]);
    this.copy.forget();
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

  /** Something of the server copy could not be read: it is fetched anew, and nothing else is touched. */
  get isCopyDamaged(): boolean {
    return this.copy.isDamaged;
  }

  /** The records of the server copy under a customer, or of a type without one. */
  bundle(key: string): Promise<readonly Held[]> {
    return this.copy.one(key);
  }

  /** Several bundles at once, as a page of a sync needs them: they are read in one go. */
  bundles(keys: Iterable<string>): Promise<Map<string, readonly Held[]>> {
    return this.copy.several(keys);
  }

  /** The keys of all bundles that there are. */
  bundleKeys(): Promise<string[]> {
    return this.copy.keys();
  }

  /** Reference records of a type, in memory while the store is open. */
  reference(type: string): readonly Held[] {
    return this.copy.reference(type);
  }

  /** What the server copy gives each customer as a card. */
  cards(): Iterable<[string, Card]> {
    return this.shown.each();
  }

  /** Whether anything of any customer is here. */
  hasCustomers(): boolean {
    return this.shown.hasCustomers();
  }

  card(customer: string): Card | null {
    return this.shown.of(customer);
  }

  /** Count and sum of the live records of the server copy. */
  digest(): Digest {
    return this.shown.digest();
  }

  /**
   * The changes to a record that the server copy does not yet include, by any id that it has had.
   *
   * `device`: only those that carry its numbers, which is all that an `over` may name.
   */
  pendingOf(record: string, device: string | null = null): Pending[] {
    const isOf = ({ type, id, op }: Change) =>
      id === record ||
      (type === "customer" && op !== "create" && knownAs(this.meta, id) === record);
    return this.sets
      .filter((it) => isUncovered(it) && (device === null || it.device === device))
      .flatMap((set) =>
        (set.content?.changes ?? []).filter(isOf).map((change) => {
          const said = set.said?.[change.id];
          const seen = set.seen[change.id] ?? {};
          return { number: set.number, change, seen, ...(said && { said }) };
        }),
      );
  }

  /** Own sets above a number, in their order, also those that are done with. */
  setsAbove(number: number): Promise<OwnSet[]> {
    return this.rows.above(this.meta.device, number);
  }

  /** The sets of this device that were made after one, in their order, also those that are done with. */
  setsMadeAfter(seq: number): Promise<OwnSet[]> {
    return this.rows.madeAfter(this.meta.device, seq);
  }

  /** The numbers that sets have now, by `seq`; none of those that an earlier device sent. */
  numbersOf(seqs: readonly number[]): Promise<Map<number, number>> {
    return this.rows.numbers(this.meta.device, seqs);
  }

  /** The sets of the devices that this store was before, in their order. */
  setsOfEarlierDevices(): Promise<OwnSet[]> {
    return this.rows.ofEarlierDevices(this.meta.device);
  }

  /** The sets that were made last, the newest first. */
  latestSets(most: number): Promise<OwnSet[]> {
    return this.rows.latest(most);
  }

  /** Sets whose result came before an instant (server time) and whose content is still kept. */
  answeredBefore(instant: string): Promise<OwnSet[]> {
    return this.rows.answeredBefore(instant);
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
    await this.write(work, meta, this.entriesAfter(work));
    for (const listener of [...this.listeners]) listener(work);
  }

  private entriesAfter(work: Work): Map<string, Entry<Card>> {
    return this.shown.after(work, (type) => this.reference(type));
  }

  private async write(
    work: Work,
    meta: Meta,
    changed: ReadonlyMap<string, Entry<Card>>,
  ): Promise<void> {
    const blocks = work.defer_cards ? new Map() : this.shown.blocksAfter(work, changed);
    const writes = await sealedWrites(this.cipher, work, meta, blocks);
    await this.database.writeThrough((tables) => {
      for (const write of writes) write(tables);
    });
    this.take(work, meta, changed);
  }

  private filesThatGo({ drop_files = [], drop_drafts = [], files = [] }: Work): string[] {
    const kept = new Set(files.map((it) => it.id));
    const left = [...this.files.values()].filter(
      (it) => it.draft !== null && drop_drafts.includes(it.draft) && !kept.has(it.id),
    );
    return [...drop_files, ...left.map((it) => it.id)];
  }

  private take(work: Work, meta: Meta, changed: ReadonlyMap<string, Entry<Card>>): void {
    const moved = meta.device !== this.meta.device;
    this.meta = meta;
    this.commits += 1;
    if (work.clear_copy) {
      this.shown.replace([]);
      this.cardsAreStale = false;
    }
    if (work.stale_cards) this.cardsAreStale = true;
    this.shown.take(changed);
    this.copy.take(work);
    if (work.sets?.length || moved) this.takeSets(work.sets ?? [], moved);
    this.drafts = changedBy(this.drafts, work.drafts, work.drop_drafts);
    this.files = changedBy(this.files, work.files, work.drop_files);
    if (work.incident) this.incidents = [...this.incidents, work.incident];
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
    const entries = this.cardsAreStale ? await this.entriesAnew() : this.shown.all();
    const meta = { ...this.meta, cards: this.shape };
    await this.write({ meta }, meta, entries);
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

function changedBy<T extends { readonly id: string }>(
  known: ReadonlyMap<string, T>,
  put: readonly T[] = [],
  dropped: readonly string[] = [],
): ReadonlyMap<string, T> {
  if (put.length === 0 && dropped.length === 0) return known;
  const after = new Map(known);
  for (const it of put) after.set(it.id, it);
  for (const id of dropped) after.delete(id);
  return after;
}

function byId<T extends { readonly id: string }>(found: readonly T[]): ReadonlyMap<string, T> {
  return new Map(found.map((it) => [it.id, it]));
}
