// What the store keeps beside the server copy, and what one transaction may write.

import type { Fields, Json } from "../schemas/declare.ts";
import type { OwnFile } from "../sync/files.ts";
import type { Held, Step } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import type { Bytes } from "./cipher.ts";
import type { Meta } from "./meta.ts";

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
  /** The own set that was made last when the form was opened, by its `seq`: numbers change with the device. */
  readonly after_seq: number;
  /** The fields when the form was opened. */
  readonly shown: Fields;
  /** By unit, the own sets whose values the form showed, by their `seq`. */
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
