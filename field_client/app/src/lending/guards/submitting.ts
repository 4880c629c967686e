// What must be there before an application is submitted (domain.md, sections 4 and 6.1).

import type { Fields } from "../../schemas/declare.ts";
import { dueAfter } from "../due_dates.ts";
import { type Case, type Guard, movingTo, notYet, type Rule } from "./asking.ts";
import { exposureFen, isNpl, isSecured, netAssetsFen } from "./money.ts";
import { type Known, type Sight, textOf, textsOf, wholeOf } from "./sight.ts";

const FIVE_C = ["character", "capacity", "capital", "collateral", "conditions"];
const NOTE_CHARACTERS = 10;
const SIGNED = ["signed", "confirmed"];
const ENDED = ["withdrawn", "declined", "lapsed", "disbursed"];

// --------------------------------------------------------------------------------- what is there

function surveysOf({ sight, after }: Case): readonly Known[] {
  return sight.naming("cashflow_survey", "application_id", after.id);
}

/** The latest valid rating that rests on a survey of the application. */
function ratingOf(asked: Case): Known | null {
  const named = new Set(surveysOf(asked).map((it) => it.id));
  const valid = asked.sight
    .under(asked.after.customer, "credit_rating")
    .filter(({ fields }) => named.has(String(fields.survey_id)))
    .filter(({ fields }) => (textOf(fields, "valid_to") ?? "") >= asked.sight.today);
  return valid.at(-1) ?? null;
}

function signedInspections({ sight, after }: Case): readonly Known[] {
  return sight
    .naming("inspection_note", "application_id", after.id)
    .filter(({ fields }) => fields.kind === "pre_loan" && SIGNED.includes(String(fields.state)));
}

const isComplete: Rule = (asked) => {
  const { sight, after, fields } = asked;
  if (!surveysOf(asked).some((it) => it.fields.state === "locked")) return notYet("survey-missing");
  if (ratingOf(asked) === null) return notYet("rating-missing");
  if (signedInspections(asked).length === 0) return notYet("inspection-missing");
  if (!sight.record(after.customer)?.fields.consent_attachment_id) return notYet("consent-missing");
  const open = FIVE_C.find((it) => !isJudged(fields, it));
  return open === undefined ? null : notYet("five-c-incomplete", `five_c.${open}.note`);
};

function isJudged(fields: Fields, name: string): boolean {
  const note = textOf(fields, `five_c.${name}.note`) ?? "";
  const scored = (fields[`five_c.${name}.score`] ?? null) !== null;
  return scored && [...note.trim()].length >= NOTE_CHARACTERS;
}

// ---------------------------------------------------------------------------- two investigators

/** SOD-4: that a second investigator is needed is said before anything else that is missing. */
const secondIsNamed: Rule = (asked) => {
  if ((asked.fields.co_officer_id ?? null) !== null || !needsTwo(asked)) return null;
  return notYet("two-investigators", "co_officer_id", "SOD-4");
};

/** SOD-4: a large, a first or a secured loan has two, each of whom was there and signed. */
const seenByTwo: Rule = (asked) => {
  if (!needsTwo(asked)) return null;
  const both = [textOf(asked.fields, "officer_id"), textOf(asked.fields, "co_officer_id")];
  const seen = signedInspections(asked).some(({ fields }) => {
    const signers = Object.entries(fields)
      .filter(([path]) => path.startsWith("signed_by.") && path.endsWith(".user"))
      .map(([, it]) => it);
    return both.every((it) => signers.includes(it) && wasThere(asked, it));
  });
  return seen ? null : notYet("two-investigators", "state", "SOD-4");
};

function needsTwo({ sight, fields, after }: Case): boolean {
  const unit = sight.unitOf(fields.officer_id);
  const large = exposureFen(sight, after) > sight.number("two_investigators_above_fen", unit);
  return large || sight.under(after.customer, "loan").length === 0 || isSecured(fields);
}

function wasThere({ sight, after }: Case, user: string | null): boolean {
  return sight.under(after.customer, "visit").some(({ fields }) => {
    const first = fields.officer_id === user && Boolean(fields.arrived_at);
    return first || (fields.co_officer_id === user && Boolean(fields.co_arrived_at));
  });
}

// --------------------------------------------------------------------------------- within policy

const BOUNDS = [
  ["amount_fen", "min_amount_fen", "max_amount_fen"],
  ["term_months", "min_term_months", "max_term_months"],
  ["rate_bps", "rate_bps_min", "rate_bps_max"],
] as const;
const LISTED = [
  ["method", "methods"],
  ["purpose", "purposes"],
] as const;

/** What is outside the product, the limit or the customer's record is flagged as an exception. */
const withinPolicy: Rule = (asked) => {
  const { sight, fields } = asked;
  if (fields.exception === true) return null;
  const product = sight.record(fields.product_id)?.fields ?? {};
  const renews = (fields.loan_id ?? null) !== null;
  for (const [name, least, most] of BOUNDS) {
    const value = fields[name];
    if (typeof value !== "number" || (renews && name === "amount_fen")) continue;
    const above = typeof product[most] === "number" && value > product[most];
    if (above || value < wholeOf(product, least)) return notYet("outside-the-product", name);
  }
  for (const [name, listed] of LISTED) {
    const allowed = textsOf(product, listed);
    if (allowed.length > 0 && !allowed.includes(String(fields[name] ?? ""))) {
      return notYet("outside-the-product", name);
    }
  }
  if (!isOfAge(asked)) return notYet("age-at-maturity", "exception");
  const rating = renews ? null : ratingOf(asked);
  if (rating !== null && wholeOf(fields, "amount_fen") > wholeOf(rating.fields, "limit_fen")) {
    return notYet("over-the-limit", "amount_fen");
  }
  return inTrouble(asked) ? notYet("red-or-npl", "exception") : null;
};

/** Neither too young nor too old on the last day; who has no number is the reviewer's to judge. */
function isOfAge({ sight, fields, after }: Case): boolean {
  const born = textOf(sight.record(after.customer)?.fields ?? {}, "id_no")?.slice(6, 14);
  if (born === undefined) return true;
  const last =
    textOf(fields, "maturity_date") ?? dueAfter(sight.today, wholeOf(fields, "term_months") || 1);
  const [year = "", month = "", day = ""] = last.split("-");
  const age = Number(year) - Number(born.slice(0, 4)) - (`${month}${day}` < born.slice(4) ? 1 : 0);
  const unit = sight.unitOf(fields.officer_id);
  return sight.number("age_least", unit) <= age && age <= sight.number("age_most", unit);
}

/** The customer or a related one has a non-performing loan or a red signal. */
function inTrouble({ sight, after }: Case): boolean {
  const customers = new Set([after.customer, ...sight.related(after.customer)]);
  const red = sight.of("warning_signal").some(({ customer, fields }) => {
    const stands = fields.state !== "cleared" && fields.state !== "dismissed";
    return customers.has(customer) && fields.severity === "red" && stands;
  });
  return red || sight.of("loan").some((it) => customers.has(it.customer) && isNpl(sight, it));
}

/** A member of a frozen group asks only as an exception; on the group's word, within its agreement. */
const groupIsNotFrozen: Rule = ({ sight, fields, after }) => {
  const group = sight.record(sight.record(after.customer)?.fields.group_id)?.fields;
  if (group === undefined || fields.exception === true) return null;
  if (group.state === "frozen") return notYet("group-frozen", "exception");
  if (!textsOf(fields, "security").includes("group")) return null;
  if ((textOf(group, "expires_on") ?? sight.today) < sight.today) {
    return notYet("group-agreement-over", "security");
  }
  const most = wholeOf(group, "max_per_member_fen");
  const over = most > 0 && wholeOf(fields, "amount_fen") > most;
  return over ? notYet("over-the-group-s-most", "amount_fen") : null;
};

/** Whoever guarantees does so for half of what is owned at most, all guarantees together. */
const guarantorsCanPay: Rule = ({ sight, fields, after }) => {
  if (fields.exception === true) return null;
  const share = sight.number("guarantee_share_bps", sight.unitOf(fields.officer_id));
  const over = sight.naming("guarantor", "application_id", after.id).some((mine) => {
    const guarantor = sight.record(mine.fields.guarantor_customer_id);
    const owned = guarantor === null ? null : netAssetsFen(sight, guarantor);
    if (guarantor === null || owned === null) return false;
    const binding = sight
      .naming("guarantor", "guarantor_customer_id", guarantor.id)
      .filter((it) => stillBinds(sight, it));
    const promised = binding.reduce(
      (sum, it) => sum + wholeOf(it.fields, "amount_fen"),
      wholeOf(mine.fields, "other_guarantees_fen"),
    );
    return BigInt(promised) * 10_000n > BigInt(owned) * BigInt(share);
  });
  return over ? notYet("guarantor-over-limit", "security") : null;
};

/** Until its application has ended, or the loan of it is paid up. */
function stillBinds(sight: Sight, { fields }: Known): boolean {
  const application = sight.record(fields.application_id);
  if (application === null || !ENDED.includes(String(application.fields.state))) return true;
  if (application.fields.state !== "disbursed") return false;
  const loans = sight.naming("loan", "application_id", application.id);
  return loans.length === 0 || loans.some((it) => it.fields.state !== "settled");
}

// ------------------------------------------------------------------------------------- watchlist

/** By the keyed hash of the id number, which whoever asks has worked out (`watched` of the entry). */
export interface Watched {
  /** The hash of the customer's id number; null: there is no key, or no number. */
  readonly hash: string | null;
}

/** A blocked person submits nothing; caution asks for a comment, an exception's reason. */
export function watchlistIsClear({ hash }: Watched): Rule {
  return ({ sight, fields }) => {
    if (hash === null) return null;
    const found = sight
      .of("watchlist_entry")
      .filter((it) => it.fields.id_no_hash === hash)
      .filter((it) => (textOf(it.fields, "valid_from") ?? "") <= sight.today)
      .filter((it) => sight.today <= (textOf(it.fields, "valid_to") ?? sight.today));
    if (found.length === 0) return null;
    if (found.some((it) => (it.fields.level ?? "block") === "block")) {
      return notYet("watchlist-block");
    }
    return fields.exception_reason ? null : notYet("watchlist-caution", "exception_reason");
  };
}

const concerns = movingTo("submitted");

function submits(says: Rule): Guard {
  return { concerns, says: (asked) => (asked.movesTo("submitted") ? says(asked) : null) };
}

/** In the order in which they are asked; the watchlist comes last. */
export const SUBMITTING: readonly Guard[] = [
  secondIsNamed,
  isComplete,
  seenByTwo,
  withinPolicy,
  groupIsNotFrozen,
  guarantorsCanPay,
].map(submits);

export function watchlistGuard(watched: Watched): Guard {
  return submits(watchlistIsClear(watched));
}
