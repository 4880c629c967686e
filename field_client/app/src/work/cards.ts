// What lists show of a customer, projected from all records under him; kept beside the records, so
// that the day's list and a search read no record.

import { type Replay, unpaidIn } from "../lending/allocation.ts";
import { type Taken, takenIn } from "../lending/cash_in_hand.ts";
import { type Facts, factsOf } from "../lending/facts.ts";
import { oldestUnpaid, papersOf, soFar } from "../lending/papers.ts";
import type { Fields } from "../schemas/declare.ts";
import { text, textOr } from "./views.ts";

/** Counts up when a card shows other things; the cards are then made anew from the records. */
export const CARDS = 2;

/** What a projection needs of a record: the server copy's and the view's have it alike. */
export interface Shown {
  readonly type: string;
  readonly id: string;
  readonly fields: Fields;
}

export interface LoanCard {
  readonly id: string;
  readonly loan_no: string;
  readonly active: boolean;
  /** Outstanding principal. */
  readonly principal_fen: number;
  /** Due date of the oldest installment with something unpaid. */
  readonly since: string | null;
  /** What is unpaid, by installment: due date and fen, without penalty. */
  readonly owed: readonly (readonly [string, number])[];
}

export interface VisitCard {
  readonly id: string;
  readonly state: string;
  readonly planned_on: string | null;
  readonly officer: string | null;
  readonly co_officer: string | null;
  readonly purposes: readonly string[];
}

export interface TaskCard {
  readonly id: string;
  readonly title: string;
  readonly due_on: string | null;
  readonly assignee: string | null;
}

export interface Card {
  readonly id: string;
  readonly name: string;
  readonly latin: string;
  readonly village: string | null;
  readonly customer_no: string;
  /** Numbers whose last digits people search by: id number, phones. */
  readonly numbers: readonly string[];
  readonly phone: string;
  readonly state: string;
  readonly next_contact_on: string | null;
  readonly loans: readonly LoanCard[];
  readonly visits: readonly VisitCard[];
  readonly tasks: readonly TaskCard[];
  /** Open conflicts. */
  readonly conflicts: readonly string[];
  /** Conflicts that have been settled. */
  readonly settled: readonly string[];
  /** Inspection notes that a supervisor returned. */
  readonly returned: readonly string[];
  /** What tells the tier, and when somebody was in touch; null: a loan's papers are not sound. */
  readonly facts: Facts | null;
  /** Cash for which a tablet's receipt was given. */
  readonly cash: readonly Taken[];
}

const DUE_STATES = new Set(["planned", "missed", "in_progress"]);

/** Project a customer's records; `product` gives the fields of a loan product. Null: no such customer. */
export function project(
  customer: string,
  records: readonly Shown[],
  product: (id: string) => Fields,
): Card | null {
  const own = records.find((it) => it.type === "customer" && it.id === customer);
  if (own === undefined) return null;
  const of = (type: string) => records.filter((it) => it.type === type);
  const f = own.fields;
  const loans = of("loan").map((loan) => ({
    loan,
    replayed: standingOfLoan(loan, records, product),
  }));
  const sound = loans.flatMap(({ loan: { fields }, replayed }) =>
    replayed === null ? [] : [{ fields, replayed }],
  );
  return {
    id: customer,
    name: text(f.name),
    latin: text(f.name_latin),
    village: textOr(f.village_id),
    customer_no: text(f.customer_no),
    numbers: ["id_no", "phone", "phone_alt"].map((it) => text(f[it])).filter((it) => it !== ""),
    phone: text(f.phone),
    state: text(f.state),
    next_contact_on: textOr(f.next_contact_on),
    loans: loans.map(({ loan, replayed }) => loanCard(loan, replayed)),
    visits: of("visit")
      .filter((it) => DUE_STATES.has(text(it.fields.state)))
      .map(visitCard),
    tasks: of("task")
      .filter((it) => it.fields.state === "open")
      .map(taskCard),
    conflicts: of("conflict")
      .filter((it) => it.fields.status === "open")
      .map((it) => it.id),
    settled: of("conflict")
      .filter((it) => it.fields.status !== "open")
      .map((it) => it.id),
    returned: of("inspection_note")
      .filter((it) => it.fields.state === "returned")
      .map((it) => it.id),
    facts: sound.length === loans.length ? factsOf(records, sound) : null,
    cash: takenIn(of("repayment")),
  };
}

/** A loan as of its newest receipt; null: its papers are not sound. */
function standingOfLoan(
  loan: Shown,
  records: readonly Shown[],
  product: (id: string) => Fields,
): Replay | null {
  try {
    return soFar(papersOf(loan, records, product(text(loan.fields.product_id))));
  } catch (error) {
    if (error instanceof RangeError) return null; // one odd loan may not hide its customer
    throw error;
  }
}

function loanCard(loan: Shown, replayed: Replay | null): LoanCard {
  const active = loan.fields.state === "active";
  const shown = { id: loan.id, loan_no: text(loan.fields.loan_no), active };
  if (!active || replayed === null) return { ...shown, principal_fen: 0, since: null, owed: [] };
  const unpaid = unpaidIn(replayed.state);
  return {
    ...shown,
    principal_fen: replayed.state.outstandingPrincipalFen,
    since: oldestUnpaid(unpaid),
    owed: unpaid,
  };
}

function visitCard({ id, fields }: Shown): VisitCard {
  const purposes = fields.purposes;
  return {
    id,
    state: text(fields.state),
    planned_on: textOr(fields.planned_on),
    officer: textOr(fields.officer_id),
    co_officer: textOr(fields.co_officer_id),
    purposes: Array.isArray(purposes) ? purposes.map((it) => text(it)) : [],
  };
}

function taskCard({ id, fields }: Shown): TaskCard {
  return {
    id,
    title: text(fields.title),
    due_on: textOr(fields.due_on),
    assignee: textOr(fields.assignee_id),
  };
}
