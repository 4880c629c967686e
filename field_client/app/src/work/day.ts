// Today: where next, and what to do there; and how it stands with the copy itself.

import { isUnanswered, type OwnSet, type SetState } from "../sync/sets.ts";
import { attention, stateOf } from "./attention.ts";
import type { Book } from "./book.ts";
import type { Card } from "./cards.ts";

export type DutyKind = "visit" | "task" | "repayment" | "contact";

/** One thing to do: what it is, for whom, since when it is due. */
export interface Duty {
  readonly kind: DutyKind;
  readonly card: Card;
  /** The visit, task or loan; for a contact, the customer. */
  readonly record: string;
  readonly due_on: string;
  readonly title: string;
  readonly purposes: readonly string[];
  /** What is due and unpaid, without penalty; 0 where no money is due. */
  readonly amount_fen: number;
}

/** What is to be done up to a day, the longest due first. */
export function duties(book: Book, until: string): Duty[] {
  return [...dutiesIn(book, until)]
    .map((it) => [order(it), it] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, it]) => it);
}

/** The first thing to be done after a day, up to another; null: nothing. */
export function nextDuty(book: Book, after: string, until: string): Duty | null {
  let next: Duty | null = null;
  for (const it of dutiesIn(book, until)) {
    if (it.due_on > after && (next === null || order(it) < order(next))) next = it;
  }
  return next;
}

function* dutiesIn(book: Book, until: string): Generator<Duty> {
  const user = book.store.meta.user.id;
  for (const card of book.cards()) {
    yield* visits(card, user, until);
    yield* tasks(card, user, until);
    yield* dues(card, until);
    yield* contacts(card, until);
  }
}

function order({ due_on, kind, record }: Duty): string {
  return `${due_on} ${kind} ${record}`;
}

const NO_MONEY = { amount_fen: 0, title: "", purposes: [] } as const;

function* visits(card: Card, user: string, until: string): Generator<Duty> {
  for (const { id, officer, co_officer, state, planned_on, purposes } of card.visits) {
    if (officer !== null && officer !== user && co_officer !== user) continue;
    const due_on = planned_on ?? (state === "in_progress" ? until : null);
    if (due_on === null || (due_on > until && state !== "in_progress")) continue;
    yield { ...NO_MONEY, kind: "visit", card, record: id, due_on, purposes };
  }
}

function* tasks(card: Card, user: string, until: string): Generator<Duty> {
  for (const { id, title, due_on, assignee } of card.tasks) {
    if ((assignee ?? user) !== user || due_on === null || due_on > until) continue;
    yield { ...NO_MONEY, kind: "task", card, record: id, due_on, title };
  }
}

function* dues(card: Card, until: string): Generator<Duty> {
  for (const { id, loan_no, active, since, owed } of card.loans) {
    if (!active || since === null || since > until) continue;
    // What fell due together is collected together; the next installment is a duty of its own day.
    const first = owed.filter(([due_on]) => due_on <= since);
    const amount_fen = first.reduce((sum, [, fen]) => sum + fen, 0);
    const due = { kind: "repayment", card, record: id, due_on: since } as const;
    yield { ...NO_MONEY, ...due, title: loan_no, amount_fen };
  }
}

function* contacts(card: Card, until: string): Generator<Duty> {
  const { next_contact_on: due_on } = card;
  if (due_on === null || due_on > until) return;
  yield { ...NO_MONEY, kind: "contact", card, record: card.id, due_on };
}

// ------------------------------------------------------------------------------------------ status

export type Strip = "needs_attention" | "sending" | "old" | "waiting" | "all_synced";
export const OLD_AFTER_MS = 24 * 3_600_000;

/** How it stands with this tablet: what waits, what needs its user, how old the data is. */
export interface Status {
  readonly strip: Strip;
  /** Every set is accepted and the last pull has ended: proved, not assumed. */
  readonly all_synced: boolean;
  readonly states: Readonly<Record<SetState, number>>;
  /** Sets that are Ready or Sent. */
  readonly waiting: number;
  readonly attention: number;
  readonly synced_at: string | null;
  readonly data_as_of: string | null;
  readonly sent_at: string | null;
  readonly skew_seconds: number | null;
}

/** How it stands now; `sending`: a transfer is under way. */
export function status(book: Book, now: Date, sending: boolean): Status {
  const { meta, sets, drafts } = book.store;
  const states = { draft: drafts.size, ready: 0, sent: 0, accepted: 0, needs_attention: 0 };
  for (const set of sets) states[stateOf(book, set)] += 1;
  const needing = attention(book).length;
  const waiting = states.ready + states.sent;
  const { caught_up, synced_at, data_as_of, sent_at, skew_seconds } = meta;
  const all_synced = caught_up && waiting === 0 && states.needs_attention === 0;
  const strip = stripOf(needing > 0, sending, isOld(synced_at, now), all_synced);
  const facts = { synced_at, data_as_of, sent_at, skew_seconds };
  return { strip, all_synced, states, waiting, attention: needing, ...facts };
}

function stripOf(needing: boolean, sending: boolean, old: boolean, allSynced: boolean): Strip {
  if (needing) return "needs_attention";
  if (sending) return "sending";
  if (old) return "old";
  return allSynced ? "all_synced" : "waiting";
}

/** Whether everything that was ever entered here is with the branch, and nobody is asked for anything. */
export function isSent(book: Book): boolean {
  const { drafts, sets, meta } = book.store;
  return (
    meta.caught_up && drafts.size === 0 && sets.every((it) => stateOf(book, it) === "accepted")
  );
}

/** Whether no sync has been complete for a day; of a clock that went back, nothing is said. */
function isOld(syncedAt: string | null, now: Date): boolean {
  return syncedAt === null || now.getTime() - Date.parse(syncedAt) > OLD_AFTER_MS;
}

/** The state shown for a customer's own work: what needs attention first, then what waits; null: nothing. */
export function workStates(book: Book): Map<string, SetState> {
  const found = new Map<string, SetState>();
  const rank: readonly SetState[] = ["accepted", "draft", "sent", "ready", "needs_attention"];
  const note = (customer: string | null, state: SetState) => {
    if (customer === null) return;
    const known = found.get(customer);
    if (known === undefined || rank.indexOf(state) > rank.indexOf(known))
      found.set(customer, state);
  };
  for (const draft of book.store.drafts.values()) note(draft.customer, "draft");
  for (const set of book.store.sets) noteSet(book, set, note);
  for (const { customer } of attention(book)) note(customer, "needs_attention");
  return found;
}

function noteSet(
  book: Book,
  set: OwnSet,
  note: (customer: string | null, state: SetState) => void,
): void {
  const state = isUnanswered(set) ? set.state : stateOf(book, set);
  if (state === "answered" || state === "accepted") return;
  for (const change of set.content?.changes ?? []) note(change.customer, state);
}
