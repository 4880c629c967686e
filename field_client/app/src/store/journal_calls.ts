// What the journal and its worker say to each other.

import type { Answered, Line } from "./slots.ts";

export type Call =
  | { readonly do: "open"; readonly store: string }
  | { readonly do: "append"; readonly line: Line }
  | { readonly do: "lines" }
  | { readonly do: "drop"; readonly answered: readonly Answered[] }
  | { readonly do: "close" }
  | { readonly do: "remove" };

/** There is no room; another window has it open; or there is no such storage, or none any more. */
export type Fault = "full" | "in_use" | "unavailable";

export type Answer =
  | { readonly lines: readonly Line[] }
  | { readonly fault: Fault; readonly said: string };

export type Numbered<T> = T & { readonly id: number };

const FILE = /^journal-(.+)\.[01]\.jsonl$/;

/** The two files of a store's journal. */
export function slotNames(store: string): readonly [string, string] {
  return [`journal-${store}.0.jsonl`, `journal-${store}.1.jsonl`];
}

/** The store that a file is the journal of. */
export function storeOf(file: string): string | null {
  return FILE.exec(file)?.[1] ?? null;
}
