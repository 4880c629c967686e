// One sync: what is ready goes out, what is new comes in, page by page (protocol.md, sections 2 and 8).
//
// It may be cut at any line and be run again: what goes out is marked before, what comes in is stored
// whole.

import * as limits from "../generated/limits.ts";
import type { Json } from "../schemas/declare.ts";
import type { Answer, Notice, SetResult } from "../schemas/messages.ts";
import type { Registry } from "../schemas/registry.ts";
import type { Meta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import { difference, repaired } from "./agreement.ts";
import { covered, forgetOldContents, mergesIn, withResults } from "./answered.ts";
import {
  beginEpoch,
  goOnAsNewDevice,
  offeredAgain,
  type SealedCopies,
  START_OVER,
} from "./epochs.ts";
import { applied, bringsPrices } from "./page.ts";
import { type Step, steps } from "./rebase.ts";
import type { Repair } from "./repair.ts";
import { marked, request, waiting } from "./request.ts";
import { post } from "./session.ts";
import { type Batch, batch, isUnanswered, type OwnSet, ownChanges } from "./sets.ts";
import { ProblemError, type Transport } from "./transport.ts";

const SYNC = "/api/v1/sync";
const REPAIR = "/api/v1/sync/repair";

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
      answer = (await post(
        this.store,
        this.parts.transport,
        SYNC,
        request(this.parts, taken),
      )) as Answer;
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
    const left = waiting(this.store);
    return (
      left.some((it) => it.state === "ready") || (left.length > 0 && answer.results.length > 0)
    );
  }

  // --------------------------------------------------------------------------------- going out

  /** Choose what goes out, and mark it as sent before anything does. */
  private async take(): Promise<Batch> {
    if (this.store.isCopyDamaged && this.first("damaged-copy"))
      await this.startOver("damaged-copy", {});
    const taken = batch(waiting(this.store), this.mostChanges);
    const { sent, news } = marked(taken);
    if (news.length > 0) await this.store.commit({ sets: news });
    return sent;
  }

  // --------------------------------------------------------------------------------- coming in

  /** Take an answer in: results, page, cursor, in one commit. Tells whether the copies agree. */
  private async absorb(answer: Answer, taken: Batch): Promise<boolean> {
    const { store } = this;
    const answered = withResults(store, answer.results, answer.server_time);
    if (answer.known_through > store.lastNumber) {
      await this.becomeNew(answered);
    }
    const page = steps(answer, ownChanges(taken));
    const { epoch, cursor } = answer;
    const merges = await mergesIn(store, answer);
    const facts = { epoch, cursor, caught_up: false, ...merges };
    if (beginsAnew(store, answer)) {
      await store.commit({ ...START_OVER, sets: answered });
    } else if (store.meta.whole && answer.more) {
      await store.commit({ sets: answered, stage: page, meta: facts });
    } else if (answer.more) {
      // A first bootstrap shows its records at once.
      const copy = await applied(
        store,
        this.parts.registry,
        page,
        store.meta.cursor === null && store.meta.fresh,
      );
      await store.commit({
        ...copy,
        sets: answered,
        meta: { ...facts, position: answer.position, view_epoch: epoch },
        defer_cards: true,
        stale_cards: bringsPrices(store, copy),
      });
    } else {
      await this.switchOver(answer, answered, page, merges);
    }
    this.report.results.push(...answer.results);
    this.report.records += answer.records.length;
    this.report.notices.push(...(answer.notices ?? []));
    return answer.more || (await this.agrees(answer));
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
    const sets = covered(store, answered);
    const copy = await applied(
      store,
      this.parts.registry,
      run,
      fresh && (whole || cursor === null),
      sets,
    );
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
      stale_cards: bringsPrices(store, copy),
    });
    await store.settleCards();
    await forgetOldContents(store, this.parts.sealed, answer.server_time);
  }

  /**
   * Compare the copy with the server's digest. Where they differ it is repaired, once, and compared
   * again; where that did not help, everything is fetched anew, once.
   */
  private async agrees(answer: Answer): Promise<boolean> {
    const detail = difference(this.store, answer);
    if (detail === null) return true;
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
    const ask = async (body: Record<string, unknown>) => {
      this.report.requests += 1;
      return (await post(this.store, this.parts.transport, REPAIR, body)) as Repair;
    };
    if (await repaired(this.store, ask)) return;
    this.first("digest");
    await this.store.exclusive(() => this.store.commit(START_OVER));
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
    await store.commit({ sets: withResults(store, results, when), meta: { caught_up: false } });
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
        const knownThrough = Number(extra.known_through);
        const held = (extra.held as readonly string[] | undefined) ?? [];
        const isNew = await beginEpoch(store, { epoch, knownThrough, held }, newId, sealed);
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
        if (results.length > 0 && waiting(this.store).length > 0) return true;
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

/**
 * Whether a first bootstrap goes on as another run, as after an upgrade of the program.
 *
 * Its records are shown as they come: those of the run before are older than this one says.
 */
function beginsAnew({ meta }: Store, answer: Answer): boolean {
  const goesOn = !meta.whole && meta.cursor !== null;
  return goesOn && answer.more && answer.position !== meta.position;
}
