// What the user sees of records: the server copy with pending sets on top (protocol.md, section 2).

import type { Json } from "../schemas/declare.ts";
import type { Registry } from "../schemas/registry.ts";
import { bundleKey, isOfCustomer } from "../store/bundles.ts";
import { knownAs } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import { type Held, type Pending, type View, view } from "../sync/rebase.ts";
import { isUncovered } from "../sync/sets.ts";

/** Lay the pending sets of this store over records of one bundle; what a user has removed is left out. */
export function viewsOver(
  store: Store,
  registry: Registry,
  key: string,
  held: readonly Held[],
): View[] {
  const pending = pendingIn(store, nowKey(store, key));
  const found: View[] = [];
  for (const it of held) {
    const shown = view(it, pending.get(it.id) ?? [], registry);
    pending.delete(it.id);
    if (shown && !shown.removed) found.push(shown);
  }
  for (const changes of pending.values()) {
    const shown = underSurvivor(store, view(null, changes, registry));
    if (shown && !shown.removed) found.push(shown);
  }
  return found;
}

/** The bundle of whom an absorbed customer was merged into; any other key as it is. */
function nowKey({ meta }: Store, key: string): string {
  return isOfCustomer(key) ? knownAs(meta, key) : key;
}

/** A record that only own work tells of, under the customer with whom it is found now. */
function underSurvivor({ meta }: Store, shown: View | null): View | null {
  if (shown === null || shown.customer === null) return shown;
  return { ...shown, customer: knownAs(meta, shown.customer) };
}

/** The pending changes to the records of one bundle, by record. */
function pendingIn(store: Store, key: string): Map<string, Pending[]> {
  const found = new Map<string, Pending[]>();
  for (const set of store.sets) {
    if (!isUncovered(set)) continue;
    for (const change of set.content?.changes ?? []) {
      if (nowKey(store, bundleKey(change.customer, change.type)) !== key) continue;
      const id = change.type === "customer" ? knownAs(store.meta, change.id) : change.id;
      if (id !== change.id && change.op === "create") continue; // the survivor is there already
      const one = { number: set.number, change, seen: set.seen[change.id] ?? {} };
      found.set(id, [...(found.get(id) ?? []), one]);
    }
  }
  return found;
}

/** All records under a customer (or of a type without one) as the user sees them. */
export async function recordsOf(store: Store, registry: Registry, key: string): Promise<View[]> {
  return viewsOver(store, registry, key, await store.bundle(nowKey(store, key)));
}

/** One record as its user sees it, also one that he has removed; null: nothing to show. */
export async function recordOf(
  store: Store,
  registry: Registry,
  key: string,
  id: string,
): Promise<View | null> {
  const now = nowKey(store, key);
  const known = key === id ? now : id;
  const held = (await store.bundle(now)).find((it) => it.id === known) ?? null;
  return underSurvivor(store, view(held, store.pendingOf(known), registry));
}

/** Reference records of a type: villages, people, products, checklists. */
export function referencesOf(store: Store, registry: Registry, type: string): View[] {
  return viewsOver(store, registry, `:${type}`, store.reference(type));
}

/** The words by which people recognise a record. */
export function titleOf(registry: Registry, one: View): string {
  const name = registry.get(one.type)?.doc.title_field;
  return text(name ? one.fields[name] : null) || one.id.slice(0, 8);
}

/** A text of a field, empty where there is none. */
export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A text of a field, null where there is none. */
export function textOr(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
