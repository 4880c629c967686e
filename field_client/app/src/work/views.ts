// What the user sees of records: the server copy with pending sets on top (protocol.md, section 2).

import type { Json } from "../schemas/declare.ts";
import type { Registry } from "../schemas/registry.ts";
import { bundleKey } from "../store/bundles.ts";
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
  const pending = pendingIn(store, key);
  const found: View[] = [];
  for (const it of held) {
    const shown = view(it, pending.get(it.id) ?? [], registry);
    pending.delete(it.id);
    if (shown && !shown.removed) found.push(shown);
  }
  for (const changes of pending.values()) {
    const shown = view(null, changes, registry);
    if (shown && !shown.removed) found.push(shown);
  }
  return found;
}

/** The pending changes to the records of one bundle, by record. */
function pendingIn(store: Store, key: string): Map<string, Pending[]> {
  const found = new Map<string, Pending[]>();
  for (const set of store.sets) {
    if (!isUncovered(set)) continue;
    for (const change of set.content?.changes ?? []) {
      if (bundleKey(change.customer, change.type) !== key) continue;
      const one = { number: set.number, change, seen: set.seen[change.id] ?? {} };
      found.set(change.id, [...(found.get(change.id) ?? []), one]);
    }
  }
  return found;
}

/** All records under a customer (or of a type without one) as the user sees them. */
export async function recordsOf(store: Store, registry: Registry, key: string): Promise<View[]> {
  return viewsOver(store, registry, key, await store.bundle(key));
}

/** One record as its user sees it, also one that he has removed; null: nothing to show. */
export async function recordOf(
  store: Store,
  registry: Registry,
  key: string,
  id: string,
): Promise<View | null> {
  const held = (await store.bundle(key)).find((it) => it.id === id) ?? null;
  return view(held, store.pendingOf(id), registry);
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
