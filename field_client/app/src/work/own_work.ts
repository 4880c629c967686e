// Own sets beneath a form: which it showed, which came later, and how the set that it becomes names them.
//
// A form knows them by their places in the store (`seq`): numbers change when the store goes on as
// another device.

import type { RecordType } from "../schemas/registry.ts";
import { type Base, viewOf } from "../store/meta.ts";
import { newestOwn, type View } from "../sync/rebase.ts";
import { changesOf, isUncovered } from "../sync/sets.ts";
import { type Desk, typeOf } from "./desk.ts";

/** By unit, the `seq` of an own set. */
export type Newest = Readonly<Record<string, number>>;

/** The newest own sets whose values the view of a record shows, of those that an `over` may name. */
export function newestShown({ store }: Pick<Desk, "store">, type: RecordType, id: string): Newest {
  const { device } = store.meta;
  const mine = store.sets.filter((it) => it.device === device);
  const seqs = new Map(mine.map((it) => [it.number, it.seq]));
  return mapped(newestOwn(type, store.pendingOf(id, device)), seqs);
}

/**
 * The view that the user has of a record.
 *
 * In a first bootstrap that had to begin again, an own record that has not come yet is shown as its
 * sets were made, and not as it is at the head of this run.
 */
export function baseOf({ store }: Pick<Desk, "store">, { id, version }: View): Base {
  const view = viewOf(store.meta);
  if (store.meta.whole || version > 0) return view;
  const isOf = (it: { readonly id: string }) => it.id === id;
  const sets = store.sets.filter((it) => isUncovered(it) && changesOf(it).some(isOf));
  const known = sets.flatMap((it) =>
    it.epoch === view.epoch || it.epoch === null
      ? [it.base]
      : (it.result?.changes ?? []).filter(isOf).map((one) => one.version),
  );
  return { ...view, base: Math.min(view.base, ...known) };
}

/** The numbers that they have now; none of those that an earlier device sent. */
export async function numbersOf(
  { store }: Pick<Desk, "store">,
  newest: Newest,
): Promise<Readonly<Record<string, number>>> {
  const seqs = Object.values(newest);
  return seqs.length === 0 ? {} : mapped(newest, await store.numbersOf(seqs));
}

/** The newest own sets made later than one (`after`, its `seq`) that set a record and were not rejected. */
export async function laterWork(
  desk: Desk,
  view: Pick<View, "id" | "type">,
  after: number,
): Promise<Newest> {
  const declared = typeOf(desk, view.type);
  const found: Record<string, number> = {};
  if (desk.store.nextSeq() <= after + 1) return found;
  for (const set of await desk.store.setsMadeAfter(after)) {
    if (set.result?.status === "rejected") continue;
    for (const change of set.content?.changes ?? []) {
      if (change.id !== view.id) continue;
      for (const path of Object.keys(change.set ?? {})) found[declared.unit(path)] = set.seq;
    }
  }
  return found;
}

function mapped(from: Newest, by: ReadonlyMap<number, number>): Newest {
  const found = Object.entries(from).map(([unit, it]) => [unit, by.get(it)] as const);
  return Object.fromEntries(found.filter((it): it is [string, number] => it[1] !== undefined));
}
