// What an officer works with while the tablet is unlocked: the store open, the book of customers, the
// sync that goes by itself. Screens get it; nothing of it outlives the lock.

import { SCHEMA, TYPES } from "../generated/registry.ts";
import { Registry } from "../schemas/registry.ts";
import type { Cipher } from "../store/cipher.ts";
import { Journal, journalNames } from "../store/journal.ts";
import { askPersistence } from "../store/persistence.ts";
import { Store } from "../store/store.ts";
import type { VaultRow } from "../store/vault.ts";
import { AutoSync, type SyncState } from "../sync/autosync.ts";
import { FileSender } from "../sync/file_sender.ts";
import type { Held } from "../sync/rebase.ts";
import { roundTrip } from "../sync/round_trip.ts";
import { HttpTransport } from "../sync/transport.ts";
import { attention } from "../work/attention.ts";
import { Book } from "../work/book.ts";
import { CARDS, type Card, project } from "../work/cards.ts";
import { type Desk, newId } from "../work/desk.ts";
import { sealedCopies } from "../work/sealed.ts";
import type { Tools } from "./tools.ts";
import { newJournalWorker } from "./workers.ts";

export const REGISTRY = new Registry(TYPES, SCHEMA);

export interface Officer {
  readonly row: VaultRow;
  readonly desk: Desk;
  readonly book: Book;
  readonly sync: AutoSync;
  readonly transport: HttpTransport;
  readonly journal: Journal | null;
  /** Whether the second copy of everything saved since the unlocking could be written. */
  readonly journalState: () => JournalState;
  /** Whether the browser has promised to keep the data; null while it is being asked. */
  readonly persisted: () => boolean | null;
  /** Something that is kept here does not read: it is said instead of a screen with nothing on it. */
  readonly foundDamaged: () => void;
  readonly damaged: () => boolean;
  /** Be told of every change worth showing. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Let go of everything: lock, or make room for another window. */
  readonly close: () => Promise<void>;
}

export type JournalState = "written" | "failed" | "none";

/** Open a store for its officer. Throws DamagedError where it cannot be read. */
export async function openOfficer(tools: Tools, row: VaultRow, cipher: Cipher): Promise<Officer> {
  // The journal's worker starts while the store is read.
  const opening = Journal.open(row.store, newJournalWorker).catch(() => null);
  const book = await openBook(row.store, cipher, opening);
  const journal = await opening;
  const { store } = book;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  let journalState: JournalState = journal === null ? "none" : "written";
  const desk: Desk = {
    store,
    registry: REGISTRY,
    journal,
    now: tools.now,
    today: () => tools.dayOf(corrected(tools.now(), store.meta.skew_seconds)),
    newBytes: tools.newBytes,
    journalFailed: () => {
      journalState = "failed";
      changed();
    },
  };
  const transport = new HttpTransport(tools.network);
  const files = new FileSender(store, async () => {
    const { sendFilesOver } = await import("../screens/working.ts");
    return () => sendFilesOver(transport, { store, now: tools.now });
  });
  const sync = new AutoSync({
    trip: (progress) =>
      tools
        .alone(`xiangxin-sync-${row.store}`, () =>
          roundTrip({
            store,
            registry: REGISTRY,
            transport,
            now: tools.now,
            newId: () => newId(desk),
            attention: () => attention(book).length,
            sealed: sealedCopies(desk),
            progress,
          }),
        )
        .then((report) => {
          files.start();
          return report;
        }),
    jitter: tools.network.jitter,
    isOnline: tools.isOnline,
    later: tools.later,
    changed: (_: SyncState) => changed(),
  });
  let damaged = false;
  let persisted: boolean | null = null;
  void askPersistence().then((answer) => {
    persisted = answer;
    changed();
  });
  const ends = [
    book.subscribe(changed),
    store.subscribe((work) => {
      if (work.sets?.some((it) => it.state === "ready")) sync.saved();
    }),
    tools.onReturn(() => void sync.now()),
    inSteps(book.prepareSearch(), tools),
  ];
  return {
    row,
    desk,
    book,
    sync,
    transport,
    journal,
    journalState: () => journalState,
    persisted: () => persisted,
    foundDamaged: () => {
      damaged = true;
      changed();
    },
    damaged: () => damaged,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      for (const end of ends) end();
      listeners.clear();
      transport.close();
      await sync.stop();
      await files.stop();
      await store.exclusive(async () => store.close());
      await journal?.close().catch(() => undefined);
    },
  };
}

const STEP_MS = 20;

/** Do what nobody waits for step by step, with time for others in between. Returns what ends it. */
function inSteps(steps: Iterator<void>, { later }: Pick<Tools, "later">): () => void {
  let end: () => void = () => undefined;
  const go = () => {
    if (!steps.next().done) end = later(STEP_MS, go);
  };
  end = later(STEP_MS, go);
  return () => end();
}

/** Where the store does not open, the journal is let go of: it is what is left. */
async function openBook(
  name: string,
  cipher: Cipher,
  journal: Promise<Journal | null>,
): Promise<Book> {
  let store: Store<Card> | null = null;
  try {
    store = await Store.open<Card>(name, cipher, CARDS, projected);
    return await Book.open(store, REGISTRY);
  } catch (error) {
    store?.close();
    await (await journal)?.close();
    throw error;
  }
}

function projected(
  customer: string,
  held: readonly Held[],
  references: (type: string) => readonly Held[],
): Card | null {
  return project(
    customer,
    held,
    (id) => references("product").find((it) => it.id === id)?.fields ?? {},
  );
}

/** What time it is by the server's clock, as far as this tablet knows: its own may be wrong by years. */
function corrected(now: Date, skewSeconds: number | null): Date {
  return new Date(now.getTime() - (skewSeconds ?? 0) * 1000);
}

/** Journals on this tablet whose store is gone: work that can be taken back. */
export async function orphanJournals(rows: readonly VaultRow[]): Promise<readonly string[]> {
  const known = new Set(rows.map((it) => it.store));
  const names = await journalNames().catch(() => []);
  return names.filter((it) => !known.has(it));
}
