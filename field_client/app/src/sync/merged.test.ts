// A customer that a supervisor merged into another one: what a sync leaves on the tablet, and what it keeps.

import { beforeEach, describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Fields } from "../schemas/declare.ts";
import type { ChangeSet, SentRecord, SetResult } from "../schemas/messages.ts";
import { Registry } from "../schemas/registry.ts";
import { type Meta, newMeta, settledByMerge, survivorOf } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import { digestOf, sumText } from "./digest.ts";
import type { Held } from "./rebase.ts";
import { roundTrip } from "./round_trip.ts";
import { type OwnSet, stateWord } from "./sets.ts";

const DEVICE = "01990000-0000-7000-8000-0000000000d1";
const CHEN = "01990000-0000-7000-8000-0000000000c1";
const TWIN = "01990000-0000-7000-8000-0000000000c2";
const CLASH = "01990000-0000-7000-8000-0000000000e2";
const CALL = "01990000-0000-7000-8000-0000000000a1";
const LI = { id: DEVICE, username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = "2026-06-16T01:00:00.000Z";
const REGISTRY = new Registry(TYPES, SCHEMA);

interface Told {
  readonly left?: readonly { customer: string; reason: string; survivor?: string }[];
  readonly results?: readonly SetResult[];
  readonly records?: readonly SentRecord[];
  readonly more?: boolean;
}

/** A server that says what the test has prepared, and then nothing more. */
class Server {
  readonly asked: Record<string, unknown>[] = [];
  readonly told: Told[] = [];
  held: SentRecord[] = [];

  readonly post = async (_: string, sent: unknown): Promise<unknown> => {
    this.asked.push(sent as Record<string, unknown>);
    const told = this.told.shift() ?? {};
    const sums = digestOf(this.held.map((it) => [it.id, it.version] as const));
    const more = told.more ?? false;
    return {
      server_time: NOW,
      epoch: "e1",
      known_through: 10,
      results: told.results ?? [],
      left: told.left ?? [],
      records: told.records ?? [],
      cursor: "c1",
      position: 9,
      more,
      ...(more ? {} : { digest: { records: sums.records, sum: sumText(sums.sum) } }),
    };
  };
}

/** As much of a store as a round trip uses, in memory. */
class Memory {
  meta: Meta = {
    ...newMeta(DEVICE, "T", LI, "", "e1"),
    access_token: "a",
    refresh_token: "r",
    cursor: "c1",
    whole: true,
    fresh: false,
  };
  sets: OwnSet[] = [];
  stage: Work["stage"] = [];
  readonly lastNumber = 10;
  readonly drafts = new Map();
  readonly files = new Map();
  readonly isCopyDamaged = false;
  readonly copy = new Map<string, readonly Held[]>();

  get held(): Held[] {
    return [...this.copy.values()].flat();
  }

  readonly exclusive = <T>(change: () => Promise<T>) => change();
  readonly bundles = async (keys: Iterable<string>) =>
    new Map([...keys].map((key) => [key, this.copy.get(key) ?? []]));
  readonly bundle = async (key: string) => this.copy.get(key) ?? [];
  readonly bundleKeys = async () => [...this.copy.keys()];
  readonly hasCustomers = () => this.copy.size > 0;
  readonly staged = async () => [...(this.stage ?? [])];
  readonly settleCards = async () => undefined;
  readonly answeredBefore = async () => [];
  readonly digest = () => digestOf(this.held.map((it) => [it.id, it.version] as const));
  readonly commit = async (work: Work) => {
    this.meta = { ...this.meta, ...work.meta };
    if (work.clear_stage) this.stage = [];
    this.stage = [...(this.stage ?? []), ...(work.stage ?? [])];
    for (const [key, held] of work.bundles ?? []) this.copy.set(key, held);
    const changed = new Map(work.sets?.map((it) => [it.seq, it]));
    this.sets = this.sets.map((it) => changed.get(it.seq) ?? it);
  };
}

let server: Server;
let store: Memory;

function sync() {
  return roundTrip({
    store: store as unknown as Store,
    registry: REGISTRY,
    transport: server,
    now: () => new Date(NOW),
    newId: () => DEVICE,
    attention: () => 0,
    sealed: { add: async () => undefined, drop: async () => undefined },
    progress: () => undefined,
  });
}

function held(type: string, id: string, customer: string, fields: Fields): Held {
  return { type, id, customer, version: 5, fields, gone: false };
}

function sent(it: Held): SentRecord {
  const { type, id, customer, version, fields } = it;
  return { type, id, customer, version, whole: true, set: fields };
}

function ownSet(number: number, more: Partial<OwnSet> = {}): OwnSet {
  const change = { op: "update", type: "customer", id: TWIN, customer: TWIN } as const;
  const named = { number, id: `set-${number}`, epoch: "e1", base: 9, action: "edit", made_at: NOW };
  const changes = [{ ...change, set: { phone: "13900000001" } }];
  return {
    ...named,
    seq: number,
    device: DEVICE,
    content: { ...named, schema: SCHEMA, changes },
    seen: {},
    state: "ready",
    result: null,
    answered_at: null,
    covered: false,
    settled: null,
    mended_by: null,
    stand_in: null,
    ...more,
  };
}

const conflicted: SetResult = {
  number: 1,
  status: "conflict",
  repeated: false,
  changes: [{ id: TWIN, version: 5, status: "conflict", conflicts: [CLASH] }],
};

function isSettled(): boolean {
  return settledByMerge(store.meta).includes(CLASH);
}

beforeEach(() => {
  server = new Server();
  store = new Memory();
  const people = [CHEN, TWIN].map((it) => held("customer", it, it, { name: "陈国平" }));
  const clash = held("conflict", CLASH, TWIN, { kind: "duplicate", status: "open", record: TWIN });
  for (const it of people) store.copy.set(it.id, it.id === TWIN ? [it, clash] : [it]);
  server.held = [sent(people[0] as Held)];
});

describe("who a merged customer is now", () => {
  const third = "01990000-0000-7000-8000-0000000000c3";
  const into = (survivor: string | null) => ({ survivor, conflicts: [] });

  it.each([
    ["one who was never merged", {}, null],
    ["one merged into another", { [TWIN]: into(CHEN) }, CHEN],
    ["one whose survivor was merged in turn", { [TWIN]: into(CHEN), [CHEN]: into(third) }, third],
    ["one whose survivor is nobody's here", { [TWIN]: into(null) }, null],
    ["one whose survivor has left in turn", { [TWIN]: into(CHEN), [CHEN]: into(null) }, null],
  ])("%s", (_, merged, expected) => {
    expect(survivorOf({ ...store.meta, merged }, TWIN)).toBe(expected);
  });
});

describe("a merged customer in `left`", () => {
  const left = [{ customer: TWIN, reason: "merged", survivor: CHEN }];

  it("goes with all its records, and its set is accepted", async () => {
    store.sets = [ownSet(1, { state: "answered", covered: true, result: conflicted })];
    server.told.push({ left });
    expect(isSettled()).toBe(false);

    await sync();

    expect(store.held.map((it) => it.id)).toEqual([CHEN]);
    expect(store.meta.merged).toEqual({ [TWIN]: { survivor: CHEN, conflicts: [CLASH] } });
    expect(isSettled()).toBe(true);
    expect(stateWord(store.sets[0] as OwnSet, isSettled() ? 0 : 1)).toBe("accepted");
  });

  it("leaves its pending work alone, which goes out as it was", async () => {
    store.sets = [ownSet(10)];
    const before = store.sets[0]?.content;
    server.told.push({ left }, { left, results: [{ ...conflicted, number: 10 }] });

    await sync();
    await sync();

    const wire = server.asked[0]?.sets as ChangeSet[];
    expect(wire).toEqual([before]);
    expect(store.sets.map((it) => it.content)).toEqual([before]);
    expect(store.sets[0]?.result?.status).toBe("conflict");
  });

  it("may come after its records have come under the survivor, on a later page", async () => {
    const moved = held("interaction", CALL, CHEN, { summary: "周六见" });
    store.copy.set(TWIN, [...(store.copy.get(TWIN) ?? []), { ...moved, customer: TWIN }]);
    server.held = [...server.held, sent(moved)];
    server.told.push({ records: [sent(moved)], more: true }, { left });

    await sync();

    expect(store.held.map((it) => [it.id, it.customer])).toEqual([
      [CHEN, CHEN],
      [CALL, CHEN],
    ]);
    expect(store.meta.merged?.[TWIN]?.conflicts).toEqual([CLASH]);
  });

  it("is known for good, also where it is told again and nothing is held any more", async () => {
    server.told.push({ left });
    await sync();
    server.told.push({ left: [{ customer: TWIN, reason: "merged" }] });
    await sync();

    expect(store.meta.merged).toEqual({ [TWIN]: { survivor: null, conflicts: [CLASH] } });
    expect(isSettled()).toBe(true);
  });

  it("is not one that was handed over: its open conflict stays the user's", async () => {
    server.told.push({ left: [{ customer: TWIN, reason: "handover" }] });
    await sync();

    expect(store.meta.merged).toBeUndefined();
    expect(isSettled()).toBe(false);
  });
});
