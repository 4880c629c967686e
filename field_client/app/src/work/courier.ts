// Courier bundles: unsent work in a file that somebody else delivers (protocol.md, section 11).
//
// Each set is sealed to the branch anew, each bundle signed with the device's key. Whoever carries the
// file can neither read nor change it; results come with this tablet's own next sync.

import type { ChangeSet } from "../schemas/messages.ts";
import { seal } from "../store/seal.ts";
import { type SigningKey, sign } from "../store/signing.ts";
import type { Work } from "../store/work.ts";
import {
  BUNDLE_BYTES,
  BUNDLE_SETS,
  batch,
  isUnanswered,
  needsStandIn,
  type OwnSet,
} from "../sync/sets.ts";
import type { Desk } from "./desk.ts";

export const FORMAT = "xiangxin-courier";

interface Store {
  readonly meta: Desk["store"]["meta"];
  readonly sets: readonly OwnSet[];
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  commit(work: Work): Promise<void>;
}

/** Whether a courier could be given anything: something waits, and the branch knows the signature. */
export function canBeCarried(store: Pick<Store, "meta" | "sets">): boolean {
  return (store.meta.signing ?? null) !== null && waiting(store).length > 0;
}

/** The courier file of everything that waits, which counts as sent from now on; null: nothing waits. */
export function courierFile(
  store: Store,
  now: Date,
  mostBytes = BUNDLE_BYTES,
): Promise<string | null> {
  return store.exclusive(async () => {
    const { meta } = store;
    const key = meta.signing ?? null;
    const going: OwnSet[] = [];
    const bundles: object[] = [];
    let left = waiting(store);
    while (key !== null && left.length > 0) {
      const { sets, wire } = batch(left.slice(0, BUNDLE_SETS), undefined, mostBytes);
      going.push(...sets);
      bundles.push(await bundle(meta.device, meta.seal_key, key, wire));
      left = left.slice(sets.length);
    }
    if (bundles.length === 0) return null;
    const sent = going.map((it) => ({ ...it, state: "sent", stand_in: needsStandIn(it) }) as const);
    await store.commit({ sets: sent });
    return JSON.stringify({ format: FORMAT, version: 1, written_at: now.toISOString(), bundles });
  });
}

function waiting({ meta, sets }: Pick<Store, "meta" | "sets">): OwnSet[] {
  return sets.filter((it) => isUnanswered(it) && it.device === meta.device);
}

async function bundle(
  device: string,
  sealKey: string,
  key: SigningKey,
  wire: readonly ChangeSet[],
): Promise<object> {
  const sets = wire.map((it) => ({ number: it.number, sealed: sealed(it, sealKey) }));
  const signature = await sign(key, signedText(device, sets));
  return { device, sets, signature };
}

function sealed(set: ChangeSet, sealKey: string): string {
  return seal(new TextEncoder().encode(JSON.stringify(set)), sealKey);
}

/** What is signed: canonical JSON, whose members stand in the order of their names. */
export function signedText(
  device: string,
  sets: readonly { readonly number: number; readonly sealed: string }[],
): string {
  return JSON.stringify({
    device,
    sets: sets.map(({ number, sealed: box }) => ({ number, sealed: box })),
  });
}
