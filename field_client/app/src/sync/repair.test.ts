import { describe, expect, it } from "vitest";
import type { SentRecord } from "../schemas/messages.ts";
import { bucket, bucketSums } from "./digest.ts";
import type { Held } from "./rebase.ts";
import { type Copy, type Repair, repair } from "./repair.ts";

const LIN = "01990000-0000-7000-8000-0000000000c1";
const PAGE = 4;

function idOf(place: number): string {
  return `01990000-0000-7000-8000-${(place * 2654435761).toString(16).padStart(12, "0").slice(-12)}`;
}

function held(place: number, version = 5): Held {
  const customer = place % 3 === 0 ? null : LIN;
  const type = place % 3 === 0 ? "product" : "visit";
  return { type, id: idOf(place), customer, version, fields: { place }, gone: false };
}

/** What a server holds, and what it was asked. */
class Server {
  readonly records = new Map<string, Held>();
  readonly asked: boolean[] = [];

  constructor(count: number) {
    for (let place = 1; place <= count; place += 1) this.put(held(place));
  }

  put(one: Held): void {
    this.records.set(one.id, one);
  }

  readonly answer = async (body: {
    buckets: readonly string[];
    continued: boolean;
  }): Promise<Repair> => {
    this.asked.push(body.continued);
    const all = [...this.records.values()];
    const sums = bucketSums(all.map((it) => [it.id, it.version] as const));
    const differing = sums.flatMap((sum, at) => (sum === body.buckets[at] ? [] : [at]));
    const sent = differing.slice(0, PAGE);
    const within = (at: number) => all.filter((it) => bucket(it.id) === at);
    return {
      buckets: sent.map((at) => ({
        bucket: at,
        held: within(at).map((it) => [it.id, it.version] as const),
      })),
      records: sent.flatMap(within).map(
        ({ type, id, customer, version, fields }): SentRecord => ({
          type,
          id,
          customer,
          version,
          whole: true,
          set: fields,
        }),
      ),
      more: differing.length > sent.length,
    };
  };
}

/** A server copy in memory. */
class Memory implements Copy {
  readonly stored = new Map<string, readonly Held[]>();
  readonly pending = new Set<string>();
  commits = 0;
  private isAlone = false;

  constructor(records: Iterable<Held>) {
    for (const it of records) this.put(it);
  }

  put(one: Held): void {
    const key = this.keyOf(one.customer, one.type);
    this.stored.set(key, [...(this.stored.get(key) ?? []).filter((it) => it.id !== one.id), one]);
  }

  drop(id: string): void {
    for (const [key, all] of this.stored) {
      this.stored.set(
        key,
        all.filter((it) => it.id !== id),
      );
    }
  }

  get live(): Map<string, Held> {
    const all = [...this.stored.values()].flat().filter((it) => !it.gone);
    return new Map(all.map((it) => [it.id, it]));
  }

  readonly keys = async () => [...this.stored.keys()];
  readonly bundles = async (keys: readonly string[]) =>
    new Map(keys.map((key) => [key, this.stored.get(key) ?? []]));
  readonly keyOf = (customer: string | null, type: string) => customer ?? `:${type}`;
  readonly isPending = (id: string) => this.pending.has(id);
  readonly replace = async (bundles: ReadonlyMap<string, readonly Held[]>) => {
    expect(this.isAlone).toBe(true);
    this.commits += 1;
    for (const [key, all] of bundles) this.stored.set(key, all);
  };
  readonly alone = async <T>(change: () => Promise<T>): Promise<T> => {
    expect(this.isAlone).toBe(false);
    this.isAlone = true;
    try {
      return await change();
    } finally {
      this.isAlone = false;
    }
  };
}

const DAMAGE: Record<string, (copy: Memory, place: number) => void> = {
  "a record is lost": (copy, place) => copy.drop(idOf(place)),
  "a record is old": (copy, place) => copy.put({ ...held(place), version: 4, fields: {} }),
  "a record is nobody's": (copy, place) => copy.put(held(place + 1000)),
};

describe("a repair", () => {
  it.each(Object.entries(DAMAGE))("where %s brings back the server's copy", async (_, damage) => {
    for (const count of [1, 3, 30]) {
      const server = new Server(40);
      const copy = new Memory(server.records.values());
      for (let at = 1; at <= count; at += 1) damage(copy, at);

      expect(await repair(copy, server.answer)).toBe(true);

      expect(copy.live).toEqual(server.records);
      expect(server.asked).toEqual(server.asked.map((_, at) => at > 0));
    }
  });

  it("brings everything where everything was lost, page by page", async () => {
    const server = new Server(40);
    const copy = new Memory([]);

    expect(await repair(copy, server.answer)).toBe(true);

    expect(copy.live).toEqual(server.records);
    expect(server.asked.length).toBeGreaterThan(5);
    expect(copy.commits).toBe(server.asked.length);
  });

  it("writes nothing where nothing differs", async () => {
    const server = new Server(40);
    const copy = new Memory(server.records.values());

    expect(await repair(copy, server.answer)).toBe(true);

    expect(copy.commits).toBe(0);
    expect(server.asked).toEqual([false]);
  });

  it("keeps a tombstone of what own work is still on top of", async () => {
    const server = new Server(40);
    const copy = new Memory(server.records.values());
    copy.put(held(1001));
    copy.pending.add(idOf(1001));

    await repair(copy, server.answer);

    const left = [...copy.stored.values()].flat().find((it) => it.id === idOf(1001));
    expect(left).toEqual({ ...held(1001), gone: true });
    expect(copy.live).toEqual(server.records);
  });

  it("is not gone on with for ever", async () => {
    const server = new Server(40);
    const copy = new Memory([]);
    const answer = async () => ({ buckets: [], records: [], more: true });

    expect(await repair(copy, answer)).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it("leaves to its caller what the link or the server says", async () => {
    const copy = new Memory(new Server(3).records.values());
    const before = new Map(copy.stored);

    await expect(repair(copy, () => Promise.reject(new Error("offline")))).rejects.toThrow(
      "offline",
    );

    expect(copy.stored).toEqual(before);
  });
});
