// The book of a store: its cards projected, its search prepared while nobody waits.

import type { Cipher } from "../store/cipher.ts";
import type { Journal } from "../store/journal.ts";
import { Store } from "../store/store.ts";
import type { Held } from "../sync/rebase.ts";
import { Book } from "../work/book.ts";
import { CARDS, type Card, project } from "../work/cards.ts";
import { everyType, REGISTRY } from "./registry.ts";
import type { Tools } from "./tools.ts";

/** Where the store does not open, the journal is let go of: it is what is left. */
export async function openBook(
  name: string,
  cipher: Cipher,
  journal: Promise<Journal | null>,
): Promise<Book> {
  let store: Store<Card> | null = null;
  try {
    store = await Store.open<Card>(name, cipher, CARDS, projected);
    const waiting = store.sets.flatMap((it) => it.content?.changes ?? []);
    if (waiting.some((it) => REGISTRY.get(it.type) === null)) await everyType();
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

const STEP_MS = 20;

/** Do what nobody waits for step by step, with time for others in between. Returns what ends it. */
export function inSteps(steps: Iterator<void>, { later }: Pick<Tools, "later">): () => void {
  let end: () => void = () => undefined;
  const go = () => {
    if (!steps.next().done) end = later(STEP_MS, go);
  };
  end = later(STEP_MS, go);
  return () => end();
}
