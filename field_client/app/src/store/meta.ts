// Whose store this is, and how far it has come: the one row that every sync moves on.

import type { Json } from "../schemas/declare.ts";
import type { SigningKey } from "./signing.ts";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly branch: string | null;
}

/** What became of a customer that was registered twice. */
export interface Merged {
  /** Null: who is not in this user's scope. */
  readonly survivor: string | null;
  /** The duplicates that were on this tablet, and that the merge has settled. */
  readonly conflicts: readonly string[];
}

export interface Meta {
  /** The protocol's device id. */
  readonly device: string;
  readonly name: string;
  readonly user: User;
  readonly access_token: string | null;
  readonly refresh_token: string | null;
  readonly seal_key: string;
  /** The device's own key; missing in stores of an earlier version until the next sign-in. */
  readonly signing?: SigningKey | null;
  /** The hybrid logical clock's last stamp. */
  readonly stamp: string | null;
  readonly epoch: string | null;
  /** That of the view, which stays of its epoch until the next one is whole; missing in stores of an earlier version. */
  readonly view_epoch?: string | null;
  readonly cursor: string | null;
  /** Of the view: the base of new sets. */
  readonly position: number;
  /** A pull has ended at least once: the view is complete. */
  readonly whole: boolean;
  /** The run under way replaces the whole server copy. */
  readonly fresh: boolean;
  /** The last pull ended with `more: false`. */
  readonly caught_up: boolean;
  /** Device time of the last complete pull. */
  readonly synced_at: string | null;
  /** Server time of the same. */
  readonly data_as_of: string | null;
  /** Device time at which all own work had last been answered. */
  readonly sent_at: string | null;
  readonly skew_seconds: number | null;
  /** The last running number of receipts, by `<device code>-<day>`. */
  readonly receipts: Readonly<Record<string, number>>;
  /** The signed head of the branch's log that this device last witnessed. */
  readonly head: Json;
  /** Customers that were merged into another one; missing in stores that never saw one. */
  readonly merged?: Readonly<Record<string, Merged>>;
  /** The shape of the cards; another one than the app's has them made anew. */
  readonly cards: number;
}

/** Whom a customer was merged into, after merges of that one too; null: nobody whom this user has in scope. */
export function survivorOf({ merged }: Meta, customer: string): string | null {
  const passed = new Set([customer]);
  let now = merged?.[customer]?.survivor ?? null;
  while (now !== null && merged?.[now] !== undefined && !passed.has(now)) {
    passed.add(now);
    now = merged[now]?.survivor ?? null;
  }
  return now;
}

/** The id under which a customer's work is shown: that of whom it was merged into, or its own. */
export function knownAs(meta: Meta, customer: string): string {
  return survivorOf(meta, customer) ?? customer;
}

/** The conflicts that ended with a merge, though they left the tablet with their customer. */
export function settledByMerge({ merged }: Meta): readonly string[] {
  return Object.values(merged ?? {}).flatMap((it) => it.conflicts);
}

/** The view on which work begins: its position, and the epoch in which that counts. */
export interface Base {
  readonly base: number;
  readonly epoch: string | null;
}

export function viewOf({ position, epoch, view_epoch }: Meta): Base {
  return { base: position, epoch: view_epoch === undefined ? epoch : view_epoch };
}

/** No shape that cards ever have: they are made anew, at the latest when the store is opened. */
export const NO_CARDS = 0;

export function newMeta(
  device: string,
  name: string,
  user: User,
  sealKey: string,
  epoch: string | null,
): Meta {
  return {
    device,
    name,
    user,
    access_token: null,
    refresh_token: null,
    seal_key: sealKey,
    stamp: null,
    epoch,
    cursor: null,
    position: 0,
    whole: false,
    fresh: true,
    caught_up: false,
    synced_at: null,
    data_as_of: null,
    sent_at: null,
    skew_seconds: null,
    receipts: {},
    head: null,
    cards: NO_CARDS,
  };
}
