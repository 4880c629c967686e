// Why the app does not do what was asked; the screens have the sentences, by `reason`.

import type { Fault } from "../schemas/messages.ts";

export type Reason =
  | "already-settled"
  | "amount-needed"
  | "comment-needed"
  | "create-only"
  | "customer-needed"
  | "day-ahead"
  | "decided-at-branch"
  | "no-checklist"
  | "no-device-code"
  | "no-such-set"
  | "not-deletable"
  | "not-here"
  | "nothing-changed"
  | "nothing-left"
  | "reason-needed"
  | "settle-conflict"
  | "sod-8"
  | "unknown-type"
  | "visit-not-due"
  | "which-value";

export class NotPossibleError extends Error {
  override readonly name = "NotPossibleError";
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** What was typed does not fit; every fault names its field. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";
  readonly type: string;
  readonly faults: readonly Fault[];

  constructor(type: string, faults: readonly Fault[]) {
    super(`${type}: ${faults.map((it) => `${it.field ?? ""} ${it.code}`).join(", ")}`);
    this.type = type;
    this.faults = faults;
  }
}

/** The store is somebody else's: nobody's work mixes with another's. */
export class OtherUserError extends Error {
  override readonly name = "OtherUserError";
}

/** The code does not fit, or the copy belongs to somebody else. */
export class NotRecoveredError extends Error {
  override readonly name = "NotRecoveredError";
}
