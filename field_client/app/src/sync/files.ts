// Files of the own attachments on this tablet: what may go, what waits, what has gone.

import type { OwnSet } from "./sets.ts";

export interface OwnFile {
  /** The id of its attachment. */
  readonly id: string;
  readonly kind: string;
  readonly size: number;
  readonly sha256: string;
  readonly media_type: string;
  readonly captured_at: string;
  /** Under whom it was taken; missing in stores of an earlier version. */
  readonly customer?: string | null;
  /** The form in which it was taken; null once the set that tells of it is made. */
  readonly draft: string | null;
  readonly state: "waiting" | "sent" | "refused" | "gone";
  /** The problem's code, where the branch will not take it. */
  readonly why: string | null;
  /** The address of the upload under way. */
  readonly upload: string | null;
  /** An upload was begun once: it may have come whole. */
  readonly asked: boolean;
  /** Device time since when it need not go any more. */
  readonly done_at: string | null;
}

export type Files = ReadonlyMap<string, OwnFile>;

/** How many files are on the tablet and not at the branch. */
export function countWaiting(files: Files): number {
  return [...files.values()].filter((it) => it.state === "waiting").length;
}

/** The files that the branch did not take, the oldest first: their user says what becomes of them. */
export function refusedOf(files: Files): OwnFile[] {
  const refused = [...files.values()].filter((it) => it.state === "refused");
  return refused.sort((a, b) => (a.captured_at < b.captured_at ? -1 : 1));
}

/** The file, to be sent once more from its beginning. */
export function sentAnew(file: OwnFile): OwnFile {
  return { ...file, state: "waiting", why: null, upload: null, done_at: null };
}

/** The attachments that a set makes. */
export function madeIn(set: OwnSet): string[] {
  const made = set.content?.changes ?? [];
  return made.filter((it) => it.op === "create" && it.type === "attachment").map((it) => it.id);
}

/** Every file that is done with goes out again: a restored server may have lost it. */
export function offeredAgain(files: Files): OwnFile[] {
  return [...files.values()]
    .filter((it) => it.state !== "waiting" || it.upload !== null)
    .map((it) => ({
      ...it,
      state: "waiting",
      why: null,
      upload: null,
      asked: true,
      done_at: null,
    }));
}
