// A customer's records as the rules read them: loans with what is owed, notes with their day.

import type { Fields, Json } from "../../schemas/declare.ts";
import { isSettled, type LoanState, replay } from "../allocation.ts";
import { type Day, dayNumber, numberedDay } from "../day.ts";
import { dayOfMillis, localDay } from "../local_day.ts";
import { papersOf } from "../papers.ts";
import { NUMBERS, type NumberKey } from "./numbers.ts";
import { compare } from "./signals.ts";

const SIGNED: readonly Json[] = ["signed", "confirmed"];
const AFTER_THE_LOAN: readonly Json[] = ["first_followup", "routine", "supervisory"];

/** A living record, fields of maps by their dotted path. */
export interface Kept {
  readonly type: string;
  readonly id: string;
  readonly fields: Fields;
}

/** A loan of somebody bound to the customer, by a group or a guarantee 联保、担保圈. */
export interface Late {
  readonly customer: string;
  readonly loan: string;
  readonly oldest_unpaid_on: Day;
}

/** An entry of the watchlist 黑名单 that names the customer. */
export interface Listed {
  readonly id: string;
  readonly valid_from: Day | null;
  readonly valid_to: Day | null;
}

/** Disaster, disease or price fall declared for villages and segments (none named: all). */
export interface Disaster {
  readonly id: string;
  readonly villages: readonly string[];
  readonly segments: readonly string[];
  readonly declared_on: Day;
  readonly until: Day | null;
}

/**
 * What the rules may know of one customer on a business date. `circle` names loans with arrears of
 * those bound to the customer, as far as this device holds them; `numbers` are parameters that differ
 * from `NUMBERS`; `is_large` comes from the list of W14.
 */
export interface Given {
  readonly customer: string;
  readonly as_of: Day;
  readonly records: readonly Kept[];
  readonly circle?: readonly Late[];
  readonly watchlist?: readonly Listed[];
  readonly disasters?: readonly Disaster[];
  readonly is_large?: boolean;
  readonly numbers?: Readonly<Partial<Record<NumberKey, number>>>;
}

/** An active loan and what is owed of it on the day. */
export interface Owing {
  readonly id: string;
  readonly fields: Fields;
  readonly state: LoanState;
  /** The due date of the oldest installment with something unpaid; today where none is late. */
  readonly lateSince: Day;
}

/** An inspection after a loan, with its day. */
export interface Note {
  readonly day: Day;
  readonly note: Kept;
}

export class Dossier {
  readonly given: Given;
  readonly today: Day;
  readonly household: Fields;
  /** The active loans of which something is owed, by id. */
  readonly loans: readonly Owing[];
  /** The newest last; drafts are among them. */
  readonly notes: readonly Note[];

  constructor(given: Given) {
    this.given = given;
    this.today = given.as_of;
    const own = this.of("customer").find((it) => it.id === given.customer);
    this.household = own?.fields ?? {};
    this.loans = this.of("loan").flatMap((loan) => this.owing(loan));
    this.notes = this.of("inspection_note")
      .filter((it) => AFTER_THE_LOAN.includes(it.fields.kind ?? null))
      .map((note) => ({ day: noteDay(note), note }))
      .sort((one, other) => compare(one.day, other.day) || compare(one.note.id, other.note.id));
  }

  /** A threshold: the lender's own, or the usual one. */
  number(key: NumberKey): number {
    return this.given.numbers?.[key] ?? NUMBERS[key];
  }

  /** The records of a type, by id. */
  of(type: string): Kept[] {
    const found = this.given.records.filter((it) => it.type === type);
    return found.sort((one, other) => compare(one.id, other.id));
  }

  /** The signed inspections of a loan, the newest last; one that names no loan is of all. */
  signedNotes(loan: string): readonly Note[] {
    return this.notes.filter(({ note: { fields } }) => {
      const about = fields.loan_id ?? loan;
      return SIGNED.includes(fields.state ?? null) && about === loan;
    });
  }

  /** Of each loan the newest note of *kind* that answers *qid*. */
  latestAnswers(kind: string, qid: string): readonly (Note & { readonly value: Json })[] {
    const newest = new Map<Json, Note & { readonly value: Json }>();
    for (const { day, note } of this.notes) {
      const value = note.fields[`answers.${qid}.value`] ?? null;
      if (note.fields.kind !== kind || value === null) continue;
      newest.set(note.fields.loan_id ?? null, { day, note, value });
    }
    return [...newest.values()];
  }

  private owing(loan: Kept): readonly Owing[] {
    if ((loan.fields.state ?? "active") !== "active") return [];
    const product = this.of("product").find((it) => it.id === loan.fields.product_id);
    const papers = papersOf(loan, this.given.records, product?.fields ?? null);
    const { state } = replay(papers, this.today);
    if (isSettled(state)) return [];
    return [{ ...loan, state, lateSince: plusDays(this.today, -state.dpd) }];
  }
}

/** The date *days* later. */
export function plusDays(day: Day, days: number): Day {
  return numberedDay(dayNumber(day) + days);
}

/**
 * The day of an inspection: that of its making, by its id; else of its first signature. Neither
 * changes any more once it is known, so that every maker names the same month.
 */
function noteDay(note: Kept): Day {
  const times = Object.entries(note.fields)
    .filter(([path]) => path.startsWith("signed_by.") && path.endsWith(".at"))
    .map(([, at]) => String(at))
    .sort();
  const signed = times[0] === undefined ? null : localDay(times[0]);
  return madeOn(note.id) ?? signed ?? "0001-01-01";
}

/** The business date that a UUID of version 7 tells; null for another. */
function madeOn(id: string): Day | null {
  if (id[14] !== "7") return null;
  return dayOfMillis(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** A keyed map by its keys: `valuations.a.value_fen` becomes `{a: {value_fen: …}}`. */
export function leaves(fields: Fields, name: string): ReadonlyMap<string, Record<string, Json>> {
  const found = new Map<string, Record<string, Json>>();
  for (const path of Object.keys(fields).sort()) {
    const [map, key, leaf, more] = path.split(".");
    const value = fields[path] ?? null;
    if (map !== name || key === undefined || leaf === undefined || more !== undefined) continue;
    if (value === null) continue;
    found.set(key, { ...found.get(key), [leaf]: value });
  }
  return found;
}

export function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" ? value : null;
}

export function wholeOf(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}
