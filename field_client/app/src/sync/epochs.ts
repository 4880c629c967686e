// When numbers no longer fit: a store copied or restored, a server restored (protocol.md, section 8).

import type { ChangeSet } from "../schemas/messages.ts";
import type { Store, Work } from "../store/store.ts";
import { format, parse } from "./clock.ts";
import { renumber } from "./rebase.ts";
import { noTokens } from "./session.ts";
import { isUnanswered, type OwnSet, standIn } from "./sets.ts";

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
  const next = becomeNewDevice(store, device);
  const moved = new Set(next.sets.map((it) => it.seq));
  const before = store.sets.filter((it) => moved.has(it.seq));
  const kept = answered.filter((it) => !moved.has(it.seq) || it.state === "answered");
  await sealed.add(next.sets); // first: no set is ever without its copy
  await store.commit({ ...next, sets: [...next.sets, ...kept] });
  await sealed.drop(before);
}

/** What is pending gets new numbers and keeps its ids and contents. */
function becomeNewDevice(store: Store, device: string): Work & { sets: readonly OwnSet[] } {
  const stale = store.sets.filter(
    (it) => it.device === store.meta.device && (isUnanswered(it) || it.result?.status === "held"),
  );
  const moved = new Map(stale.map((it, at) => [it.number, at + 1]));
  const sets = stale.map((it, at): OwnSet => {
    const old: ChangeSet = it.content ?? standIn(it, "unreadable");
    const content = renumber(old, at + 1, moved, (stamp) => restamped(stamp, device));
    return { ...it, device, number: at + 1, content, state: "ready", result: null };
  });
  return { ...START_OVER, meta: { ...START_OVER.meta, ...noTokens, device }, sets };
}

function restamped(stamp: string, device: string): string {
  const found = parse(stamp);
  return found === null ? stamp : format({ ...found, device });
}

/** Offer a restored server everything that it has lost, and fetch its records anew. */
export async function beginEpoch(store: Store, epoch: string, knownThrough: number): Promise<Work> {
  const sets = await offeredAgain(store, knownThrough);
  return { ...START_OVER, meta: { ...START_OVER.meta, epoch }, sets };
}

/** Every set above a number goes out again: the server has lost its results. */
export async function offeredAgain(store: Store, above: number): Promise<OwnSet[]> {
  const sets = await store.setsAbove(above);
  return sets.map((it) => ({ ...it, state: "sent", result: null, covered: false }));
}
