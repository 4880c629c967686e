// What an answer says of the tablet's own work: results, what the copy covers now, which customers were merged.

import type { Answer, SetResult } from "../schemas/messages.ts";
import type { Merged, Meta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { SealedCopies } from "./epochs.ts";
import { isUncovered, type OwnSet, outlivedBy } from "./sets.ts";

/** How long a set is kept after its result: no backup older than that is restored. */
const KEEP_MS = 35 * 86_400_000;

/** The sets to which an answer gives a result, with it. */
export function withResults(store: Store, results: readonly SetResult[], when: string): OwnSet[] {
  const { device } = store.meta;
  return results.flatMap((result): OwnSet[] => {
    const set = store.sets.find(
      (it) => it.number === result.number && it.device === device && it.state !== "answered",
    );
    if (set === undefined) return [];
    const final = result.status !== "held";
    const gone = result.errors?.some((it) => it.code === "withdrawn") ?? false; // nobody's to look at
    const settled = set.settled ?? (gone ? "discarded" : null);
    const state = final ? "answered" : "sent";
    return [{ ...set, result, state, settled, answered_at: final ? when : null }];
  });
}

/** Note that the server copy includes every set that has its result. */
export function covered(store: Store, answered: readonly OwnSet[]): OwnSet[] {
  const changed = new Map(answered.map((it) => [it.seq, it]));
  const now = store.sets.map((it) => changed.get(it.seq) ?? it);
  const covered = now.filter((it) => it.state === "answered" && !it.covered);
  for (const it of covered) changed.set(it.seq, { ...it, covered: true });
  const behind = now.filter((it) => isUncovered(it) && it.result?.status === "held");
  for (const it of behind) changed.set(it.seq, outlivedBy(changed.get(it.seq) ?? it, covered));
  return [...changed.values()];
}

/** Drop the contents of sets answered long ago, but for open ones. */
export async function forgetOldContents(
  store: Store,
  sealed: SealedCopies,
  serverTime: string,
): Promise<void> {
  const before = new Date(Date.parse(serverTime) - KEEP_MS).toISOString();
  const old = (await store.answeredBefore(before)).filter((it) => {
    const status = it.result?.status;
    return it.covered && (it.settled !== null || status === "applied" || status === "merged");
  });
  if (old.length === 0) return;
  await store.commit({ sets: old.map((it) => ({ ...it, content: null, seen: {} })) });
  await sealed.drop(old);
}

/** Which customers were merged: their duplicates leave with them, and are settled by that. */
export async function mergesIn(store: Store, { left }: Answer): Promise<Partial<Meta>> {
  const gone = left.filter((it) => it.reason === "merged");
  if (gone.length === 0) return {};
  const merged: Record<string, Merged> = { ...store.meta.merged };
  const held = await store.bundles(new Set(gone.map((it) => it.customer)));
  for (const { customer, survivor } of gone) {
    const twins = (held.get(customer) ?? []).filter((it) => it.fields.kind === "duplicate");
    const known = merged[customer]?.conflicts ?? [];
    const conflicts = [...new Set([...known, ...twins.map((it) => it.id)])];
    merged[customer] = { survivor: survivor ?? null, conflicts };
  }
  return { merged };
}
