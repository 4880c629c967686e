// The device's own change sets: what they are, which of the five states each is in, what goes out.
// Source: protocol.md, sections 2 and 13.

import * as limits from "../generated/limits.ts";
import type { Fields } from "../schemas/declare.ts";
import type { Change, ChangeSet, FaultDoc, SetResult } from "../schemas/messages.ts";

export type SetState = "draft" | "ready" | "sent" | "accepted" | "needs_attention";

/** What a request holds beside its sets, generously. */
const ENVELOPE_BYTES = 64 << 10;
/** Of JSON in a courier bundle: sealing and base64 make a third more of it. */
export const BUNDLE_BYTES = limits.BODY_BYTES / 2;
export const BUNDLE_SETS = limits.CHANGES_PER_REQUEST;

/** One set of this store. */
export interface OwnSet {
  readonly seq: number;
  readonly device: string;
  readonly number: number;
  readonly id: string;
  readonly epoch: string | null;
  readonly base: number;
  readonly action: string;
  readonly made_at: string;
  /** The set as first stored, sent for ever like this; null once 35 days have passed since its result. */
  readonly content: ChangeSet | null;
  /** By record and path, the texts that the form showed when it was opened. */
  readonly seen: Readonly<Record<string, Fields>>;
  readonly state: "ready" | "sent" | "answered";
  /** The server's word on it, also when `held`. */
  readonly result: SetResult | null;
  /** Server time. */
  readonly answered_at: string | null;
  /** The server copy includes its effect. */
  readonly covered: boolean;
  /** By record, the paths that later own sets have said, which the copy includes: see `Pending.said`. */
  readonly said?: Readonly<Record<string, readonly string[]>>;
  /** What the user did with it when it needed attention. */
  readonly settled: "mended" | "discarded" | null;
  readonly mended_by: number | null;
  /** It went out, and always will, as a stand-in with this action. */
  readonly stand_in: string | null;
}

export function changesOf(set: OwnSet): readonly Change[] {
  return set.content?.changes ?? [];
}

/** Why the server rejected it. */
export function errorsOf(set: OwnSet): readonly FaultDoc[] {
  return set.result?.errors ?? [];
}

/** The ids of the conflicts that it opened or joined. */
export function conflictsOf(set: OwnSet): string[] {
  return [...new Set((set.result?.changes ?? []).flatMap((it) => it.conflicts))];
}

export function customersOf(set: OwnSet): string[] {
  const named = changesOf(set).map((it) => it.customer);
  return [...new Set(named.filter((it) => it !== null))];
}

/** Whether the view shows it on top of the server copy. */
export function isUncovered(set: OwnSet): boolean {
  return !set.covered && set.settled === null && set.result?.status !== "rejected";
}

/** A set with what later ones have said of its records, once the server copy includes those. */
export function outlivedBy(set: OwnSet, later: readonly OwnSet[]): OwnSet {
  const said: Record<string, readonly string[]> = { ...set.said };
  const ids = new Set(changesOf(set).map((it) => it.id));
  const ahead = later.filter((it) => it.seq > set.seq && it.result?.status !== "rejected");
  for (const { id, op, set: fields } of ahead.flatMap(changesOf)) {
    if (ids.has(id) && op !== "delete")
      said[id] = [...(said[id] ?? []), ...Object.keys(fields ?? {})];
  }
  return Object.keys(said).length === 0 ? set : { ...set, said };
}

/** Whether it has no result yet; one that is held has one. */
export function isUnanswered(set: OwnSet): boolean {
  return set.state !== "answered" && set.result === null;
}

/** Whether it is done with for good: nothing of it is shown, waits or needs anybody. */
export function isDone(set: OwnSet): boolean {
  if (set.state !== "answered" || !set.covered) return false;
  const status = set.result?.status;
  return set.settled !== null || status === "applied" || status === "merged";
}

/** The state that the server's words about a set prove; `unsettled`: its conflicts not known to be resolved. */
export function stateWord(set: OwnSet, unsettled: number): SetState {
  if (set.state !== "answered") return set.state;
  const status = set.result?.status;
  if (set.settled !== null || status === "applied" || status === "merged") return "accepted";
  if (status === "conflict" && conflictsOf(set).length > 0 && unsettled === 0) return "accepted";
  return "needs_attention";
}

/** The action of the stand-in that must go in place of a set, or null. */
export function needsStandIn(set: OwnSet): string | null {
  if (set.stand_in !== null) return set.stand_in;
  if (set.content === null) return "withdrawn";
  if (set.content.changes.length > limits.CHANGES_PER_SET) return "too-large";
  return sizeOf(set.content) > limits.SET_BYTES ? "too-large" : null;
}

/** What goes out for a set: itself as first stored, or its stand-in (protocol, section 2). */
export function asSent(set: OwnSet): ChangeSet {
  const action = needsStandIn(set);
  if (action !== null || set.content === null) return standIn(set, action ?? "withdrawn");
  return set.settled === null ? set.content : { ...set.content, action: "withdrawn" };
}

/** The stand-in that goes in place of a set that cannot be sent. */
export function standIn(set: OwnSet, action: string): ChangeSet {
  const { number, id, epoch, base, made_at } = set;
  return { number, id, epoch, schema: 1, base, action, made_at, changes: [] };
}

/** The sets of one request, as they go out. */
export interface Batch {
  readonly sets: readonly OwnSet[];
  readonly wire: readonly ChangeSet[];
}

/** As many of the first waiting sets as one request may carry, at least one. */
export function batch(
  waiting: readonly OwnSet[],
  mostChanges = limits.CHANGES_PER_REQUEST,
  mostBytes = limits.BODY_BYTES - ENVELOPE_BYTES,
): Batch {
  const sets: OwnSet[] = [];
  const wire: ChangeSet[] = [];
  let changes = mostChanges;
  let bytes = mostBytes;
  for (const set of waiting) {
    const shape = asSent(set);
    changes -= shape.changes.length;
    bytes -= sizeOf(shape);
    if (sets.length > 0 && (changes < 0 || bytes < 0)) break;
    sets.push(set);
    wire.push(shape);
  }
  return { sets, wire };
}

/** The changes by number, of those sets of a batch that went out as they are. */
export function ownChanges(taken: Batch): Map<number, readonly Change[]> {
  const own = new Map<number, readonly Change[]>();
  taken.sets.forEach((set, at) => {
    if (taken.wire[at]?.changes.length) own.set(set.number, changesOf(set));
  });
  return own;
}

/** How many bytes of JSON a set takes, a comma included. */
function sizeOf(shape: ChangeSet): number {
  return new TextEncoder().encode(JSON.stringify(shape)).length + 1;
}
