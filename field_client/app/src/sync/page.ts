// Pages of an answer as they become part of the server copy: each record on its bundle, in order.

import type { Registry } from "../schemas/registry.ts";
import { bundleKey } from "../store/bundles.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import { fold, type Held, type Step } from "./rebase.ts";
import { isUncovered, type OwnSet } from "./sets.ts";

const NOTHING: ReadonlyMap<string, readonly Held[]> = new Map();

/** The bundles as the steps leave them. */
export async function applied(
  store: Store,
  registry: Registry,
  run: readonly Step[],
  anew: boolean,
  sets: readonly OwnSet[] = [],
): Promise<Work> {
  const stored = anew ? NOTHING : await store.bundles(new Set(run.map(bundleOf)));
  const bundles = new Map<string, Map<string, Held>>();
  const load = (key: string): Map<string, Held> => {
    const known = bundles.get(key);
    if (known) return known;
    const held = byId(stored.get(key) ?? []);
    bundles.set(key, held);
    return held;
  };
  const pending = pendingAfter(store, sets);
  for (const step of run) {
    if (step.kind === "drop") {
      load(step.customer).clear();
      continue;
    }
    const { id } = step.kind === "own" ? step.change : step.record;
    const held = load(bundleOf(step));
    // The rest of such a record was lost here: the digest tells, and a repair brings it whole.
    if (step.kind === "sent" && step.record.whole === false && !held.has(id)) continue;
    const after = fold(held.get(id) ?? null, step, registry);
    if (after === null) continue;
    if (after.gone && !pending.has(id)) held.delete(id);
    else held.set(id, after);
  }
  for (const [key, held] of await withoutTombstones(store, pending, bundles, anew)) {
    bundles.set(key, held);
  }
  const whole = [...bundles].map(([key, held]) => [key, [...held.values()]] as const);
  return { clear_copy: anew, bundles: new Map(whole) };
}

/** The records that own work is still on top of, once `sets` are stored. */
export function pendingAfter(store: Store, sets: readonly OwnSet[]): Set<string> {
  const changed = new Map(sets.map((it) => [it.seq, it]));
  const now = store.sets.map((it) => changed.get(it.seq) ?? it).filter(isUncovered);
  return new Set(now.flatMap((it) => it.content?.changes ?? []).map((it) => it.id));
}

/** Tombstones kept for own work go when that work is covered. */
async function withoutTombstones(
  store: Store,
  pending: ReadonlySet<string>,
  bundles: ReadonlyMap<string, Map<string, Held>>,
  anew: boolean,
): Promise<Map<string, Map<string, Held>>> {
  const found = new Map<string, Map<string, Held>>();
  if (anew) return found;
  const touched = store.sets.filter(isUncovered).flatMap((it) => it.content?.changes ?? []);
  for (const { customer, type } of touched) {
    const key = bundleKey(customer, type);
    const held = bundles.get(key) ?? byId(await store.bundle(key));
    const gone = [...held.values()].filter((it) => it.gone && !pending.has(it.id));
    if (gone.length === 0) continue;
    for (const it of gone) held.delete(it.id);
    found.set(key, held);
  }
  return found;
}

/** Whether prices come after loans: cards that were made without them are made anew. */
export function bringsPrices(store: Store, { bundles, clear_copy }: Work): boolean {
  const before = clear_copy !== true && store.hasCustomers();
  return before && bundles?.has(":product") === true;
}

function bundleOf(step: Step): string {
  if (step.kind === "drop") return step.customer;
  const { customer, type } = step.kind === "own" ? step.change : step.record;
  return bundleKey(customer, type);
}

function byId(held: readonly Held[]): Map<string, Held> {
  return new Map(held.map((it) => [it.id, it]));
}
