// What the set that a form becomes is made over, whatever device its store has become meanwhile.

import { beforeEach, describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import type { Fields } from "../schemas/declare.ts";
import { Registry } from "../schemas/registry.ts";
import { type Meta, newMeta } from "../store/meta.ts";
import type { Draft, Work } from "../store/work.ts";
import { beginEpoch, goOnAsNewDevice } from "../sync/epochs.ts";
import type { Held, Pending } from "../sync/rebase.ts";
import { changesOf, isUncovered, type OwnSet } from "../sync/sets.ts";
import { openRecord, perform } from "./action.ts";
import type { Desk } from "./desk.ts";
import { Form } from "./form.ts";

const FIRST = "01990000-0000-7000-8000-0000000000d1";
const SECOND = "01990000-0000-7000-8000-0000000000d2";
const THIRD = "01990000-0000-7000-8000-0000000000d3";
const CHEN = "01990000-0000-7000-8000-0000000000c1";
const VILLAGE = "01990000-0000-7000-8000-0000000000e1";
const LI = { id: FIRST, username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = new Date("2026-06-16T01:00:00.000Z");
const STANDS: Held = {
  type: "customer",
  id: CHEN,
  customer: CHEN,
  version: 5,
  fields: {
    name: "陈国平",
    id_no: "999901197805120013",
    phone: "10000000020",
    village_id: VILLAGE,
    segment: "grain",
    state: "active",
  },
  gone: false,
};
const PLACE = { screen: "edit", type: "customer", customer: CHEN, record: CHEN };
const copies = { add: async () => undefined, drop: async () => undefined };

/** As much of a store as work on one customer needs, in memory. */
class Memory {
  meta: Meta = { ...newMeta(FIRST, "T", LI, "", "e1"), position: 9, whole: true };
  sets: OwnSet[] = [];
  readonly drafts = new Map<string, Draft>();
  readonly files = new Map();

  get lastNumber(): number {
    return Math.max(0, ...this.mine.map((it) => it.number));
  }

  private get mine(): OwnSet[] {
    return this.sets.filter((it) => it.device === this.meta.device);
  }

  readonly nextSeq = () => this.sets.length + 1;
  readonly exclusive = <T>(change: () => Promise<T>) => change();
  held: readonly Held[] = [STANDS];
  readonly bundle = async () => this.held;
  readonly setsAbove = async (above: number) => this.mine.filter((it) => it.number > above);
  readonly setsMadeAfter = async (seq: number) => this.mine.filter((it) => it.seq > seq);
  readonly setsOfEarlierDevices = async () =>
    this.sets.filter((it) => it.device !== this.meta.device);
  readonly numbersOf = async (seqs: readonly number[]) =>
    new Map(this.mine.filter((it) => seqs.includes(it.seq)).map((it) => [it.seq, it.number]));
  readonly pendingOf = (record: string, device: string | null = null): Pending[] =>
    this.sets
      .filter((it) => isUncovered(it) && (device === null || it.device === device))
      .flatMap((set) => changesOf(set).map((change) => ({ number: set.number, change, seen: {} })))
      .filter(({ change }) => change.id === record);
  readonly commit = async (work: Work) => {
    this.meta = { ...this.meta, ...work.meta };
    const changed = new Map(work.sets?.map((it) => [it.seq, it]));
    const kept = this.sets.map((it) => changed.get(it.seq) ?? it);
    this.sets = [...kept, ...(work.sets ?? []).filter((it) => it.seq > this.sets.length)];
    for (const it of work.drafts ?? []) this.drafts.set(it.id, it);
    for (const it of work.drop_drafts ?? []) this.drafts.delete(it);
  };
}

let store: Memory;
let desk: Desk;
let ids: number;

beforeEach(() => {
  store = new Memory();
  ids = 0;
  desk = {
    store: store as unknown as Desk["store"],
    registry: new Registry(TYPES, SCHEMA),
    journal: null,
    now: () => NOW,
    today: () => "2026-06-16",
    newBytes: (count) => {
      ids += 1;
      return new Uint8Array(count).fill(ids);
    },
    journalFailed: (error) => {
      throw error;
    },
  };
});

async function edit(fields: Fields): Promise<void> {
  await perform(desk, "edit", async (action) => {
    await action.update(await openRecord(desk, "customer", CHEN, CHEN), fields);
  });
}

async function open(): Promise<Form> {
  return Form.open(desk, PLACE, () => undefined);
}

async function leftOpen(phone: string): Promise<void> {
  const form = await open();
  form.set("phone", phone);
  await form.settled();
}

/** Come back to the form and finish it: the set's number and what it is made over. */
async function finished(): Promise<unknown> {
  const saved = await (await open()).save("edit");
  return saved && [saved.number, changesOf(saved).map((it) => it.over)];
}

/** The results of all sets come; of those the server copy has the effect, unless the view is older. */
function answered(covered: boolean): void {
  store.sets = store.sets.map((it) => {
    const result = { number: it.number, status: "applied", repeated: false, changes: [] } as const;
    return { ...it, state: "answered", result, covered };
  });
}

const copied = () => goOnAsNewDevice(desk.store, SECOND, copies);
const restored = () =>
  beginEpoch(desk.store, { epoch: "e2", knownThrough: 0, held: [] }, () => THIRD, copies);

describe("a form in a first bootstrap that began anew", () => {
  beforeEach(async () => {
    store.held = [];
    await perform(desk, "register", (action) => {
      action.create("customer", null, STANDS.fields, CHEN);
    });
    store.meta = { ...store.meta, whole: false, position: 20 };
  });

  it("is made on the view on which its record was, where that has not come yet", async () => {
    answered(false);

    expect((await open()).draft).toMatchObject({ base: 9, epoch: "e1" });
  });

  it("is made on what a restored server said of it, where the view is of a later epoch", async () => {
    answered(false);
    const changes = [{ id: CHEN, version: 12, status: "applied" as const, conflicts: [] }];
    store.sets = store.sets.map((it) => ({
      ...it,
      result: it.result && { ...it.result, changes },
    }));
    store.meta = { ...store.meta, epoch: "e2", view_epoch: "e2" };

    expect((await open()).draft).toMatchObject({ base: 12, epoch: "e2" });
  });

  it("is made on the view as it is, once the record has come", async () => {
    store.held = [STANDS];

    expect((await open()).draft).toMatchObject({ base: 20, epoch: "e1" });
  });
});

describe("a form", () => {
  it("is made over what it showed and what came later, by the numbers that these have now", async () => {
    await edit({ phone: "10000000021" });
    await leftOpen("10000000029");
    await edit({ phone: "10000000022" });
    answered(true);
    await edit({ phone: "10000000023" });
    await copied();

    expect(await finished()).toEqual([2, [{ phone: 1 }]]);
    expect(store.drafts.size).toBe(0);
  });

  it("is made over what was saved after it was opened, by an earlier device too", async () => {
    await leftOpen("10000000029");
    await edit({ phone: "10000000021" });
    answered(true);
    await copied();
    await restored();

    expect(store.meta.device).toBe(THIRD);
    expect(await finished()).toEqual([2, [{ phone: 1 }]]);
  });

  it("is made over what it showed of an earlier device", async () => {
    await edit({ phone: "10000000021" });
    await leftOpen("10000000029");
    answered(true);
    await copied();
    await restored();

    expect(await finished()).toEqual([2, [{ phone: 1 }]]);
  });

  it("is not made over what is older and only comes again", async () => {
    await edit({ phone: "10000000021" });
    answered(true);
    await copied();
    await leftOpen("10000000029");
    await restored();

    expect(await finished()).toEqual([2, [undefined]]);
  });

  it("that stays open meanwhile goes on as one that was kept", async () => {
    const form = await open();
    await edit({ phone: "10000000021" });
    answered(true);
    await copied();
    await restored();
    form.set("phone", "10000000029");

    const saved = await form.save("edit");

    expect(saved?.number).toBe(2);
    expect(saved && changesOf(saved)[0]?.over).toEqual({ phone: 1 });
  });
});

describe("an edit", () => {
  it("names nothing that an earlier device sent, and is shown on top of it", async () => {
    await edit({ phone: "10000000021" });
    await edit({ phone: "10000000022" });
    answered(false);
    await copied();

    await edit({ phone: "10000000023" });

    const made = store.sets.at(-1);
    expect(made?.number).toBe(1);
    expect(made && changesOf(made)[0]?.over).toBeUndefined();
    const { view } = await openRecord(desk, "customer", CHEN, CHEN);
    expect(view.fields.phone).toBe("10000000023");
  });
});
