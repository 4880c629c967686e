// When to sync: on opening, when the network returns, after a save, by hand, and now and then.
//
// One round trip at a time. A link that breaks is tried again after a while that grows, with jitter,
// so that a branch's tablets do not come back at once.

import type { Report } from "./round_trip.ts";
import { NewDeviceError, WipedError } from "./round_trip.ts";
import { SignInAgainError } from "./session.ts";
import { OfflineError, ProblemError } from "./transport.ts";

/** How the last attempt ended. */
export type Outcome =
  | { readonly kind: "none" }
  | { readonly kind: "done"; readonly report: Report }
  | { readonly kind: "offline" }
  | { readonly kind: "sign_in_again" }
  | { readonly kind: "wiped" }
  | { readonly kind: "refused"; readonly problem: ProblemError }
  | { readonly kind: "failed"; readonly error: Error };

export interface SyncState {
  readonly running: boolean;
  /** What the sync under way has done so far. */
  readonly report: Report | null;
  readonly last: Outcome;
}

export interface AutoSyncParts {
  readonly trip: (progress: (report: Report) => void) => Promise<Report>;
  readonly jitter: () => number;
  readonly isOnline: () => boolean;
  /** Call something after so many ms; returns what takes it back. */
  readonly later: (ms: number, call: () => void) => () => void;
  readonly changed: (state: SyncState) => void;
}

const SHORTEST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const NOW_AND_THEN_MS = 15 * 60_000;
const AFTER_SAVE_MS = 1_000;

export class AutoSync {
  state: SyncState = { running: false, report: null, last: { kind: "none" } };
  private readonly parts: AutoSyncParts;
  private broken = 0;
  private takeBack: (() => void) | null = null;
  private stopped = false;
  private again = false;
  private run: Promise<void> | null = null;

  constructor(parts: AutoSyncParts) {
    this.parts = parts;
  }

  /** Sync now, by hand or because the network is back; joins one that is under way. */
  now(): Promise<void> {
    this.broken = 0;
    return this.start();
  }

  /** Something was saved: send it soon, unless the link is known to be broken. */
  saved(): void {
    if (this.run !== null) this.again = true;
    else if (this.broken === 0 && this.parts.isOnline()) this.plan(AFTER_SAVE_MS);
  }

  /** End: nothing more is started; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.takeBack?.();
    await this.run;
  }

  private start(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    if (this.run === null && !this.parts.isOnline()) {
      // Nothing can go out, so nothing is marked as gone out.
      this.show({ last: { kind: "offline" } });
      this.plan(NOW_AND_THEN_MS);
      return Promise.resolve();
    }
    this.takeBack?.();
    this.run ??= this.once().finally(() => {
      this.run = null;
      this.plan(this.wait());
    });
    return this.run;
  }

  private async once(): Promise<void> {
    this.again = false;
    this.show({ running: true, report: null });
    let last: Outcome;
    try {
      const report = await this.parts.trip((it) => this.show({ report: { ...it } }));
      last = { kind: "done", report };
      this.broken = 0;
    } catch (error) {
      last = outcomeOf(error);
      this.broken += 1;
    }
    this.show({ running: false, report: null, last });
  }

  private wait(): number {
    if (this.broken === 0) return this.again ? AFTER_SAVE_MS : NOW_AND_THEN_MS;
    const grown = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** (this.broken - 1));
    return grown * (0.5 + this.parts.jitter());
  }

  private plan(ms: number): void {
    this.takeBack?.();
    this.takeBack = null;
    if (this.stopped) return;
    this.takeBack = this.parts.later(ms, () => {
      if (this.parts.isOnline()) void this.start();
      else this.plan(NOW_AND_THEN_MS);
    });
  }

  private show(part: Partial<SyncState>): void {
    this.state = { ...this.state, ...part };
    if (!this.stopped) this.parts.changed(this.state);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof OfflineError) return { kind: "offline" };
  if (error instanceof SignInAgainError || error instanceof NewDeviceError) {
    return { kind: "sign_in_again" };
  }
  if (error instanceof WipedError) return { kind: "wiped" };
  if (error instanceof ProblemError) return { kind: "refused", problem: error };
  return { kind: "failed", error: error instanceof Error ? error : new Error(String(error)) };
}
