// The cards of all customers, in memory and as the blocks in which they lie: what lists read instead of bundles.

import type { Digest } from "../sync/digest.ts";
import { digestOfTerms, mergeDigests, term } from "../sync/digest.ts";
import type { Held } from "../sync/rebase.ts";
import { isOfCustomer } from "./bundles.ts";
import type { Work } from "./work.ts";

/** What lists show of a customer; what is in it is the business of whoever projects it. */
export type Project<Card> = (
  customer: string,
  held: readonly Held[],
  references: (type: string) => readonly Held[],
) => Card | null;

/** A bundle's card, and what its live records add to the digest. */
export interface Entry<Card> {
  readonly card: Card | null;
  readonly records: number;
  readonly sum: string;
}

const BLOCKS = 64;

function blockOf(key: string): number {
  return isOfCustomer(key) ? Number.parseInt(key.slice(-2), 16) % BLOCKS : BLOCKS;
}

export class Cards<Card> {
  private readonly project: Project<Card>;
  private entries = new Map<string, Entry<Card>>();
  /** What each record adds to the digest. */
  private readonly terms = new WeakMap<Held, bigint>();

  constructor(project: Project<Card>) {
    this.project = project;
  }

  /** Every entry there is, by the key of its bundle. */
  all(): ReadonlyMap<string, Entry<Card>> {
    return this.entries;
  }

  /** Have these entries and no others. */
  replace(entries: Iterable<readonly [string, Entry<Card>]>): void {
    this.entries = new Map(entries);
  }

  /** What the server copy gives each customer as a card. */
  *each(): Iterable<[string, Card]> {
    for (const [key, { card }] of this.entries) if (card !== null) yield [key, card];
  }

  /** Whether anything of any customer is here. */
  hasCustomers(): boolean {
    for (const key of this.entries.keys()) if (isOfCustomer(key)) return true;
    return false;
  }

  /** A customer's card, or null. */
  of(customer: string): Card | null {
    return this.entries.get(customer)?.card ?? null;
  }

  /** Count and sum of the live records of the server copy. */
  digest(): Digest {
    return mergeDigests(
      [...this.entries.values()].map(({ records, sum }) => ({ records, sum: BigInt(`0x${sum}`) })),
    );
  }

  /** The entries of the bundles that a commit changes. */
  after(
    work: Pick<Work, "bundles" | "clear_copy">,
    reference: (type: string) => readonly Held[],
  ): Map<string, Entry<Card>> {
    const changed = new Map<string, Entry<Card>>();
    const references = (type: string) =>
      work.bundles?.get(`:${type}`) ?? (work.clear_copy ? [] : reference(type));
    for (const [key, held] of work.bundles ?? []) {
      const live = held.filter((it) => !it.gone);
      const { records, sum } = digestOfTerms(live.map((it) => this.termOf(it)));
      const card = isOfCustomer(key) ? this.project(key, live, references) : null;
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

  /** The blocks that such entries lie in, whole, by their numbers. */
  blocksAfter(
    work: Pick<Work, "clear_copy">,
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

  /** Have what a commit has written. */
  take(changed: ReadonlyMap<string, Entry<Card>>): void {
    for (const [key, entry] of changed) {
      if (isGone(entry)) this.entries.delete(key);
      else this.entries.set(key, entry);
    }
  }
}

function isGone(entry: Entry<unknown>): boolean {
  return entry.records === 0 && entry.card === null;
}
