// Where the digests differ: the copy's sums by bucket go out, what the server holds comes in
// (protocol.md, section 8). Own sets are left alone.

import type { SentRecord } from "../schemas/messages.ts";
import { BucketSums, bucket } from "./digest.ts";
import type { Held } from "./rebase.ts";

/** The answer of `POST /api/v1/sync/repair`. */
export interface Repair {
  readonly buckets: readonly {
    readonly bucket: number;
    readonly held: readonly (readonly [id: string, version: number])[];
  }[];
  readonly records: readonly SentRecord[];
  readonly more: boolean;
}

type Bundles = ReadonlyMap<string, readonly Held[]>;

/** The server copy, as far as a repair has to do with it. */
export interface Copy {
  readonly keys: () => Promise<readonly string[]>;
  readonly bundles: (keys: readonly string[]) => Promise<Bundles>;
  readonly keyOf: (customer: string | null, type: string) => string;
  /** Own work without a result is on top of the record. */
  readonly isPending: (id: string) => boolean;
  /** Store the new content of bundles, in one commit. */
  readonly replace: (bundles: Bundles) => Promise<void>;
  /** Let nobody else change the store meanwhile. */
  readonly alone: <T>(change: () => Promise<T>) => Promise<T>;
}

/** More than there are buckets, of which every answer holds one at least. */
const MOST_CALLS = 300;
/** How many bundles are read at a time. */
const AT_ONCE = 256;

/** Make the copy equal to the server's; tells whether it came to an end. */
export async function repair(
  copy: Copy,
  ask: (body: { buckets: readonly string[]; continued: boolean }) => Promise<Repair>,
): Promise<boolean> {
  for (let call = 0; call < MOST_CALLS; call += 1) {
    const buckets = await copy.alone(() => sumsOf(copy));
    const answer = await ask({ buckets, continued: call > 0 });
    await copy.alone(() => mend(copy, answer));
    if (!answer.more) return true;
  }
  return false;
}

async function sumsOf(copy: Copy): Promise<string[]> {
  const sums = new BucketSums();
  for await (const [, held] of everything(copy)) {
    for (const it of held) if (!it.gone) sums.add(it.id, it.version);
  }
  return sums.texts();
}

/** Drop what the server does not hold in the buckets that it names, and take its records over. */
async function mend(copy: Copy, { buckets, records }: Repair): Promise<void> {
  const there = new Map(
    buckets.map((it) => [it.bucket, new Set(it.held.map(([id]) => id))] as const),
  );
  const changed = new Map<string, Map<string, Held>>();
  for await (const [key, held] of everything(copy)) {
    const lost = held.filter((it) => !it.gone && there.get(bucket(it.id))?.has(it.id) === false);
    if (lost.length === 0) continue;
    const left = byId(held);
    for (const it of lost) {
      if (copy.isPending(it.id)) left.set(it.id, { ...it, gone: true });
      else left.delete(it.id);
    }
    changed.set(key, left);
  }
  const keys = new Set(records.map((it) => copy.keyOf(it.customer, it.type)));
  const unread = [...keys].filter((it) => !changed.has(it));
  for (const [key, held] of await copy.bundles(unread)) changed.set(key, byId(held));
  for (const { type, id, customer, version, set } of records) {
    const key = copy.keyOf(customer, type);
    const held = changed.get(key) ?? new Map<string, Held>();
    held.set(id, { type, id, customer, version, fields: set ?? {}, gone: false });
    changed.set(key, held);
  }
  const whole = [...changed].map(([key, held]) => [key, [...held.values()]] as const);
  if (whole.length > 0) await copy.replace(new Map(whole));
}

async function* everything(copy: Copy): AsyncIterable<[string, readonly Held[]]> {
  const keys = await copy.keys();
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    yield* await copy.bundles(keys.slice(at, at + AT_ONCE));
  }
}

function byId(held: readonly Held[]): Map<string, Held> {
  return new Map(held.map((it) => [it.id, it]));
}
