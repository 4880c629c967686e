// One sync: what is ready goes out, what is new comes in, page by page (protocol.md, sections 2 and 8).
//
// It may be cut at any line and be run again: what goes out is marked before, what comes in is stored
// whole.

import * as limits from "../generated/limits.ts";
import type { Json } from "../schemas/declare.ts";
import type { Answer, Notice, SetResult } from "../schemas/messages.ts";
import type { Registry } from "../schemas/registry.ts";
import type { Merged, Meta } from "../store/meta.ts";
import { bundleKey, type Store, type Work } from "../store/store.ts";
import { sumText } from "./digest.ts";
import {
  beginEpoch,
  goOnAsNewDevice,
  offeredAgain,
  type SealedCopies,
  START_OVER,
} from "./epochs.ts";
import { countWaiting } from "./files.ts";
import { fold, type Held, type Step, steps } from "./rebase.ts";
import { type Repair, repair } from "./repair.ts";
import { post } from "./session.ts";
import {
  type Batch,
  batch,
  customersOf,
  isUnanswered,
  isUncovered,
  needsStandIn,
  type OwnSet,
  ownChanges,
} from "./sets.ts";
import { ProblemError, type Transport } from "./transport.ts";

const SYNC = "/api/v1/sync";
const REPAIR = "/api/v1/sync/repair";
/** How long a set is kept after its result: no backup older than that is restored. */
const KEEP_MS = 35 * 86_400_000;
const PAGE = 500;
const MOST_CUSTOMERS = 50;
const NOTHING: ReadonlyMap<string, readonly Held[]> = new Map();

/** What one sync did so far. */
export interface Report {
  requests: number;
  sent: number;
  toSend: number;
  records: number;
  results: SetResult[];
  notices: Notice[];
}

/** The server knows more of this device than the device itself: it goes on as a new one, signed in anew. */
export class NewDeviceError extends Error {
  override readonly name = "NewDeviceError";
}

/** A supervisor has had the tablet wiped: everything on it goes. */
export class WipedError extends Error {
  override readonly name = "WipedError";
}

export interface RoundTripParts {
  readonly store: Store;
  readonly registry: Registry;
  readonly transport: Transport;
  readonly now: () => Date;
  readonly newId: () => string;
  /** What needs the user, for the supervisor to see. */
  readonly attention: () => number;
  readonly sealed: SealedCopies;
  readonly progress: (report: Report) => void;
}

/** Sync until the server has no more and nothing is ready. */
export async function roundTrip(parts: RoundTripParts): Promise<Report> {
  const trip = new RoundTrip(parts);
  while (await trip.once()) parts.progress(trip.report);
  return trip.report;
}

class RoundTrip {
  readonly report: Report = {
    requests: 0,
    sent: 0,
    toSend: 0,
    records: 0,
    results: [],
    notices: [],
  };
  private readonly parts: RoundTripParts;
  private readonly store: Store;
  private mostChanges: number = limits.CHANGES_PER_REQUEST;
  private readonly seen = new Set<string>();
  private isRepairDue = false;

  constructor(parts: RoundTripParts) {
    this.parts = parts;
    this.store = parts.store;
  }

  /** Make one request and take its answer in; tell whether there is more to do. */
  async once(): Promise<boolean> {
    const taken = await this.store.exclusive(() => this.take());
    this.report.toSend = taken.sets.length;
    this.parts.progress(this.report);
    let answer: Answer;
    this.report.requests += 1;
    try {
      answer = (await post(this.store, this.parts.transport, SYNC, this.request(taken))) as Answer;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return this.store.exclusive(() => this.after(error, taken));
    }
    let agrees: boolean;
    try {
      agrees = await this.store.exclusive(() => this.absorb(answer, taken));
    } catch (error) {
      if (!this.store.isCopyDamaged || this.seen.has("damaged-copy")) throw error;
      return true; // nothing of the answer was taken in: its results come again
    }
    this.report.sent += taken.sets.length;
    if (this.isRepairDue) await this.mend();
    return answer.more || !agrees || this.canGoOn(answer);
  }

  /** Whether there is more to send; a set that went out and got no result waits for the next sync. */
  private canGoOn(answer: Answer): boolean {
    const left = this.waiting();
    return (
      left.some((it) => it.state === "ready") || (left.length > 0 && answer.results.length > 0)
    );
  }

  // --------------------------------------------------------------------------------- going out

  /** Choose what goes out, and mark it as sent before anything does. */
  private async take(): Promise<Batch> {
    if (this.store.isCopyDamaged && this.first("damaged-copy"))
      await this.startOver("damaged-copy", {});
    const taken = batch(this.waiting(), this.mostChanges);
    const marked = taken.sets.map(
      (it): OwnSet => ({ ...it, state: "sent", stand_in: needsStandIn(it) }),
    );
    const news = marked.filter((it, at) => {
      const old = taken.sets[at];
      return old?.state !== it.state || old.stand_in !== it.stand_in;
    });
    if (news.length > 0) await this.store.commit({ sets: news });
    return { sets: marked, wire: taken.wire };
  }

  private waiting(): OwnSet[] {
    const { device } = this.store.meta;
    return this.store.sets.filter((it) => isUnanswered(it) && it.device === device);
  }

  private request(taken: Batch): Record<string, unknown> {
    const { store } = this;
    const { epoch, cursor, device } = store.meta;
    const held = store.sets.filter(
      (it) => it.device === device && it.result?.status === "held" && it.state !== "answered",
    );
    const open = [...this.waiting(), ...held].map((it) => it.number);
    return {
      protocol: limits.PROTOCOL,
      schema: this.parts.registry.schema,
      epoch,
      sent_at: this.parts.now().toISOString(),
      cursor,
      page: PAGE,
      received_through: Math.min(store.lastNumber + 1, ...open) - 1,
      digest: true,
      waiting: this.left(taken),
      sets: taken.wire,
      ...(held.length > 0 ? { held: held.map((it) => it.number) } : {}),
    };
  }

  /** What is still on the device after this request, so that nobody's work goes missing. */
  private left(taken: Batch): Record<string, unknown> {
    const going = new Set(taken.sets.map((it) => it.seq));
    const left = this.store.sets.filter((it) => isUnanswered(it) && !going.has(it.seq));
    const drafts = [...this.store.drafts.values()];
    const customers = [...drafts.map((it) => it.customer), ...left.flatMap(customersOf)];
    const named = [...new Set(customers.filter((it) => it !== null))];
    const oldest = left.map((it) => it.made_at).sort();
    return {
      sets: left.length,
      oldest: oldest[0] ?? null,
      attachments: countWaiting(this.store.files),
      attention: this.parts.attention(),
      drafts: drafts.length,
      customers: named.slice(0, MOST_CUSTOMERS),
    };
  }

  // --------------------------------------------------------------------------------- coming in

  /** Take an answer in: results, page, cursor, in one commit. Tells whether the copies agree. */
  private async absorb(answer: Answer, taken: Batch): Promise<boolean> {
    const { store } = this;
    const answered = this.withResults(answer.results, answer.server_time);
    if (answer.known_through > store.lastNumber) {
      await this.becomeNew(answered);
    }
    const page = steps(answer, ownChanges(taken));
    const { epoch, cursor } = answer;
    const merges = await this.merges(answer);
    const facts = { epoch, cursor, caught_up: false, ...merges };
    if (store.meta.whole && answer.more) {
      await store.commit({ sets: answered, stage: page, meta: facts });
    } else if (answer.more) {
      // A first bootstrap shows its records at once.
      const copy = await this.applied(page, store.meta.cursor === null && store.meta.fresh);
      await store.commit({
        ...copy,
        sets: answered,
        meta: { ...facts, position: answer.position, view_epoch: epoch },
        defer_cards: true,
        stale_cards: this.bringsPrices(copy),
      });
    } else {
      await this.switchOver(answer, answered, page, merges);
    }
    this.report.results.push(...answer.results);
    this.report.records += answer.records.length;
    this.report.notices.push(...(answer.notices ?? []));
    return answer.more || (await this.agrees(answer));
  }

  /** Which customers were merged: their duplicates leave with them, and are settled by that. */
  private async merges({ left }: Answer): Promise<Partial<Meta>> {
    const gone = left.filter((it) => it.reason === "merged");
    if (gone.length === 0) return {};
    const merged: Record<string, Merged> = { ...this.store.meta.merged };
    const held = await this.store.bundles(new Set(gone.map((it) => it.customer)));
    for (const { customer, survivor } of gone) {
      const twins = (held.get(customer) ?? []).filter((it) => it.fields.kind === "duplicate");
      const known = merged[customer]?.conflicts ?? [];
      const conflicts = [...new Set([...known, ...twins.map((it) => it.id)])];
      merged[customer] = { survivor: survivor ?? null, conflicts };
    }
    return { merged };
  }

  /** Let the view show the run that has ended. */
  private async switchOver(
    answer: Answer,
    answered: readonly OwnSet[],
    page: readonly Step[],
    merges: Partial<Meta>,
  ): Promise<void> {
    const { store } = this;
    const { whole, fresh, cursor } = store.meta;
    const run = whole ? [...(await store.staged()), ...page] : page;
    const sets = this.covered(answered);
    const copy = await this.applied(run, fresh && (whole || cursor === null), sets);
    const now = this.parts.now().toISOString();
    const open = [...store.sets, ...sets].filter((it) => isUnanswered(it));
    const allSent = open.every((it) => sets.some((done) => done.seq === it.seq && done.result));
    const skew = answer.notices?.find((it) => it.code === "clock-skew")?.seconds ?? null;
    await store.commit({
      ...copy,
      clear_stage: true,
      sets,
      meta: {
        epoch: answer.epoch,
        view_epoch: answer.epoch,
        cursor: answer.cursor,
        position: answer.position,
        whole: true,
        fresh: false,
        caught_up: true,
        synced_at: now,
        data_as_of: answer.server_time,
        skew_seconds: skew,
        ...merges,
        ...(allSent ? { sent_at: now } : {}),
        ...(answer.head ? { head: answer.head as Json } : {}),
      },
      stale_cards: this.bringsPrices(copy),
    });
    await store.settleCards();
    await this.forgetOldContents(answer.server_time);
  }

  /** Whether prices come after loans: cards that were made without them are made anew. */
  private bringsPrices({ bundles, clear_copy }: Work): boolean {
    const before = clear_copy !== true && this.store.hasCustomers();
    return before && bundles?.has(":product") === true;
  }

  /** The bundles as the steps leave them. */
  private async applied(
    run: readonly Step[],
    anew: boolean,
    sets: readonly OwnSet[] = [],
  ): Promise<Work> {
    const stored = anew ? NOTHING : await this.store.bundles(new Set(run.map(bundleOf)));
    const bundles = new Map<string, Map<string, Held>>();
    const load = (key: string): Map<string, Held> => {
      const known = bundles.get(key);
      if (known) return known;
      const held = byId(stored.get(key) ?? []);
      bundles.set(key, held);
      return held;
    };
    const pending = this.pendingAfter(sets);
    for (const step of run) {
      if (step.kind === "drop") {
        load(step.customer).clear();
        continue;
      }
      const { id } = step.kind === "own" ? step.change : step.record;
      const held = load(bundleOf(step));
      // The rest of such a record was lost here: the digest tells, and a repair brings it whole.
      if (step.kind === "sent" && step.record.whole === false && !held.has(id)) continue;
      const after = fold(held.get(id) ?? null, step, this.parts.registry);
      if (after === null) continue;
      if (after.gone && !pending.has(id)) held.delete(id);
      else held.set(id, after);
    }
    for (const [key, held] of await this.withoutTombstones(pending, bundles, anew)) {
      bundles.set(key, held);
    }
    const whole = [...bundles].map(([key, held]) => [key, [...held.values()]] as const);
    return { clear_copy: anew, bundles: new Map(whole) };
  }

  /** The records that own work is still on top of, once `sets` are stored. */
  private pendingAfter(sets: readonly OwnSet[]): Set<string> {
    const changed = new Map(sets.map((it) => [it.seq, it]));
    const now = this.store.sets.map((it) => changed.get(it.seq) ?? it).filter(isUncovered);
    return new Set(now.flatMap((it) => it.content?.changes ?? []).map((it) => it.id));
  }

  /** Tombstones kept for own work go when that work is covered. */
  private async withoutTombstones(
    pending: ReadonlySet<string>,
    bundles: ReadonlyMap<string, Map<string, Held>>,
    anew: boolean,
  ): Promise<Map<string, Map<string, Held>>> {
    const found = new Map<string, Map<string, Held>>();
    if (anew) return found;
    const touched = this.store.sets.filter(isUncovered).flatMap((it) => it.content?.changes ?? []);
    for (const { customer, type } of touched) {
      const key = bundleKey(customer, type);
      const held = bundles.get(key) ?? byId(await this.store.bundle(key));
      const gone = [...held.values()].filter((it) => it.gone && !pending.has(it.id));
      if (gone.length === 0) continue;
      for (const it of gone) held.delete(it.id);
      found.set(key, held);
    }
    return found;
  }

  /** The sets to which an answer gives a result, with it. */
  private withResults(results: readonly SetResult[], when: string): OwnSet[] {
    const { device } = this.store.meta;
    return results.flatMap((result): OwnSet[] => {
      const set = this.store.sets.find(
        (it) => it.number === result.number && it.device === device && it.state !== "answered",
      );
      if (set === undefined) return [];
      const final = result.status !== "held";
      const gone = result.errors?.some((it) => it.code === "withdrawn") ?? false; // nobody's to look at
      const settled = set.settled ?? (gone ? "discarded" : null);
      const state = final ? "answered" : "sent";
      return [{ ...set, result, state, settled, answered_at: final ? when : null }];
    });
  }

  /** Note that the server copy includes every set that has its result. */
  private covered(answered: readonly OwnSet[]): OwnSet[] {
    const changed = new Map(answered.map((it) => [it.seq, it]));
    const now = this.store.sets.map((it) => changed.get(it.seq) ?? it);
    const covered = now.filter((it) => it.state === "answered" && !it.covered);
    for (const it of covered) changed.set(it.seq, { ...it, covered: true });
    return [...changed.values()];
  }

  /** Drop the contents of sets answered long ago, but for open ones. */
  private async forgetOldContents(serverTime: string): Promise<void> {
    const before = new Date(Date.parse(serverTime) - KEEP_MS).toISOString();
    const old = (await this.store.answeredBefore(before)).filter((it) => {
      const status = it.result?.status;
      return it.covered && (it.settled !== null || status === "applied" || status === "merged");
    });
    if (old.length === 0) return;
    await this.store.commit({ sets: old.map((it) => ({ ...it, content: null, seen: {} })) });
    await this.parts.sealed.drop(old);
  }

  /**
   * Compare the copy with the server's digest. Where they differ it is repaired, once, and compared
   * again; where that did not help, everything is fetched anew, once.
   */
  private async agrees(answer: Answer): Promise<boolean> {
    const told = answer.digest;
    if (!told) return true;
    const { records, sum } = this.store.digest();
    if (records === told.records && sumText(sum) === told.sum) return true;
    const detail = { position: answer.position, records, sum: sumText(sum), told };
    const at = this.parts.now().toISOString();
    const incident = { at, kind: "digest-mismatch", detail };
    this.isRepairDue = this.first("repair");
    const then = this.isRepairDue ? { meta: { caught_up: false } } : START_OVER;
    await this.store.commit({ ...then, incident });
    return !(this.isRepairDue || this.first("digest"));
  }

  /** Repair the copy; where that is not to be had, everything is fetched anew. */
  private async mend(): Promise<void> {
    this.isRepairDue = false;
    if (await this.repaired()) return;
    this.first("digest");
    await this.store.exclusive(() => this.store.commit(START_OVER));
  }

  private async repaired(): Promise<boolean> {
    const { store } = this;
    const copy = {
      keys: () => store.bundleKeys(),
      bundles: (keys: readonly string[]) => store.bundles(keys),
      keyOf: bundleKey,
      isPending: (id: string) => this.pendingAfter([]).has(id),
      replace: async (bundles: ReadonlyMap<string, readonly Held[]>) => {
        await store.commit({ bundles, stale_cards: bundles.has(":product") });
        await store.settleCards();
      },
      alone: <T>(change: () => Promise<T>) => store.exclusive(change),
    };
    try {
      return await repair(copy, async (body) => {
        this.report.requests += 1;
        const request = { cursor: store.meta.cursor, ...body };
        return (await post(store, this.parts.transport, REPAIR, request)) as Repair;
      });
    } catch (error) {
      if (error instanceof ProblemError || store.isCopyDamaged) return false;
      throw error;
    }
  }

  /** Fetch everything anew, and keep why: whoever looks into it later should not have to guess. */
  private async startOver(kind: string, detail: Json): Promise<void> {
    const at = this.parts.now().toISOString();
    await this.store.commit({ ...START_OVER, incident: { at, kind, detail } });
  }

  // ----------------------------------------------------------------------------------- problems

  /** Tell whether this is the first time in this sync; a second time nothing would be won. */
  private first(why: string): boolean {
    if (this.seen.has(why)) return false;
    this.seen.add(why);
    return true;
  }

  /** Do what a problem asks for; tell whether to go on, or throw it. */
  private async after(problem: ProblemError, taken: Batch): Promise<boolean> {
    const { store } = this;
    const { extra } = problem;
    const results = (extra.results as readonly SetResult[] | undefined) ?? [];
    const when = String(extra.server_time ?? this.parts.now().toISOString());
    await store.commit({ sets: this.withResults(results, when), meta: { caught_up: false } });
    this.report.results.push(...results);
    switch (problem.code) {
      case "bad-cursor":
      case "start-over":
        if (!this.first("cursor")) throw problem;
        await store.commit(START_OVER);
        return true;
      case "epoch-changed": {
        const epoch = String(extra.epoch);
        if (!this.first(epoch)) throw problem;
        const { newId, sealed } = this.parts;
        const isNew = await beginEpoch(store, epoch, Number(extra.known_through), newId, sealed);
        if (isNew) throw new NewDeviceError();
        return true;
      }
      case "set-changed":
        return this.becomeNew();
      case "sets-out-of-order":
        return this.outOfOrder(problem);
      case "too-large":
        if (taken.sets.length === 0) throw problem;
        await this.carryLess(taken);
        return true;
      case "device-locked":
        // It delivers everything, though nothing is taken.
        if (results.length > 0 && this.waiting().length > 0) return true;
        throw problem;
      case "device-wiped":
        throw new WipedError();
      default:
        throw problem;
    }
  }

  /** Halve what goes out at a time; a set that is too large alone gets its stand-in. */
  private async carryLess(taken: Batch): Promise<void> {
    const [first] = taken.sets;
    if (taken.sets.length > 1 || first === undefined) {
      const changes = taken.wire.reduce((sum, it) => sum + it.changes.length, 0);
      this.mostChanges = Math.max(1, Math.floor(changes / 2));
    } else {
      await this.store.commit({ sets: [{ ...first, stand_in: "too-large" }] });
    }
  }

  /** Offer again what the server has lost; or be a new device where it knows more than we gave. */
  private async outOfOrder(problem: ProblemError): Promise<boolean> {
    const next = problem.extra.next;
    if (typeof next !== "number" || !this.first("order")) throw problem;
    if (next > this.store.lastNumber + 1) return this.becomeNew();
    await this.store.commit({ sets: await offeredAgain(this.store, next - 1) });
    return true;
  }

  private async becomeNew(answered: readonly OwnSet[] = []): Promise<never> {
    await goOnAsNewDevice(this.store, this.parts.newId(), this.parts.sealed, answered);
    throw new NewDeviceError();
  }
}

function bundleOf(step: Step): string {
  if (step.kind === "drop") return step.customer;
  const { customer, type } = step.kind === "own" ? step.change : step.record;
  return bundleKey(customer, type);
}

function byId(held: readonly Held[]): Map<string, Held> {
  return new Map(held.map((it) => [it.id, it]));
}
