// What an officer works with while the tablet is unlocked: the store open, the book of customers, the
// sync that goes by itself. Screens get it; nothing of it outlives the lock.

import type { Cipher } from "../store/cipher.ts";
import { Journal, journalNames } from "../store/journal.ts";
import { askPersistence } from "../store/persistence.ts";
import type { VaultRow } from "../store/vault.ts";
import type { AutoSync } from "../sync/autosync.ts";
import { HttpTransport } from "../sync/transport.ts";
import type { Book } from "../work/book.ts";
import type { Desk } from "../work/desk.ts";
import { inSteps, openBook } from "./book_opening.ts";
import { Condition, type Told } from "./condition.ts";
import { everyType, REGISTRY } from "./registry.ts";
import { autoSync, fileSender } from "./sending.ts";
import type { Tools } from "./tools.ts";
import { newJournalWorker } from "./workers.ts";

export { everyType, REGISTRY };

export interface Officer extends Told {
  readonly row: VaultRow;
  readonly desk: Desk;
  readonly book: Book;
  readonly sync: AutoSync;
  readonly transport: HttpTransport;
  readonly journal: Journal | null;
  /** Let go of everything: lock, or make room for another window. */
  readonly close: () => Promise<void>;
}

/** Open a store for its officer. Throws DamagedError where it cannot be read. */
export async function openOfficer(tools: Tools, row: VaultRow, cipher: Cipher): Promise<Officer> {
  // The journal's worker starts while the store is read.
  const opening = Journal.open(row.store, newJournalWorker).catch(() => null);
  const book = await openBook(row.store, cipher, opening);
  const journal = await opening;
  const { store } = book;
  const condition = new Condition(journal === null ? "none" : "written");
  const desk = deskOf(tools, store, journal, condition);
  const transport = new HttpTransport(tools.network);
  const files = fileSender(tools, store, transport);
  const sync = autoSync({ tools, desk, book, transport, files, changed: condition.changed });
  void askPersistence().then((answer) => condition.set({ persisted: answer }));
  const ends = [
    book.subscribe(condition.changed),
    store.subscribe((work) => {
      if (work.sets?.some((it) => it.state === "ready")) sync.saved();
    }),
    tools.onReturn(() => void sync.now()),
    inSteps(book.prepareSearch(), tools),
  ];
  const close = async () => {
    for (const end of ends) end();
    condition.forget();
    transport.close();
    await sync.stop();
    await files.stop();
    await store.exclusive(async () => store.close());
    await journal?.close().catch(() => undefined);
  };
  return { row, desk, book, sync, transport, journal, ...condition.told(), close };
}

function deskOf(
  { now, dayOf, newBytes, isOnline }: Tools,
  store: Desk["store"],
  journal: Journal | null,
  condition: Condition,
): Desk {
  return {
    store,
    registry: REGISTRY,
    journal,
    now,
    today: () => dayOf(corrected(now(), store.meta.skew_seconds)),
    newBytes,
    isOnline,
    journalFailed: () => condition.set({ journal: "failed" }),
    // It comes with the screens on which work is done; without them the server's word has to do.
    guard: async (action) => {
      const working = await import("../screens/working.ts").catch(() => null);
      await working?.guardSet(action);
    },
  };
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
