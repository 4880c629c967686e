// Rules of a loan application until it is submitted (domain.md, sections 4, 6.1 and 6.2).

import type { Change } from "../../schemas/messages.ts";
import {
  avoided,
  type Case,
  forbidden,
  type Guard,
  movingTo,
  notYet,
  type Rule,
  setting,
} from "./asking.ts";
import { outstandingFen } from "./money.ts";
import { textsOf } from "./sight.ts";
import { SUBMITTING } from "./submitting.ts";

const OPEN = ["draft", "returned"];
const ASKED = [
  "amount_fen",
  "term_months",
  "maturity_date",
  "method",
  "rate_bps",
  "plan",
  "purpose",
  "purpose_note",
];
const CREATED = ({ op }: Change) => op === "create";

/** RSP-2: no new application where lending is suspended, and none for a customer who is blocked. */
const mayBegin: Rule = ({ isNew, sight, actor, after }) => {
  if (!isNew) return null;
  const customer = sight.record(after.customer);
  if (customer?.fields.state === "blocked") return forbidden(null, "customer-blocked");
  const places = [
    ...sight.unitsFrom(sight.unitOf(actor.user)),
    ...sight.unitsFrom(customer?.fields.village_id),
    actor.user,
  ];
  const suspended = places.some((it) => sight.record(it)?.fields.lending_suspended === true);
  return suspended ? forbidden("RSP-2") : null;
};

/** What is asked for is the officer's until it is submitted, and nobody's afterwards. */
const askedUntilSubmitted: Rule = (asked) => {
  if (asked.isNew || OPEN.includes(String(asked.before.state))) return null;
  const changed = ASKED.find((it) => asked.sets(it));
  return changed === undefined ? null : forbidden(null, "after-submit", changed);
};

/** A loan is restructured that is the customer's, and on which something is owed. */
const loanRuns: Rule = (asked) => {
  const { sight, fields, after, isNew } = asked;
  if ((fields.loan_id ?? null) === null || !(isNew || asked.movesTo("submitted"))) return null;
  const loan = sight.record(fields.loan_id);
  const mine = loan?.type === "loan" && loan.customer === after.customer;
  const runs = loan !== null && mine && outstandingFen(sight, loan) > 0;
  return runs ? null : notYet("restructure-loan", "loan_id");
};

const BETTER = [
  ["rate_bps", "rate_bps_min", -1],
  ["amount_fen", "max_amount_fen", 1],
  ["term_months", "max_term_months", 1],
] as const;

/** The term on which a customer would do better than the product lets any; none is null. */
function betterThanStandard({ sight, fields }: Case): string | null {
  const product = sight.record(fields.product_id)?.fields ?? {};
  const found = BETTER.find(([name, bound, sign]) => {
    const [value, limit] = [fields[name], product[bound]];
    return typeof value === "number" && typeof limit === "number" && (value - limit) * sign > 0;
  });
  return found?.[0] ?? null;
}

/** SOD-5: no relative among those who handle it; for one no unsecured loan, and no better terms. */
const keptApart: Rule = (asked) => {
  const { sight, fields, actor, after } = asked;
  for (const field of ["officer_id", "co_officer_id"]) {
    const found = asked.sets(field) ? avoided(asked, after.customer, [fields[field]], field) : null;
    if (found) return found;
  }
  if (asked.sets("state")) {
    const found = avoided(asked, after.customer, [actor.user]);
    if (found) return found;
  }
  const security = textsOf(fields, "security");
  const unsecured = security.includes("unsecured") || security.length === 0;
  const related = sight.relatives(new Set([after.customer])).size > 0;
  if (!asked.movesTo("submitted") || !related) return null;
  const field = unsecured ? "security" : betterThanStandard(asked);
  return field === null ? null : forbidden("SOD-5", null, field);
};

/** In the order in which they are asked. */
export const APPLICATIONS: readonly Guard[] = [
  { says: mayBegin, concerns: CREATED },
  { says: askedUntilSubmitted, concerns: setting(...ASKED) },
  {
    says: loanRuns,
    concerns: (it) =>
      it.op === "create" ? "loan_id" in (it.set ?? {}) : movingTo("submitted")(it),
  },
  {
    says: keptApart,
    concerns: (it) => CREATED(it) || setting("officer_id", "co_officer_id", "state")(it),
  },
  ...SUBMITTING,
];
