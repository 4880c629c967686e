// What a customer's records say to the tier, whatever the day: a card keeps it.

import type { Fields, Json } from "../schemas/declare.ts";
import { type Replay, type Split, unpaidIn } from "./allocation.ts";
import { oldestUnpaid } from "./arrears.ts";
import type { Day } from "./day.ts";
import { dayOfVisit, localDay } from "./local_day.ts";
import { sumOf } from "./whole.ts";

const NON_PERFORMING: ReadonlySet<Json> = new Set(["substandard", "doubtful", "loss"]);

/** A living record. */
interface Kept {
  readonly type: string;
  readonly fields: Fields;
}

/**
 * What a customer's records say, whatever the day: a list may keep it, and tell the tier of any day on
 * or after the newest receipt without a replay.
 */
export interface Facts {
  /** The days on which somebody was in touch. */
  readonly contacts: readonly Day[];
  /** Of each payment its day, and the interest in it. */
  readonly paid: readonly (readonly [Day, number])[];
  readonly finishedCycles: number;
  readonly activeLoans: number;
  /** The oldest due date with something unpaid, of the active loans. */
  readonly since: Day | null;
  /** Whether an active loan is classed as non-performing. */
  readonly isNpl: boolean;
}

/** A loan with its receipts put on its schedule. */
export interface ReplayedLoan {
  readonly fields: Fields;
  readonly replayed: Replay;
}

/** *loans*: all of the customer's. */
export function factsOf(records: readonly Kept[], loans: readonly ReplayedLoan[]): Facts {
  const active = loans.filter(({ fields }) => (fields.state ?? "active") === "active");
  const unpaid = active.flatMap(({ replayed }) => unpaidIn(replayed.state));
  return {
    contacts: records.flatMap((it) => contactOf(it) ?? []),
    paid: loans.flatMap(({ replayed }) => replayed.splits.map(interestIn)),
    finishedCycles: loans.filter(({ fields }) => fields.state === "settled").length,
    activeLoans: active.length,
    since: oldestUnpaid(unpaid),
    isNpl: active.some(({ fields }) => NON_PERFORMING.has(fields.risk_class ?? null)),
  };
}

/** The day of a contact: an interaction, a visit at which somebody was met, or what an import says. */
function contactOf(record: Kept): Day | null {
  const { at, outcome, last_contact_on } = record.fields;
  if (record.type === "customer") {
    return typeof last_contact_on === "string" ? last_contact_on : null;
  }
  if (record.type === "interaction") return typeof at === "string" ? localDay(at) : null;
  return record.type === "visit" && outcome === "done" ? dayOfVisit(record) : null;
}

function interestIn({ repayment, parts }: Split): readonly [Day, number] {
  return [repayment.valueDate, sumOf(parts, (part) => part.interestFen, "interest_fen")];
}
