// Forms that an earlier version kept: they named own sets by the numbers of the device as it was then.

import type { SetRows } from "./set_rows.ts";
import type { Draft } from "./work.ts";

export interface OldDraft extends Omit<Draft, "after_seq"> {
  /** The last number given when the form was opened; `newest` has numbers too. */
  readonly after: number;
}

/**
 * The same forms with the `seq` of each set, by which a form finds it whatever number it gets.
 *
 * They are so in memory, and on the disk once the numbers change: until then these tell as much.
 */
export async function withPlaces(
  drafts: readonly (Draft | OldDraft)[],
  rows: Pick<SetRows, "places">,
  device: string,
  lastSeq: number,
): Promise<Draft[]> {
  if (!drafts.some(isOld)) return drafts as Draft[];
  const places = await rows.places(device);
  return drafts.map((it) => (isOld(it) ? withPlace(it, places, lastSeq) : it));
}

function isOld(draft: Draft | OldDraft): draft is OldDraft {
  return !("after_seq" in draft);
}

function withPlace(
  { after, ...draft }: OldDraft,
  places: readonly (readonly [number, number])[],
  lastSeq: number,
): Draft {
  const [, next = lastSeq + 1] = places.find(([number]) => number > after) ?? [];
  const seqs = new Map(places);
  const newest = Object.entries(draft.newest).map(([unit, it]) => [unit, seqs.get(it)] as const);
  const known = newest.filter((it): it is [string, number] => it[1] !== undefined);
  return { ...draft, after_seq: next - 1, newest: Object.fromEntries(known) };
}
