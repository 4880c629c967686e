// When numbers no longer fit: a server restored, a store copied, and both at once (protocol.md, section 8).

import { beforeEach, describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Change, ChangeSet, SetResult } from "../schemas/messages.ts";
import { Registry } from "../schemas/registry.ts";
import { type Meta, newMeta, viewOf } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Draft, Work } from "../store/work.ts";
import { digestOf, sumText } from "./digest.ts";
import { beginEpoch, goOnAsNewDevice } from "./epochs.ts";
import { NewDeviceError, roundTrip } from "./round_trip.ts";
import { isUncovered, type OwnSet, stateWord } from "./sets.ts";
import { ProblemError, type Transport } from "./transport.ts";

const FIRST = "01990000-0000-7000-8000-0000000000d1";
const SECOND = "01990000-0000-7000-8000-0000000000d2";
const THIRD = "01990000-0000-7000-8000-0000000000d3";
const CHEN = "01990000-0000-7000-8000-0000000000c1";
const LI = { id: FIRST, username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = "2026-06-16T01:00:00.000Z";
const NOTHING = digestOf([]);

/** A server that keeps sets by device, and has been restored since `epoch` was told. */
class Server {
  epoch = "e2";
  knownThrough = 0;
  /** The ids of the sets that it holds. */
  holds: string[] = [];
  readonly sent: ChangeSet[] = [];
  readonly held: unknown[] = [];
  results: Record<number, Partial<SetResult>> = {};

  readonly post = async (_: string, body: unknown): Promise<unknown> => {
    const asked = body as { epoch: string; sets: ChangeSet[]; held?: number[]; cursor: string };
    if (asked.epoch !== this.epoch) {
      const told = { type: "/problems/epoch-changed", epoch: this.epoch };
      const known_through = this.knownThrough;
      throw new ProblemError(409, { ...told, known_through, held: this.holds }, null);
    }
    this.sent.push(...asked.sets);
    this.held.push(asked.held);
    this.knownThrough = Math.max(this.knownThrough, ...asked.sets.map((it) => it.number));
    const numbers = [...asked.sets.map((it) => it.number), ...(asked.held ?? [])];
    return {
      server_time: NOW,
      epoch: this.epoch,
      known_through: this.knownThrough,
      results: numbers.map((number) => ({
        number,
        status: "applied",
        repeated: false,
        changes: [],
        ...this.results[number],
      })),
      left: [],
      records: [],
      cursor: "c2",
      position: 20,
      more: false,
      digest: { records: NOTHING.records, sum: sumText(NOTHING.sum) },
    };
  };
}

/** As much of a store as this needs, in memory. */
class Memory {
  meta: Meta = {
    ...newMeta(FIRST, "T", LI, "", "e1"),
    access_token: "a",
    refresh_token: "r",
    position: 9,
    cursor: "c1",
    whole: true,
    fresh: false,
  };
  sets: OwnSet[] = [];
  drafts = new Map<string, Draft>();
  readonly files = new Map();
  readonly isCopyDamaged = false;

  get lastNumber(): number {
    return Math.max(0, ...this.mine.map((it) => it.number));
  }

  private get mine(): OwnSet[] {
    return this.sets.filter((it) => it.device === this.meta.device);
  }

  readonly exclusive = <T>(change: () => Promise<T>) => change();
  readonly setsAbove = async (above: number) => this.mine.filter((it) => it.number > above);
  readonly setsOfEarlierDevices = async () =>
    this.sets.filter((it) => it.device !== this.meta.device);
  readonly bundles = async () => new Map();
  readonly bundle = async () => [];
  readonly hasCustomers = () => false;
  readonly staged = async () => [];
  readonly settleCards = async () => undefined;
  readonly answeredBefore = async () => [];
  readonly digest = () => NOTHING;
  readonly commit = async (work: Work) => {
    this.meta = { ...this.meta, ...work.meta };
    const changed = new Map(work.sets?.map((it) => [it.seq, it]));
    this.sets = this.sets.map((it) => changed.get(it.seq) ?? it);
    for (const it of work.drafts ?? []) this.drafts.set(it.id, it);
  };
}

let server: Server;
let store: Memory;
let sealed: { added: OwnSet[]; dropped: OwnSet[] };

const asStore = () => store as unknown as Store;
const copies = {
  add: async (sets: readonly OwnSet[]) => void sealed.added.push(...sets),
  drop: async (gone: readonly OwnSet[]) => void sealed.dropped.push(...gone),
};

function sync(newId = THIRD, transport: Transport = server) {
  return roundTrip({
    store: asStore(),
    registry: new Registry(TYPES, SCHEMA),
    transport,
    now: () => new Date(NOW),
    newId: () => newId,
    attention: () => 0,
    sealed: copies,
    progress: () => undefined,
  });
}

function ownSet(number: number, also: Partial<OwnSet> = {}, over?: Record<string, number>): OwnSet {
  const change: Change = { op: "update", type: "customer", id: CHEN, customer: CHEN };
  const set = { phone: `1390000000${number}` };
  const named = { number, id: `set-${number}`, epoch: "e1", base: 9, action: "edit", made_at: NOW };
  const changes = [{ ...change, set, ...(over ? { over } : {}) }];
  return {
    ...named,
    seq: number,
    device: FIRST,
    content: { ...named, schema: SCHEMA, clock: "", changes },
    seen: {},
    state: "answered",
    result: { number, status: "applied", repeated: false, changes: [] },
    answered_at: NOW,
    covered: true,
    settled: null,
    mended_by: null,
    stand_in: null,
    ...also,
  };
}

const waiting: Partial<OwnSet> = {
  state: "ready",
  result: null,
  answered_at: null,
  covered: false,
};
const rejected = (number: number): Partial<OwnSet> => ({
  result: { number, status: "rejected", repeated: false, errors: [] },
});
const words = () => store.sets.map((it) => stateWord(it, 0));
const numbers = () => server.sent.map((it) => it.number);

function draft(also: Partial<Draft>): Draft {
  return {
    id: "draft",
    screen: "customer",
    type: "customer",
    record: CHEN,
    customer: CHEN,
    is_new: false,
    base: 9,
    epoch: "e1",
    after_seq: 2,
    shown: {},
    newest: {},
    fields: {},
    extra: {},
    changed_at: NOW,
    ...also,
  };
}

beforeEach(() => {
  server = new Server();
  store = new Memory();
  sealed = { added: [], dropped: [] };
});

describe("a restored server", () => {
  it("is offered every set above what it knows, as it was, with no cursor", async () => {
    store.sets = [ownSet(1), ownSet(2), ownSet(3), ownSet(4, waiting)];
    const before = store.sets.map((it) => it.content);
    server.knownThrough = 1;

    await sync();

    expect(server.sent).toEqual(before.slice(1));
    expect(words()).toEqual(["accepted", "accepted", "accepted", "accepted"]);
    expect(store.meta).toMatchObject({ device: FIRST, epoch: "e2", cursor: "c2" });
  });

  it("is sent what was mended or given up as withdrawn, and nobody is asked about it", async () => {
    store.sets = [ownSet(1, { ...rejected(1), settled: "mended", mended_by: 2 }), ownSet(2)];
    server.results = { 1: { status: "rejected", errors: [fault("withdrawn")] } };

    await sync();

    expect(server.sent.map((it) => it.action)).toEqual(["withdrawn", "edit"]);
    expect(server.sent[0]?.changes[0]?.set).toEqual({ phone: "13900000001" });
    expect(words()).toEqual(["accepted", "accepted"]);
  });

  it("is sent a stand-in for what is gone, and nobody is asked about it", async () => {
    store.sets = [ownSet(1, { content: null })];
    server.results = { 1: { status: "rejected", errors: [fault("withdrawn")] } };

    await sync();

    expect(server.sent.map((it) => [it.action, it.changes])).toEqual([["withdrawn", []]]);
    expect(words()).toEqual(["accepted"]);
  });

  it("leaves what is on the screen of the epoch it is of, until the new view is whole", async () => {
    await beginEpoch(asStore(), { epoch: "e2", knownThrough: 0, held: [] }, () => THIRD, copies);
    expect(viewOf(store.meta)).toEqual({ base: 9, epoch: "e1" });

    await sync();

    expect(viewOf(store.meta)).toEqual({ base: 20, epoch: "e2" });
  });

  it("is offered the sets of the devices that this store was before, ahead, by a new device", async () => {
    store.meta = { ...store.meta, device: SECOND };
    store.sets = [
      ownSet(1),
      ownSet(2, {}, { phone: 1 }),
      ownSet(1, { seq: 3, id: "set-3", device: SECOND }),
    ];

    await expect(sync()).rejects.toThrow(NewDeviceError);

    expect(store.meta).toMatchObject({ device: THIRD, refresh_token: null, epoch: "e2" });
    expect(store.sets.map((it) => [it.device, it.number, it.id, it.state])).toEqual([
      [THIRD, 1, "set-1", "ready"],
      [THIRD, 2, "set-2", "ready"],
      [THIRD, 3, "set-3", "ready"],
    ]);
    expect(store.sets[1]?.content?.changes[0]?.over).toEqual({ phone: 1 });
    expect(sealed.added.map((it) => it.device)).toEqual([THIRD, THIRD, THIRD]);
    expect(sealed.dropped.map((it) => it.device)).toEqual([FIRST, FIRST, SECOND]);
    store.meta = { ...store.meta, access_token: "a", refresh_token: "r" };
    server.knownThrough = 0;

    await sync();

    expect(numbers()).toEqual([1, 2, 3]);
    expect(words()).toEqual(["accepted", "accepted", "accepted"]);
  });
});

describe("a restored server that holds sets", () => {
  it("is believed, whatever was told of them since; by their ids, for numbers may be another's", async () => {
    store.sets = [ownSet(1), ownSet(2)];
    server.knownThrough = 2;
    server.holds = ["set-1", "another-store's-set-2"];
    server.results = { 1: { status: "held" } };

    await sync();

    expect(words()).toEqual(["sent", "accepted"]);
    expect(server.held.at(-1)).toEqual([1]);
    expect(store.sets.map(isUncovered)).toEqual([true, false]);
  });

  it("has what came later in its copy: a held set shows nothing over it", async () => {
    store.sets = [ownSet(1), ownSet(2)];
    server.knownThrough = 2;
    server.holds = ["set-1"];
    server.results = { 1: { status: "held" } };

    await sync();

    expect(store.sets[0]?.said).toEqual({ [CHEN]: ["phone"] });
  });

  it("shows nothing of a held set over later work that is covered afterwards", async () => {
    store.meta = { ...store.meta, epoch: "e2" };
    store.sets = [ownSet(1, waiting), ownSet(2, waiting)];
    server.results = { 1: { status: "held" } };

    await sync();

    expect(store.sets[0]?.said).toEqual({ [CHEN]: ["phone"] });
  });

  it("shows what a later set said that is held as well, on top of it", async () => {
    store.sets = [ownSet(1), ownSet(2)];
    server.knownThrough = 2;
    server.holds = ["set-1", "set-2"];
    server.results = { 1: { status: "held" }, 2: { status: "held" } };

    await sync();

    expect(store.sets.map((it) => it.said?.[CHEN] ?? [])).toEqual([[], []]);
  });

  it("forgets what was said over a held set by one that is lost", async () => {
    store.sets = [ownSet(1, { said: { [CHEN]: ["phone"] } }), ownSet(2)];
    server.knownThrough = 1;
    server.holds = ["set-1"];
    server.results = { 1: { status: "held" }, 2: { status: "rejected", errors: [] } };

    await sync();

    expect(store.sets[0]?.said?.[CHEN] ?? []).toEqual([]);
  });

  it("shows a held set over what came before it", async () => {
    store.sets = [ownSet(1), ownSet(2)];
    server.knownThrough = 2;
    server.holds = ["set-2"];
    server.results = { 2: { status: "held" } };

    await sync();

    expect(store.sets[1]?.said?.[CHEN] ?? []).toEqual([]);
  });

  it("shows what only a rejected set has said later", async () => {
    store.sets = [ownSet(1), ownSet(2, rejected(2))];
    server.knownThrough = 2;
    server.holds = ["set-1"];
    server.results = { 1: { status: "held" } };

    await sync();

    expect(store.sets[0]?.said?.[CHEN] ?? []).toEqual([]);
  });

  it("has all of the devices before, where it knows a set of this one", async () => {
    store.meta = { ...store.meta, device: SECOND };
    store.sets = [ownSet(1), ownSet(1, { seq: 2, id: "set-2", device: SECOND })];
    server.knownThrough = 1;

    await sync();

    expect(store.meta.device).toBe(SECOND);
    expect(numbers()).toEqual([]);
    expect(words()).toEqual(["accepted", "accepted"]);
  });
});

describe("a first bootstrap", () => {
  it("that goes on as another run begins with an empty copy", async () => {
    store.meta = { ...store.meta, epoch: "e2", whole: false, position: 9 };
    const asked: unknown[] = [];
    const { post } = server;
    const began = {
      post: async (path: string, body: unknown) => {
        asked.push((body as { cursor: unknown }).cursor);
        const answer = (await post(path, body)) as object;
        return asked.length === 1 ? { ...answer, more: true } : answer;
      },
    };

    await sync(THIRD, began);

    expect(asked).toEqual(["c1", null]);
    expect(store.meta).toMatchObject({ whole: true, position: 20 });
  });
});

describe("a store that goes on as another device", () => {
  it("takes along what is pending and what is held, and leaves open forms as they are", async () => {
    const result = { number: 2, status: "held", repeated: false, changes: [] } as const;
    store.sets = [ownSet(1), ownSet(2, { ...waiting, state: "sent", result }), ownSet(3, waiting)];
    const open = draft({ after_seq: 3, newest: { phone: 3, name: 1 } });
    store.drafts.set("draft", open);

    await goOnAsNewDevice(asStore(), SECOND, copies);

    expect(store.sets.map((it) => [it.device, it.number, it.result])).toEqual([
      [FIRST, 1, store.sets[0]?.result],
      [SECOND, 1, null],
      [SECOND, 2, null],
    ]);
    expect(store.drafts.get("draft")).toEqual(open);
  });
});

describe("a held set", () => {
  it("is shown as sent, stays on the view and is asked after until its result comes", async () => {
    store.meta = { ...store.meta, epoch: "e2" };
    store.sets = [ownSet(1, waiting), ownSet(2, waiting)];
    server.results = { 1: { status: "held" } };
    await sync();
    expect(words()).toEqual(["sent", "accepted"]);
    expect(store.sets.map(isUncovered)).toEqual([true, false]);

    await sync();
    expect(server.held.at(-1)).toEqual([1]);
    expect(numbers()).toEqual([1, 2]);
    server.results = { 1: { status: "merged" } };
    await sync();

    expect(words()).toEqual(["accepted", "accepted"]);
    expect(store.sets.map(isUncovered)).toEqual([false, false]);
  });

  it("needs its user where it is rejected at last", async () => {
    store.meta = { ...store.meta, epoch: "e2" };
    store.sets = [ownSet(1, waiting)];
    server.results = { 1: { status: "held" } };
    await sync();
    server.results = { 1: { status: "rejected", errors: [fault("unknown-record")] } };

    await sync();

    expect(words()).toEqual(["needs_attention"]);
  });
});

function fault(code: string) {
  return { change: null, field: null, code, message: "…" };
}
