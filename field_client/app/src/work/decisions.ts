// What a user decides: how a conflict ends, how a rejected set is mended or given up (protocol, section 5).

import type { Fields, Json } from "../schemas/declare.ts";
import type { Change } from "../schemas/messages.ts";
import { jsonEqual } from "../schemas/values.ts";
import { type Chosen, resolution } from "../sync/choices.ts";
import { madeIn, sentAnew } from "../sync/files.ts";
import type { View } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import { conflictsOf } from "../sync/sets.ts";
import { type Action, openRecord, perform } from "./action.ts";
import { stateOf } from "./attention.ts";
import type { Book } from "./book.ts";
import { type Desk, typeOf } from "./desk.ts";
import { NotPossibleError } from "./faults.ts";
import { laterWork } from "./own_work.ts";

export type Way = "keep" | "other" | "custom" | "both_count";

export interface Choice {
  readonly way: Way;
  readonly chosen?: Chosen | null;
  readonly value?: Json;
  readonly comment?: string | null;
}

/** One side of a conflict: a value, who wrote it, on which device, under which number, when. */
export interface Entry {
  readonly value: Json;
  readonly by: string | null;
  readonly device: string | null;
  readonly number: number | null;
  readonly made_at: string | null;
}

export function keptOf(conflict: View): Entry {
  return conflict.fields.kept as unknown as Entry;
}

export function othersOf(conflict: View): readonly Entry[] {
  return (conflict.fields.others ?? []) as unknown as readonly Entry[];
}

/** Whether this user wrote a side of a sensitive field: someone else decides it then (rule SOD-8). */
export function isForSomeoneElse(desk: Desk, conflict: View): boolean {
  if (conflict.fields.sensitive !== true) return false;
  const me = desk.store.meta.user.id;
  return [keptOf(conflict), ...othersOf(conflict)].some((it) => it.by === me);
}

/** Settle a conflict: its own update and, unless it keeps, the write to the record, as one set. */
export async function resolve(desk: Desk, conflict: View, choice: Choice): Promise<OwnSet> {
  check(desk, conflict, choice);
  const built = changesOf(desk, conflict, choice);
  const saved = await perform(desk, "resolve", async (action) => {
    // The write comes first: the conflict closes over it.
    for (const change of built.filter((it) => it.type !== "conflict")) await write(action, change);
    for (const change of built.filter((it) => it.type === "conflict")) await write(action, change);
  });
  if (saved === null) throw new NotPossibleError("nothing-changed");
  return saved;
}

function changesOf(desk: Desk, conflict: View, choice: Choice): readonly Change[] {
  const built = resolution(desk.registry, conflict, {
    way: choice.way,
    chosen: choice.chosen ?? null,
    value: choice.value ?? null,
    comment: choice.comment ?? null,
  });
  if (built === null) throw new NotPossibleError("which-value");
  return built;
}

async function write(action: Action, change: Change): Promise<void> {
  const opened = await openRecord(action.desk, change.type, change.customer, change.id);
  if (change.op === "delete") action.delete(opened.view, change.reason ?? "");
  else await action.update(opened, change.set ?? {}, true);
}

function check(desk: Desk, conflict: View, { way, comment }: Choice): void {
  if (conflict.fields.status !== "open") throw new NotPossibleError("already-settled");
  if (isForSomeoneElse(desk, conflict)) throw new NotPossibleError("sod-8");
  const delicate = way === "custom" || conflict.fields.sensitive === true;
  if (delicate && !comment?.trim()) throw new NotPossibleError("comment-needed");
}

// ----------------------------------------------------------------------------------- rejected sets

/**
 * Send a rejected set again as a new one, with `values` by record id in place of what did not fit.
 *
 * A value that is put back to what stands is left out. The new set is made `over` the rejected one
 * where nothing newer stands between, so that what others wrote meanwhile meets the words that were
 * typed, not only the mended ones. `draft`: the form in which it was done, which ends with it.
 */
export async function mend(
  desk: Desk,
  old: OwnSet,
  values: Readonly<Record<string, Fields>>,
  draft: string | null = null,
): Promise<OwnSet> {
  if (old.result?.status !== "rejected" || old.settled !== null || old.content === null) {
    throw new NotPossibleError("no-such-set");
  }
  const changes = old.content.changes;
  const saved = await perform(desk, "mend", async (action) => {
    for (const change of changes) await again(action, old, change, values[change.id] ?? {});
    if (action.changes.length === 0) throw new NotPossibleError("nothing-left");
    const drop_drafts = draft === null ? [] : [draft];
    action.also = { sets: [{ ...old, settled: "mended" }], drop_drafts };
  });
  if (saved === null) throw new NotPossibleError("nothing-left");
  return saved;
}

async function again(action: Action, old: OwnSet, change: Change, values: Fields): Promise<void> {
  const { desk } = action;
  const fields = { ...change.set, ...values };
  if (change.op === "create") {
    action.create(change.type, change.customer, fields, change.id);
    return;
  }
  const opened = await openRecord(desk, change.type, change.customer, change.id);
  if (change.op === "delete") {
    action.delete(opened.view, change.reason ?? "");
    return;
  }
  const stands = opened.view.fields;
  const kept = Object.fromEntries(
    Object.entries(fields).filter(
      ([path, value]) => !(path in values) || !jsonEqual(stands[path] ?? null, value),
    ),
  );
  const declared = typeOf(desk, change.type);
  const newest: Record<string, number> = { ...opened.newest };
  const since = await laterWork(desk, opened.view, old.seq);
  for (const unit of new Set(Object.keys(kept).map((it) => declared.unit(it)))) {
    if (unit in newest || old.device !== desk.store.meta.device) continue;
    if (unit in since)
      action.goBackTo(old); // typed on what stood there
    else newest[unit] = old.seq;
  }
  await action.update({ view: opened.view, newest }, kept, true);
}

/**
 * Give a rejected set up; a conflict that its user cannot see any more counts as seen.
 *
 * The server keeps it in quarantine all the same.
 */
export function discard(desk: Desk, book: Book, set: OwnSet): Promise<void> {
  return desk.store.exclusive(async () => {
    const now = desk.store.sets.find((it) => it.seq === set.seq);
    if (now === undefined || stateOf(book, now) !== "needs_attention") {
      throw new NotPossibleError("no-such-set");
    }
    if (conflictsOf(now).some((it) => book.isKnownConflict(it))) {
      throw new NotPossibleError("settle-conflict");
    }
    await desk.store.commit({
      sets: [{ ...now, settled: "discarded" }],
      drop_files: madeIn(now).filter((it) => desk.store.files.has(it)),
    });
  });
}

/** Send a file that was refused once more, from its beginning. */
export function sendFileAgain(desk: Desk, id: string): Promise<void> {
  return desk.store.exclusive(async () => {
    const file = desk.store.files.get(id);
    if (file?.state !== "refused") throw new NotPossibleError("no-such-set");
    await desk.store.commit({ files: [sentAnew(file)] });
  });
}

/** Let go of a file that was refused; its record stays, and says at the branch that no file came. */
export function letGoOfFile(desk: Desk, id: string): Promise<void> {
  return desk.store.exclusive(async () => {
    if (desk.store.files.get(id)?.state !== "refused") throw new NotPossibleError("no-such-set");
    await desk.store.commit({ drop_files: [id] });
  });
}
