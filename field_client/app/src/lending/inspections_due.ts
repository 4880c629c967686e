// Inspections that fell due in a stretch of days, and which were done in time 检查及时率 (domain.md,
// sections 7 and 8.9).
//
// An inspection is due when W11 would begin to count: the first after `first_followup_days`, each later
// one by the rhythm of the loan as it stood when it was done, or stands at the end where it was not.

import type { Fields, Json } from "../schemas/declare.ts";
import type { Day } from "./day.ts";
import { numbersFor } from "./early_warning/declared.ts";
import { Dossier, plusDays, textOf } from "./early_warning/dossier.ts";
import { nextInspection } from "./early_warning/inspection_rules.ts";

export interface Kept {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly fields: Fields;
}

/** An inspection that was due on a day; `doneOn` is null where it is still to be done. */
export interface Due {
  readonly loan: string;
  readonly dueOn: Day;
  readonly doneOn: Day | null;
}

export function isInTime({ dueOn, doneOn }: Due): boolean {
  return doneOn !== null && doneOn <= dueOn;
}

/**
 * The inspections of an officer's loans that fell due on a day from *first* to *until*. *records* are
 * those of all customers, and with them parameters and units. A loan that was paid back or written
 * off needs none.
 */
export function inspectionsDue(
  records: readonly Kept[],
  productOf: (id: Json) => Fields | null,
  officer: string,
  first: Day,
  until: Day,
): readonly Due[] {
  const byCustomer = new Map<string, Kept[]>();
  for (const it of records) {
    if (it.customer === null) continue;
    const known = byCustomer.get(it.customer);
    if (known) known.push(it);
    else byCustomer.set(it.customer, [it]);
  }
  const parents = new Map(
    records.filter((it) => it.type === "org_unit").map((it) => [it.id, it.fields.parent_id]),
  );
  const parameters = records
    .filter((it) => it.type === "parameter")
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  return [...byCustomer].flatMap(([customer, own]) => {
    const mine = own.filter((it) => it.type === "loan" && it.fields.officer_id === officer);
    if (mine.length === 0) return [];
    const home = own.find((it) => it.id === customer)?.fields.village_id;
    const numbers = numbersFor(parameters, unitsFrom(parents, home), until);
    const given = { customer, records: [...own, ...productsOf(mine, productOf)], numbers };
    const on = (day: Day) => new Dossier({ ...given, as_of: day });
    const atEnd = on(until);
    return mine.flatMap((loan): Due[] => {
      const begun = String(loan.fields.disbursed_on);
      const signed = atEnd
        .signedNotes(loan.id)
        .map(({ day }) => day)
        .filter((day) => begun <= day && day <= until);
      return [null, ...signed].flatMap((since, at): Due[] => {
        const doneOn = signed[at] ?? null;
        const dueOn = dueAfterLast(doneOn === null ? atEnd : on(doneOn), loan, since);
        const falls = dueOn !== null && first <= dueOn && dueOn <= until;
        return falls ? [{ loan: loan.id, dueOn, doneOn }] : [];
      });
    });
  });
}

/** The day on which the inspection after that of *since* is due; null: it needs none. */
function dueAfterLast(dossier: Dossier, loan: Kept, since: Day | null): Day | null {
  const owing = dossier.loans.find((it) => it.id === loan.id);
  if (owing === undefined) return null;
  if (since !== null) return nextInspection(dossier, owing, since);
  return plusDays(String(loan.fields.disbursed_on), dossier.number("first_followup_days"));
}

function productsOf(loans: readonly Kept[], productOf: (id: Json) => Fields | null) {
  return [...new Set(loans.map((it) => textOf(it.fields, "product_id")))].flatMap((id) => {
    const fields = id === null ? null : productOf(id);
    return id === null || fields === null ? [] : [{ type: "product", id, customer: null, fields }];
  });
}

/** A unit and all that lie above it, the nearest first. */
function unitsFrom(parents: ReadonlyMap<string, Json | undefined>, unit: Json | undefined) {
  const found: string[] = [];
  for (let it = unit; typeof it === "string" && it && !found.includes(it); it = parents.get(it)) {
    found.push(it);
  }
  return found;
}
