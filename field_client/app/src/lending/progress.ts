// How far an officer has come in a month, by the indicators that follow from records on a tablet
// (domain.md, section 8.9).
//
// Over the server copy alone a figure is what the branch has accepted, with own work on top what this
// tablet knows. That a finding was closed in time is told by its level: the server raises that of an
// open one as soon as its day is past (section 6.5). What only the branch can tell (sync age) has no
// figure here.

import type { Fields, Json } from "../schemas/declare.ts";
import { type LoanPapers, replay } from "./allocation.ts";
import { scheduledFen } from "./amounts.ts";
import { type Day, dayNumber, daysBetween, numberedDay } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { isOnTime } from "./indicators.ts";
import { inspectionsDue, isInTime } from "./inspections_due.ts";
import type { InstallmentBalance } from "./line.ts";
import { localDay } from "./local_day.ts";
import { papersOf } from "./papers.ts";
import { shareBps } from "./ratios.ts";
import { classByDays, isNpl } from "./risk_class.ts";

const SURVEY_MONTHS = 12;
const PAR_DAYS = 30;
const SETTLED_WITHIN_DAYS = 1;
const DONE = ["completed", "accepted"];

export interface Kept {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly fields: Fields;
}

/** An officer's records and the month looked at. */
export interface Month {
  readonly records: readonly Kept[];
  readonly officer: string;
  readonly first: Day;
  /** The last day that counts. */
  readonly until: Day;
  readonly isAhead: boolean;
  readonly productOf: (id: Json) => Fields | null;
  readonly loans: readonly { readonly fields: Fields; readonly papers: LoanPapers }[];
}

/** What figures are counted from. *period*: `YYYY-MM`; *productOf* finds a product, for the penalty. */
export function monthOf(
  records: readonly Kept[],
  productOf: (id: Json) => Fields | null,
  officer: string,
  period: string,
  today: Day,
): Month {
  const first = `${period}-01`;
  const last = dayBefore(dueAfter(first, 1));
  const byCustomer = new Map<string | null, Kept[]>();
  for (const it of records) {
    const known = byCustomer.get(it.customer);
    if (known) known.push(it);
    else byCustomer.set(it.customer, [it]);
  }
  const loans = records
    .filter((it) => it.type === "loan" && it.fields.officer_id === officer)
    .map((loan) => {
      const product = productOf(loan.fields.product_id ?? null);
      const papers = papersOf(loan, byCustomer.get(loan.customer) ?? [], product);
      return { fields: loan.fields, papers };
    });
  const until = today < last ? today : last;
  return { records, officer, first, until, isAhead: first > today, productOf, loans };
}

/** A rate in basis points; null where nothing was due, or only the branch can tell. */
export function progressOf(month: Month, metric: string): number | null {
  const count = COUNTED[metric];
  return count === undefined || month.isAhead ? null : count(month);
}

// ------------------------------------------------------------------------------------------ visits

/** The visits that were first planned for a day of the month so far, but those cancelled. */
function planned({ records, officer, first, until }: Month): readonly Fields[] {
  return records
    .filter((it) => it.type === "visit" && it.fields.officer_id === officer)
    .map((it) => it.fields)
    .filter((it) => it.state !== "cancelled")
    .filter((it) => first <= firstDay(it) && firstDay(it) <= until);
}

function firstDay(visit: Fields): Day {
  return String(visit.original_planned_on ?? visit.planned_on ?? "");
}

function isCompleted({ state }: Fields): boolean {
  return DONE.includes(String(state));
}

function visitCompletion(month: Month): number | null {
  const base = planned(month);
  return shareBps(
    base.filter((it) => isCompleted(it) && it.outcome === "done").length,
    base.length,
  );
}

function onTimeVisits(month: Month): number | null {
  const base = planned(month);
  const onTime = base.filter((it) => {
    const arrived = it.arrived_at;
    if (!isCompleted(it) || typeof arrived !== "string") return false;
    const day = localDay(arrived);
    return day !== null && isOnTime(day, firstDay(it));
  });
  return shareBps(onTime.length, base.length);
}

// ------------------------------------------------------------------------------------------- money

function onTimeCollection({ loans, first, until }: Month): number | null {
  let due = 0;
  let onTime = 0;
  for (const { papers } of loans) {
    for (const row of papers.schedule) {
      if (row.dueDate < first || row.dueDate > until) continue;
      const amount = scheduledFen(row);
      due += amount;
      onTime += amount - left(papers, row.dueDate, new Set([row.seq]));
    }
  }
  return shareBps(onTime, due);
}

function cleanUp({ loans, first, until }: Month): number | null {
  let open = 0;
  let still = 0;
  for (const { papers } of loans) {
    const eve = dayBefore(first);
    const before = replay(papers, eve).state.balances;
    const late = new Set(
      before.filter((it) => it.dueDate < first && scheduledFen(it) > 0).map((it) => it.seq),
    );
    open += left(papers, eve, late);
    still += left(papers, until, late);
  }
  return shareBps(open - still, open);
}

function left(papers: LoanPapers, on: Day, seqs: ReadonlySet<number>): number {
  const of = (balances: readonly InstallmentBalance[]) => balances.filter((it) => seqs.has(it.seq));
  return of(replay(papers, on).state.balances).reduce((sum, it) => sum + scheduledFen(it), 0);
}

/** The share of outstanding principal on loans whose days past due are bad. */
function shareOf({ loans, until }: Month, isBad: (dpd: number) => boolean): number | null {
  let gross = 0;
  let bad = 0;
  for (const { fields, papers } of loans) {
    if ((fields.state ?? "active") !== "active") continue;
    const { outstandingPrincipalFen, dpd } = replay(papers, until).state;
    gross += outstandingPrincipalFen;
    if (isBad(dpd)) bad += outstandingPrincipalFen;
  }
  return shareBps(bad, gross);
}

/** Of the cash the officer took, reversed receipts aside: in a confirmed deposit of its day or the next. */
function depositDiscipline({ records, officer, first, until }: Month): number | null {
  const receipts = records.filter((it) => it.type === "repayment");
  const undone = new Set(receipts.map((it) => it.fields.reverses_id));
  const settled = new Map<Json, Day>();
  for (const { type, fields } of records) {
    if (type !== "cash_deposit" || fields.state !== "confirmed") continue;
    const ids = Array.isArray(fields.receipt_ids) ? fields.receipt_ids : [];
    for (const id of ids) settled.set(id, String(fields.business_date));
  }
  let cash = 0;
  let inTime = 0;
  for (const { id, fields } of receipts) {
    const mine = fields.collected_by === officer && fields.channel === "cash";
    if (!mine || fields.reverses_id || undone.has(id)) continue;
    const day = String(fields.value_date);
    if (day < first || day > until) continue;
    const handedIn = settled.get(id);
    cash += Number(fields.amount_fen);
    if (handedIn !== undefined && daysBetween(day, handedIn) <= SETTLED_WITHIN_DAYS) {
      inTime += Number(fields.amount_fen);
    }
  }
  return shareBps(inTime, cash);
}

// ------------------------------------------------------------------------------------- inspections

function inspectionTimeliness({ records, productOf, officer, first, until }: Month): number | null {
  const due = inspectionsDue(records, productOf, officer, first, until);
  return shareBps(due.filter(isInTime).length, due.length);
}

/** Of the findings to be put right by a day of the month so far, the waived aside: those closed. */
function findingClosure({ records, officer, first, until }: Month): number | null {
  const due = records
    .filter((it) => it.type === "finding" && it.fields.owner_id === officer)
    .map((it) => it.fields)
    .filter((it) => it.state !== "waived")
    .filter(({ due_on: on }) => typeof on === "string" && first <= on && on <= until);
  return shareBps(due.filter((it) => it.state === "closed" && !it.level).length, due.length);
}

// -------------------------------------------------------------------------------------------- data

function dataFreshness({ records, until }: Month): number | null {
  const active = records.filter((it) => it.type === "customer" && it.fields.state === "active");
  const fresh = new Set(
    records
      .filter((it) => it.type === "cashflow_survey")
      .filter(({ fields: { surveyed_on: on } }) => {
        return typeof on === "string" && on <= until && until <= dueAfter(on, SURVEY_MONTHS);
      })
      .map((it) => it.customer),
  );
  return shareBps(active.filter((it) => fresh.has(it.id)).length, active.length);
}

const COUNTED: Readonly<Record<string, (month: Month) => number | null>> = {
  visit_completion: visitCompletion,
  on_time_visits: onTimeVisits,
  on_time_collection: onTimeCollection,
  clean_up: cleanUp,
  par30: (month) => shareOf(month, (dpd) => dpd > PAR_DAYS),
  npl: (month) => shareOf(month, (dpd) => isNpl(classByDays(dpd))),
  inspection_timeliness: inspectionTimeliness,
  finding_closure: findingClosure,
  data_freshness: dataFreshness,
  deposit_discipline: depositDiscipline,
};

function dayBefore(day: Day): Day {
  return numberedDay(dayNumber(day) - 1);
}
