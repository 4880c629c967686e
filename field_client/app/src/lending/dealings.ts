// What a customer's records say to the tier 客户分层 (domain.md, section 8.8): payments, contacts, cycles.

import type { Fields, Json } from "../schemas/declare.ts";
import { replay } from "./allocation.ts";
import { daysPastDueSince } from "./arrears.ts";
import type { Dealings } from "./customer_tier.ts";
import type { Day } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import type { Kept } from "./early_warning/dossier.ts";
import { type Facts, factsOf } from "./facts.ts";
import { papersOf } from "./papers.ts";
import { summed } from "./ratios.ts";
import { isNpl, systemClass } from "./risk_class.ts";
import { counted } from "./whole.ts";

const YEAR_MONTHS = 12;

/** Reads a customer's living records; *productOf* finds a loan's product, for the penalty. */
export function dealingsOf(
  records: readonly Kept[],
  productOf: (id: Json) => Fields | null,
  today: Day,
): Dealings {
  const loans = records.filter((it) => it.type === "loan");
  const replayed = loans.map((loan) => {
    const papers = papersOf(loan, records, productOf(loan.fields.product_id ?? null));
    return { fields: loan.fields, replayed: replay(papers, today) };
  });
  return dealingsOn(factsOf(records, replayed), today);
}

/** What the tier looks at, on a day. */
export function dealingsOn(facts: Facts, today: Day): Dealings {
  const contacts = facts.contacts.filter((day) => day <= today);
  const paid = facts.paid.filter(([day]) => day <= today);
  const dpd = daysPastDueSince(facts.since, today);
  return {
    lastOn: latest([...contacts, ...paid.map(([day]) => day)]),
    lastContactOn: latest(contacts),
    finishedCycles: facts.finishedCycles,
    interestFen: recentInterestFen(paid, today),
    hasActiveLoan: facts.activeLoans > 0,
    dpd,
    isNpl: isNpl(systemClass(dpd)) || facts.isNpl,
  };
}

/** The interest received in the last twelve months. */
function recentInterestFen(paid: Facts["paid"], today: Day): number {
  const recent = paid.filter(([day]) => today <= dueAfter(day, YEAR_MONTHS));
  return counted(summed(recent.map(([, fen]) => fen)), "interest_fen");
}

/** Days compare as text. */
function latest(days: readonly Day[]): Day | null {
  return days.reduce<Day | null>((last, it) => (last === null || it > last ? it : last), null);
}
