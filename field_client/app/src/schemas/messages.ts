// The shapes of the protocol that are passed around inside the app.

import type { Fields, Json } from "./declare.ts";

export interface Change {
  readonly op: "create" | "update" | "delete";
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly set?: Fields;
  readonly over?: Readonly<Record<string, number>>;
  readonly reason?: string;
}

/** A change set as first stored, and sent for ever like this. */
export interface ChangeSet {
  readonly number: number;
  readonly id: string;
  readonly epoch: string | null;
  readonly schema: number;
  readonly base: number;
  readonly action: string;
  readonly made_at: string;
  readonly clock?: string;
  readonly changes: readonly Change[];
}

export interface FaultDoc {
  readonly change?: number | null;
  readonly field?: string | null;
  readonly code: string;
  readonly message?: string;
  readonly rule?: string | null;
}

export interface ChangeResult {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly conflicts: readonly string[];
}

export type ResultStatus = "applied" | "merged" | "conflict" | "rejected" | "held";

export interface SetResult {
  readonly number: number;
  readonly status: ResultStatus;
  readonly repeated: boolean;
  readonly changes?: readonly ChangeResult[];
  readonly errors?: readonly FaultDoc[];
}

export interface SentRecord {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly version: number;
  readonly whole?: boolean;
  readonly removed?: boolean;
  readonly set?: Fields;
}

export interface Notice {
  readonly code: string;
  readonly seconds?: number;
  readonly message?: string;
}

/** The answer of `POST /api/v1/sync`. */
export interface Answer {
  readonly server_time: string;
  readonly epoch: string;
  readonly known_through: number;
  readonly results: readonly SetResult[];
  /** `survivor`: with the reason `merged`, whom the customer is now, if that one is in scope. */
  readonly left: readonly {
    readonly customer: string;
    readonly reason: string;
    readonly survivor?: string;
  }[];
  readonly records: readonly SentRecord[];
  readonly cursor: string;
  readonly position: number;
  readonly more: boolean;
  readonly digest?: { readonly records: number; readonly sum: string } | null;
  readonly notices?: readonly Notice[];
  readonly head?: Json;
}

/** A fault found on the tablet: which field, a stable code, and the catalogue's reason or rule. */
export interface Fault {
  readonly field: string | null;
  readonly code: string;
  readonly reason?: string | null;
  readonly rule?: string | null;
}
