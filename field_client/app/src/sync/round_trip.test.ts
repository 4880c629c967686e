// One sync against a server in memory: which version it speaks, and what follows where digests differ.

import { beforeEach, describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { ChangeSet, SentRecord } from "../schemas/messages.ts";
import { Registry } from "../schemas/registry.ts";
import { type Meta, newMeta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import { bucket, bucketSums, digestOf, sumText, type Versioned } from "./digest.ts";
import type { Held } from "./rebase.ts";
import { type Report, roundTrip } from "./round_trip.ts";
import type { OwnSet } from "./sets.ts";
import { ProblemError } from "./transport.ts";

const DEVICE = "01990000-0000-7000-8000-0000000000d1";
const CHEN = "01990000-0000-7000-8000-0000000000c1";
const RICE = "01990000-0000-7000-8000-0000000000f1";
const LI = { id: DEVICE, username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = "2026-06-16T01:00:00.000Z";

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** A server that knows two records. */
class Server {
  readonly asked: Asked[] = [];
  readonly records: SentRecord[] = [
    record("customer", CHEN, CHEN, { phone: "13800000000" }),
    record("product", RICE, null, { name: "农户贷" }),
  ];
  repairs = true;
  wrongDigests = 0;
  refusal: ProblemError | null = null;

  readonly post = async (path: string, sent: unknown): Promise<unknown> => {
    const body = JSON.parse(JSON.stringify(sent)) as Record<string, unknown>;
    this.asked.push({ path, body });
    if (path.endsWith("/repair")) return this.repaired(body);
    if (this.refusal) throw this.refusal;
    const sums = digestOf(this.versions());
    this.wrongDigests -= 1;
    return {
      server_time: NOW,
      epoch: "e1",
      known_through: (body.sets as ChangeSet[]).at(-1)?.number ?? 0,
      results: (body.sets as ChangeSet[]).map(({ number }) => ({
        number,
        status: "merged",
        repeated: false,
        changes: [],
      })),
      left: [],
      records: body.cursor === null ? this.records : [],
      cursor: "c1",
      position: 9,
      more: false,
      digest: {
        records: sums.records + (this.wrongDigests >= 0 ? 1 : 0),
        sum: sumText(sums.sum),
      },
    };
  };

  private versions(): Versioned[] {
    return this.records.map((it) => [it.id, it.version] as const);
  }

  private repaired(body: Record<string, unknown>): unknown {
    if (!this.repairs) throw new ProblemError(404, { type: "/problems/not-found" }, null);
    const sums = bucketSums(this.versions());
    const theirs = body.buckets as readonly string[];
    const differing = sums.flatMap((sum, at) => (sum === theirs[at] ? [] : [at]));
    const within = (at: number) => this.records.filter((it) => bucket(it.id) === at);
    return {
      buckets: differing.map((at) => ({
        bucket: at,
        held: within(at).map((it) => [it.id, it.version]),
      })),
      records: differing.flatMap(within),
      more: false,
    };
  }
}

function record(
  type: string,
  id: string,
  customer: string | null,
  set: Record<string, string>,
): SentRecord {
  return { type, id, customer, version: 5, whole: true, set };
}

/** As much of a store as a round trip uses, in memory. */
class Memory {
  meta: Meta = { ...newMeta(DEVICE, "T", LI, "", "e1"), access_token: "a", refresh_token: "r" };
  sets: OwnSet[] = [];
  readonly drafts = new Map();
  readonly files = new Map();
  readonly isCopyDamaged = false;
  readonly incidents: string[] = [];
  readonly copy = new Map<string, readonly Held[]>();

  get lastNumber(): number {
    return this.sets.at(-1)?.number ?? 0;
  }

  get held(): Held[] {
    return [...this.copy.values()].flat();
  }

  readonly exclusive = <T>(change: () => Promise<T>) => change();
  readonly bundles = async (keys: Iterable<string>) =>
    new Map([...keys].map((key) => [key, this.copy.get(key) ?? []]));
  readonly bundle = async (key: string) => this.copy.get(key) ?? [];
  readonly bundleKeys = async () => [...this.copy.keys()];
  readonly hasCustomers = () => this.copy.has(CHEN);
  readonly staged = async () => [];
  readonly settleCards = async () => undefined;
  readonly answeredBefore = async () => [];
  readonly digest = () => digestOf(this.held.map((it) => [it.id, it.version] as const));
  readonly commit = async (work: Work) => {
    this.meta = { ...this.meta, ...work.meta };
    if (work.clear_copy) this.copy.clear();
    for (const [key, held] of work.bundles ?? []) this.copy.set(key, held);
    const changed = new Map(work.sets?.map((it) => [it.seq, it]));
    this.sets = this.sets.map((it) => changed.get(it.seq) ?? it);
    if (work.incident) this.incidents.push(work.incident.kind);
  };
}

let server: Server;
let store: Memory;

function sync(schema = SCHEMA): Promise<Report> {
  return roundTrip({
    store: store as unknown as Store,
    registry: new Registry(TYPES, schema),
    transport: server,
    now: () => new Date(NOW),
    newId: () => DEVICE,
    attention: () => 0,
    sealed: { add: async () => undefined, drop: async () => undefined },
    progress: () => undefined,
  });
}

function ownSet(number: number, schema: number): OwnSet {
  const change = { op: "update", type: "customer", id: CHEN, customer: CHEN } as const;
  const named = { number, id: `set-${number}`, epoch: "e1", base: 9, action: "edit", made_at: NOW };
  const content = { ...named, schema, changes: [{ ...change, set: { phone: "13900000001" } }] };
  return {
    ...named,
    seq: number,
    device: DEVICE,
    content,
    seen: {},
    state: "ready",
    result: null,
    answered_at: null,
    covered: false,
    settled: null,
    mended_by: null,
    stand_in: null,
  };
}

const paths = () => server.asked.map((it) => it.path.replace("/api/v1/", ""));
const cursors = () =>
  server.asked.filter((it) => !it.path.endsWith("/repair")).map((it) => it.body.cursor);

beforeEach(async () => {
  server = new Server();
  store = new Memory();
  await sync();
  server.asked.length = 0;
});

describe("the version of the record types", () => {
  it("is said in every request, and a set goes out with the one in which it was made", async () => {
    const before = ownSet(1, SCHEMA - 1);
    store.sets = [before, ownSet(2, SCHEMA)];

    await sync();

    const [request] = server.asked;
    expect(request?.body.schema).toBe(SCHEMA);
    expect(request?.body.cursor).toBe("c1");
    const sent = request?.body.sets as ChangeSet[];
    expect(sent.map((it) => it.schema)).toEqual([SCHEMA - 1, SCHEMA]);
    expect(sent[0]).toEqual(before.content);
  });

  it("that is no longer spoken costs no work: results are taken, the user is told", async () => {
    store.sets = [ownSet(1, 1)];
    const results = [{ number: 1, status: "applied", repeated: false, changes: [] }];
    const told = { type: "/problems/upgrade-needed", results, known_through: 1 };
    server.refusal = new ProblemError(426, told, null);

    await expect(sync(1)).rejects.toThrow("upgrade-needed");

    expect(store.sets.map((it) => [it.state, it.result?.status])).toEqual([
      ["answered", "applied"],
    ]);
    expect(store.meta.caught_up).toBe(false);
    expect(store.meta.cursor).toBe("c1");
  });
});

describe("a copy whose digest differs", () => {
  const spoil: Record<string, () => void> = {
    "lacks a record": () => store.copy.delete(CHEN),
    "has an old record": () =>
      store.copy.set(
        CHEN,
        store.held.filter((it) => it.id === CHEN).map((it) => ({ ...it, version: 1 })),
      ),
    "has lost everything": () => store.copy.clear(),
    "has a record of nobody": () =>
      store.copy.set(":org_unit", [
        { type: "org_unit", id: DEVICE, customer: null, version: 1, fields: {}, gone: false },
      ]),
  };

  it.each(Object.keys(spoil))("because it %s is repaired, and noted", async (what) => {
    spoil[what]?.();

    const report = await sync();

    expect(paths()).toEqual(["sync", "sync/repair", "sync"]);
    expect(cursors()).toEqual(["c1", "c1"]);
    expect(report.requests).toBe(3);
    expect(store.incidents).toEqual(["digest-mismatch"]);
    expect(store.held.map((it) => it.id).sort()).toEqual([CHEN, RICE]);
    expect(store.meta.caught_up).toBe(true);
  });

  it("is fetched anew where there is no repair", async () => {
    store.copy.clear();
    server.repairs = false;

    await sync();

    expect(paths()).toEqual(["sync", "sync/repair", "sync"]);
    expect(cursors()).toEqual(["c1", null]);
    expect(store.held).toHaveLength(2);
    expect(store.meta.caught_up).toBe(true);
  });

  it("is fetched anew where the repair did not help, and then let be", async () => {
    server.wrongDigests = 10;

    await sync();

    expect(cursors()).toEqual(["c1", "c1", null]);
    expect(store.incidents).toEqual(Array(3).fill("digest-mismatch"));
    expect(store.meta.caught_up).toBe(false);
  });

  it("keeps what waits to be sent", async () => {
    store.sets = [{ ...ownSet(1, SCHEMA), state: "answered", covered: false }];
    const [before] = store.sets;
    store.copy.clear();

    await sync();

    expect(store.sets.map((it) => it.content)).toEqual([before?.content]);
  });

  it("does not take the change of a record that it lost for the record", async () => {
    store.copy.delete(CHEN);
    const { post } = server;
    const delta = { ...record("customer", CHEN, CHEN, { phone: "1" }), whole: false };
    let asked = 0;
    const transport = {
      post: async (path: string, body: unknown) => {
        const answer = (await post(path, body)) as Record<string, unknown>;
        asked += 1;
        return asked === 1 ? { ...answer, records: [delta] } : answer;
      },
    };
    Object.assign(server, transport);

    await sync();

    expect(store.copy.get(CHEN)?.map((it) => it.fields)).toEqual([{ phone: "13800000000" }]);
  });
});

describe("a first bootstrap", () => {
  const page = (position: number, more: boolean, records: SentRecord[]) => ({
    position,
    more,
    records,
  });
  const [chen, rice] = [
    record("customer", CHEN, CHEN, { phone: "13800000000" }),
    record("product", RICE, null, { name: "农户贷" }),
  ];

  /** Sync from nothing, with these pages; tell after each what is in the copy, and where it stands. */
  async function pages(...coming: ReturnType<typeof page>[]): Promise<unknown[]> {
    store = new Memory();
    const seen: unknown[] = [];
    const { post } = server;
    const answers = coming.map((it, at) => ({ ...it, cursor: `c${at + 1}` }));
    const withPage = async (path: string, body: unknown) => {
      if (seen.length > 0) seen.push(store.held.map((it) => it.id));
      else seen.push([]);
      const answer = (await post(path, body)) as Record<string, unknown>;
      return { ...answer, ...answers.shift() };
    };
    Object.assign(server, { post: withPage });
    await sync();
    return [...seen.slice(1), store.held.map((it) => it.id)];
  }

  it("whose run begins anew starts over with an empty copy", async () => {
    const copies = await pages(
      page(9, true, [chen]),
      page(12, true, [rice]),
      page(12, true, [rice]),
      page(12, false, [chen]),
    );

    expect(copies).toEqual([[CHEN], [CHEN], [RICE], [RICE, CHEN]]);
    expect(cursors()).toEqual([null, "c1", null, "c3"]);
  });

  it("goes on where its run does", async () => {
    const copies = await pages(page(9, true, [chen]), page(9, true, []), page(9, false, [rice]));

    expect(copies).toEqual([[CHEN], [CHEN], [CHEN, RICE]]);
    expect(cursors()).toEqual([null, "c1", "c2"]);
  });
});
