// What a loan application's form shows beside it: capacity and limit, from the records on this tablet.

import { type Appraisal, appraise } from "../lending/appraisal.ts";
import { summed } from "../lending/ratios.ts";
import type { Fields } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { replayed } from "./receipts.ts";
import { text } from "./views.ts";

/**
 * Appraises what an application's form holds. *records*: all under the customer. Null where there is
 * no survey yet, or none that can be read.
 */
export function appraisalOf(
  book: Book,
  application: { readonly id: string; readonly values: Fields },
  records: readonly View[],
  today: string,
): Appraisal | null {
  const living = records.filter((it) => !it.gone);
  const surveys = living.filter((it) => it.type === "cashflow_survey");
  const own = surveys.filter((it) => it.fields.application_id === application.id);
  const survey = newest(own.length > 0 ? own : surveys, "surveyed_on");
  if (survey === null) return null;
  const ratings = living.filter((it) => it.type === "credit_rating");
  const valid = ratings.filter((it) => text(it.fields.valid_to) >= today);
  const { values } = application;
  try {
    const papers = {
      survey: survey.fields,
      customer: living.find((it) => it.type === "customer")?.fields ?? {},
      product: book.product(text(values.product_id)),
      rating: newest(valid, "valid_to")?.fields ?? null,
      exposureFen: exposureFen(book, living, today),
    };
    return appraise(values, papers, today);
  } catch {
    return null; // a figure that cannot be keeps nobody from writing on
  }
}

/** The principal that the customer owes already. */
function exposureFen(book: Book, records: readonly View[], today: string): number {
  const running = records.filter((it) => it.type === "loan" && it.fields.state === "active");
  const owed = running.map((it) => {
    return replayed(book, it, records, today).state.outstandingPrincipalFen;
  });
  return Number(summed(owed));
}

function newest(records: readonly View[], by: string): View | null {
  const sorted = [...records].sort((one, other) => {
    const [a, b] = [text(one.fields[by]), text(other.fields[by])];
    if (a !== b) return a < b ? 1 : -1;
    return one.id < other.id ? 1 : -1;
  });
  return sorted[0] ?? null;
}
