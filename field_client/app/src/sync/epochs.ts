// When numbers no longer fit: a store copied or restored, a server restored (protocol.md, section 8).

import type { ChangeSet } from "../schemas/messages.ts";
import { viewOf } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import { format, parse } from "./clock.ts";
import { offeredAgain as filesAgain } from "./files.ts";
import { renumber } from "./rebase.ts";
import { noTokens } from "./session.ts";
import { isUnanswered, needsStandIn, type OwnSet, outlivedBy, standIn } from "./sets.ts";

/** What makes the next run a bootstrap into a fresh copy; the old one is shown until the new is whole. */
export const START_OVER = {
  clear_stage: true,
  meta: { cursor: null, fresh: true, caught_up: false },
} as const satisfies Work;

/** The sealed copies of sets, which lie beside the store. */
export interface SealedCopies {
  /** Seal what goes by another number from now on. */
  readonly add: (sets: readonly OwnSet[]) => Promise<void>;
  /** Leave out what needs no copy any more. */
  readonly drop: (gone: readonly OwnSet[]) => Promise<void>;
}

/**
 * Go on as another device, in one commit with what else has come to be known of the own sets.
 *
 * The sign-in belonged to the old device, so the user signs in again.
 */
export async function goOnAsNewDevice(
  store: Store,
  device: string,
  sealed: SealedCopies,
  answered: readonly OwnSet[] = [],
): Promise<void> {
  await moveTo(store, device, sealed, store.sets.filter(isStale), { sets: answered });
}

function isStale(set: OwnSet): boolean {
  return isUnanswered(set) || set.result?.status === "held";
}

/** Give sets to another device, with what else is known: they get new numbers and keep ids and contents. */
async function moveTo(
  store: Store,
  device: string,
  sealed: SealedCopies,
  stale: readonly OwnSet[],
  also: Pick<Work, "sets" | "meta" | "files">,
): Promise<void> {
  const moved = new Map<string, Map<number, number>>();
  stale.forEach((it, at) => {
    moved.set(
      it.device,
      (moved.get(it.device) ?? new Map<number, number>()).set(it.number, at + 1),
    );
  });
  const sets = stale.map((it, at): OwnSet => {
    const numbers = moved.get(it.device) ?? new Map<number, number>();
    const old: ChangeSet = it.content ?? standIn(it, needsStandIn(it) ?? "unreadable");
    const content = renumber(old, at + 1, numbers, (stamp) => restamped(stamp, device));
    const mended_by = numbers.get(it.mended_by ?? 0) ?? null;
    return { ...it, device, number: at + 1, content, mended_by, state: "ready", result: null };
  });
  const seqs = new Set(sets.map((it) => it.seq));
  const kept = (also.sets ?? []).filter((it) => !seqs.has(it.seq) || it.state === "answered");
  const drafts = [...store.drafts.values()]; // those of an earlier version named sets by their numbers
  const meta = { ...START_OVER.meta, ...also.meta, ...noTokens, device };
  await sealed.add(sets); // first: no set is ever without its copy
  const { files = [] } = also;
  await store.commit({ ...START_OVER, meta, sets: [...sets, ...kept], drafts, files });
  await sealed.drop(stale);
}

function restamped(stamp: string, device: string): string {
  const found = parse(stamp);
  return found === null ? stamp : format({ ...found, device });
}

/** What a restored server says of itself. */
export interface Restored {
  readonly epoch: string;
  /** The last number that it knows of this device. */
  readonly knownThrough: number;
  /** The ids of the sets of this device that it holds. */
  readonly held: readonly string[];
}

/**
 * Offer a restored server everything that it has lost, and fetch its records anew.
 *
 * Where it knows a set of this device it knows all of those that this store was before (evicted, copied
 * or restored). Where it knows none, nothing tells what of theirs it still has: it all goes out once more,
 * ahead of the later ones, from a new device. Tells whether it is one: then the user signs in anew.
 */
export async function beginEpoch(
  store: Store,
  { epoch, knownThrough, held }: Restored,
  newId: () => string,
  sealed: SealedCopies,
): Promise<boolean> {
  const again = await offeredAgain(store, knownThrough);
  const sets = [...(await heldAgain(store, knownThrough, held)), ...again];
  const meta = { epoch, view_epoch: viewOf(store.meta).epoch };
  const files = filesAgain(store.files);
  const earlier = knownThrough > 0 ? [] : (await store.setsOfEarlierDevices()).map(openAgain);
  if (earlier.length === 0) {
    await store.commit({ ...START_OVER, meta: { ...START_OVER.meta, ...meta }, sets, files });
    return false;
  }
  const known = new Set(sets.map((it) => it.seq));
  const waiting = store.sets.filter(
    (it) => it.device === store.meta.device && isStale(it) && !known.has(it.seq),
  );
  const all = [...earlier, ...waiting, ...sets].sort((a, b) => a.seq - b.seq);
  await moveTo(store, newId(), sealed, all, { meta, files });
  return true;
}

/** The sets that a restored server holds: what became of them later is lost. */
async function heldAgain(
  store: Store,
  knownThrough: number,
  held: readonly string[],
): Promise<OwnSet[]> {
  if (held.length === 0) return [];
  const known = (await store.setsAbove(0)).filter((it) => it.number <= knownThrough);
  const ahead = known.filter((it) => it.covered && !held.includes(it.id));
  return known
    .filter((it) => held.includes(it.id))
    .map((it) => {
      const result = { number: it.number, status: "held", repeated: true } as const;
      return outlivedBy({ ...openAgain(it), result }, ahead);
    });
}

/** Every set above a number goes out again: the server has lost its results. */
export async function offeredAgain(store: Store, above: number): Promise<OwnSet[]> {
  return (await store.setsAbove(above)).map(openAgain);
}

/** As it was before its result: what later sets had said over it may be lost as well. */
function openAgain(set: OwnSet): OwnSet {
  return { ...set, state: "sent", result: null, covered: false, said: {} };
}
