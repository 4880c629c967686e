// Unsent work as a file, for when the tablet itself may not make it to the network. It is taken from the
// sealed journal, works without the PIN, and can be opened by the branch alone.

import { Journal, journalNames } from "../store/journal.ts";
import type { Line } from "../store/slots.ts";
import { newJournalWorker } from "./workers.ts";

const FORMAT = "xiangxin-rescue";

/** What saves a store's sealed sets as a file; null: there are none. */
export async function rescueOf(store: string): Promise<(() => void) | null> {
  return fileOf(await linesOf(store));
}

/** The same of every store that ever was on this tablet: for when the browser opens none any more. */
export async function rescueOfAll(): Promise<(() => void) | null> {
  const stores = await journalNames().catch(() => []);
  return fileOf((await Promise.all(stores.map(linesOf))).flat());
}

/** The same of a journal that is open. */
export async function rescueFrom(journal: Journal): Promise<(() => void) | null> {
  return fileOf(await journal.lines());
}

async function linesOf(store: string): Promise<readonly Line[]> {
  const journal = await Journal.open(store, newJournalWorker).catch(() => null);
  if (journal === null) return [];
  const lines = await journal.lines();
  await journal.close();
  return lines;
}

function fileOf(sets: readonly Line[]): (() => void) | null {
  if (sets.length === 0) return null;
  const text = JSON.stringify({ format: FORMAT, version: 1, sealed: true, sets });
  return () => saveFile(`${FORMAT}.json`, text);
}

export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
