// Whose store this is, and how far it has come: the one row that every sync moves on.

import type { Json } from "../schemas/declare.ts";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly branch: string | null;
}

export interface Meta {
  /** The protocol's device id. */
  readonly device: string;
  readonly name: string;
  readonly user: User;
  readonly access_token: string | null;
  readonly refresh_token: string | null;
  readonly seal_key: string;
  /** The hybrid logical clock's last stamp. */
  readonly stamp: string | null;
  readonly epoch: string | null;
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
  /** The shape of the cards; another one than the app's has them made anew. */
  readonly cards: number;
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
