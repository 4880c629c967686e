// The customers as their officer sees them: the stored cards, and over them those that own work has
// changed. All in memory, so that lists and searches wait for nothing.

import type { Fields } from "../schemas/declare.ts";
import type { Registry } from "../schemas/registry.ts";
import { knownAs, settledByMerge } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import type { View } from "../sync/rebase.ts";
import { customersOf, isUncovered, type OwnSet } from "../sync/sets.ts";
import { type Card, project } from "./cards.ts";
import { recordsOf, referencesOf, text, titleOf } from "./views.ts";

/** Fewer digits than this of an id or a phone would find half the branch. */
const SHORTEST_TAIL = 4;
const PREPARED_AT_ONCE = 100;

export class Book {
  readonly store: Store<Card>;
  readonly registry: Registry;
  /** Counts up with every change, so that what was derived from the book can be kept until then. */
  version = 0;
  private readonly overlay = new Map<string, Card | null>();
  private words = new WeakMap<Card, string>();
  private derivedAt = "";
  private readonly derivations = new Map<unknown, unknown>();
  private names = new Map<string, string>();
  private readonly listeners = new Set<() => void>();
  private refreshing: Promise<void> = Promise.resolve();

  private constructor(store: Store<Card>, registry: Registry) {
    this.store = store;
    this.registry = registry;
  }

  static async open(store: Store<Card>, registry: Registry): Promise<Book> {
    const book = new Book(store, registry);
    book.readNames();
    await book.refresh(book.touched());
    store.subscribe((work) => {
      book.refreshing = book.refreshing.then(() => book.follow(work)).catch(() => undefined);
    });
    return book;
  }

  /** Be told after the book has changed. Returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Wait until everything that was committed is in the book. */
  async settled(): Promise<void> {
    await this.refreshing;
  }

  private async follow(work: Work): Promise<void> {
    const bundles = [...(work.bundles?.keys() ?? [])];
    if (work.clear_copy || NAMED.some((it) => bundles.includes(`:${it}`))) this.readNames();
    if (work.clear_copy) this.overlay.clear();
    const named = [
      ...bundles,
      ...(work.sets ?? []).flatMap((it) => this.customersOf(it)),
      ...this.overlay.keys(),
    ];
    try {
      if (work.clear_copy || work.sets?.length || bundles.length > 0) {
        await this.refresh(new Set(named.filter((it) => !it.startsWith(":"))));
      }
    } finally {
      // Also where a record could not be read: what was stored is shown all the same.
      this.tell();
    }
  }

  /** Have everything that was read from the book read again: more types are known now. */
  tell(): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }

  /** The customers whom a set is about, under the ids with which they are found now. */
  customersOf(set: OwnSet): string[] {
    return [...new Set(customersOf(set).map((it) => knownAs(this.store.meta, it)))];
  }

  /** The customers that own work lies on top of. */
  private touched(): Set<string> {
    return new Set(this.store.sets.filter(isUncovered).flatMap((it) => this.customersOf(it)));
  }

  private async refresh(customers: ReadonlySet<string>): Promise<void> {
    const touched = this.touched();
    for (const id of customers) {
      if (!touched.has(id)) {
        this.overlay.delete(id);
        continue;
      }
      const views = await this.viewsOf(id);
      if (views === null) continue;
      const shown = views.filter((it) => !it.gone);
      this.overlay.set(
        id,
        project(id, shown, (product) => this.product(product)),
      );
    }
  }

  /** Null: the stored records cannot be read; the next sync fetches them anew. */
  private async viewsOf(customer: string): Promise<View[] | null> {
    try {
      return await recordsOf(this.store, this.registry, customer);
    } catch (error) {
      if (this.store.isCopyDamaged) return null;
      throw error;
    }
  }

  private readNames(): void {
    this.names = new Map();
    for (const type of NAMED) {
      for (const it of referencesOf(this.store, this.registry, type)) {
        this.names.set(it.id, titleOf(this.registry, it));
      }
    }
    this.words = new WeakMap();
  }

  // ------------------------------------------------------------------------------------- looking

  /** The name of a village, person, product or device; empty where it is not on this tablet. */
  nameOf(id: string | null): string {
    return (id !== null && this.names.get(id)) || "";
  }

  product(id: string): Fields {
    return this.store.reference("product").find((it) => it.id === id)?.fields ?? {};
  }

  card(customer: string): Card | null {
    const changed = this.overlay.get(customer);
    return changed === undefined ? this.store.card(customer) : changed;
  }

  /** What follows from the book as it stands: made when it is first asked for, kept until something changes. */
  derived<T>(make: (book: Book) => T): T {
    const stands = `${this.version} ${this.store.commits}`;
    if (this.derivedAt !== stands) this.derivations.clear();
    this.derivedAt = stands;
    if (!this.derivations.has(make)) this.derivations.set(make, make(this));
    return this.derivations.get(make) as T;
  }

  /** Every customer on this tablet. */
  cards(): readonly Card[] {
    return this.derived(allCards);
  }

  /** The cards that own work has changed, by customer; null: it shows none. */
  changed(): ReadonlyMap<string, Card | null> {
    return this.overlay;
  }

  /** The customers that a few typed characters may mean, by name; all of them for none. */
  search(typed: string): readonly Card[] {
    const wanted = typed.trim().toLowerCase();
    const all = this.derived(cardsByName);
    return wanted === "" ? all : all.filter((it) => this.fits(it, wanted));
  }

  private fits(card: Card, wanted: string): boolean {
    if (this.wordsOf(card).includes(wanted)) return true;
    if (wanted.length < SHORTEST_TAIL) return false;
    return card.numbers.some((it) => it.toLowerCase().endsWith(wanted));
  }

  /** Make the words to search by ahead of the first search, a few customers at each step. */
  *prepareSearch(): Generator<void> {
    let left = PREPARED_AT_ONCE;
    for (const card of this.cards()) {
      this.wordsOf(card);
      left -= 1;
      if (left > 0) continue;
      left = PREPARED_AT_ONCE;
      yield;
    }
  }

  /** All words by which a customer is found, a line each. */
  private wordsOf(card: Card): string {
    const known = this.words.get(card);
    if (known !== undefined) return known;
    const latin = card.latin.toLowerCase();
    const made = [
      card.name.toLowerCase(),
      latin,
      latin.replaceAll(" ", ""),
      initials(latin),
      card.customer_no.toLowerCase(),
      this.nameOf(card.village).toLowerCase(),
      ...card.loans.map((it) => it.loan_no.toLowerCase()),
    ].join("\n");
    this.words.set(card, made);
    return made;
  }

  // ----------------------------------------------------------------------------------- conflicts

  /** Open conflicts as this user sees them: one that he has settled here is no more open. */
  openConflicts(): readonly OpenConflict[] {
    return this.derived(openConflicts);
  }

  returnedNotes(): readonly { readonly note: string; readonly customer: string }[] {
    return this.derived(returnedNotes);
  }

  /** Whether the server copy shows a conflict as resolved. */
  isSettledAtServer(conflict: string): boolean {
    return this.derived(settledAtServer).has(conflict);
  }

  /** Whether a conflict is on this tablet, open or not. */
  isKnownConflict(conflict: string): boolean {
    return this.derived(knownConflicts).has(conflict);
  }
}

/** Types whose records are called by a name in lists. */
const NAMED = ["org_unit", "user", "product", "device"];

interface OpenConflict {
  readonly conflict: string;
  readonly customer: string | null;
}

function allCards(book: Book): Card[] {
  const changed = book.changed();
  const found: Card[] = [];
  for (const [id, card] of book.store.cards()) {
    const shown = changed.get(id);
    if (shown === undefined) found.push(card);
    else if (shown !== null) found.push(shown);
  }
  for (const [id, card] of changed) {
    if (card !== null && book.store.card(id) === null) found.push(card);
  }
  return found;
}

function cardsByName(book: Book): Card[] {
  return [...book.cards()].sort(byName);
}

function openConflicts(book: Book): OpenConflict[] {
  const found: OpenConflict[] = [];
  for (const card of book.cards()) {
    for (const conflict of card.conflicts) found.push({ conflict, customer: card.id });
  }
  for (const it of referencesOf(book.store, book.registry, "conflict")) {
    if (it.fields.status === "open") found.push({ conflict: it.id, customer: null });
  }
  return found;
}

function returnedNotes(book: Book) {
  return book
    .cards()
    .flatMap(({ id, returned }) => returned.map((note) => ({ note, customer: id })));
}

function settledAtServer(book: Book): Set<string> {
  const found = new Set<string>(settledByMerge(book.store.meta));
  for (const [, { settled }] of book.store.cards()) for (const it of settled) found.add(it);
  for (const it of book.store.reference("conflict")) {
    if (text(it.fields.status) === "resolved") found.add(it.id);
  }
  return found;
}

function knownConflicts(book: Book): Set<string> {
  const found = new Set(book.store.reference("conflict").map((it) => it.id));
  for (const { conflicts, settled } of book.cards()) {
    for (const it of [...conflicts, ...settled]) found.add(it);
  }
  return found;
}

const SYLLABLE =
  /(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[aeiouüv]+(?:ng(?![aeiouüv])|[nr](?![aeiouüv]))?/g;

/** The first letters of a name's syllables: "wang guiying" is found by "wgy". */
export function initials(latin: string): string {
  return (latin.match(SYLLABLE) ?? []).map((it) => it[0]).join("");
}

function byName(a: Card, b: Card): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
