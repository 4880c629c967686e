// What a customer owes and has been promised (domain.md, sections 3.3 and 8.4).

import type { Fields } from "../../schemas/declare.ts";
import { papersOf, replay } from "../papers.ts";
import { type Known, type Sight, textsOf, wholeOf } from "./sight.ts";

const NPL_DAYS = 90;
const PROMISED = ["approved", "contracted"];

/** The principal still owed on a loan today. */
export function outstandingFen(sight: Sight, loan: Known): number {
  if (loan.fields.state !== "active") return 0;
  return stateOf(sight, loan, sight.today).outstandingPrincipalFen;
}

/** How a loan stands on a day. */
export function stateOf(sight: Sight, loan: Known, on: string) {
  const records = [...sight.of("installment"), ...sight.of("repayment")];
  const product = sight.record(loan.fields.product_id)?.fields ?? {};
  return replay(papersOf(loan, records, product), on).state;
}

/**
 * What the customer and related ones owe or were promised, with what an application asks for. A loan
 * that is to be restructured counts once: as what is asked for.
 */
export function exposureFen(sight: Sight, application: Known): number {
  const customers = new Set([application.customer, ...sight.related(application.customer)]);
  let total = wholeOf(application.fields, "amount_fen");
  for (const it of sight.of("loan")) {
    if (customers.has(it.customer) && it.id !== application.fields.loan_id) {
      total += outstandingFen(sight, it);
    }
  }
  for (const it of sight.of("loan_application")) {
    if (!customers.has(it.customer) || it.id === application.id) continue;
    const newMoney = (it.fields.loan_id ?? null) === null;
    if (newMoney && PROMISED.includes(String(it.fields.state))) {
      total += wholeOf(it.fields, "amount_fen");
    }
  }
  return total;
}

/** By a guarantor or by collateral. */
export function isSecured(fields: Fields): boolean {
  return textsOf(fields, "security").some((it) => it === "guarantor" || it === "collateral");
}

export function isNpl(sight: Sight, loan: Known): boolean {
  return loan.fields.state === "active" && stateOf(sight, loan, sight.today).dpd > NPL_DAYS;
}

/** What a customer owns beyond what is owed, here and elsewhere; null: no assets on record. */
export function netAssetsFen(sight: Sight, customer: Known): number | null {
  const owned = leaves(customer.fields, "assets", "value_fen");
  if (owned.length === 0) return null;
  const owing = sight.under(customer.id, "loan").map((it) => outstandingFen(sight, it));
  return sum(owned) - sum(leaves(customer.fields, "debts", "balance_fen")) - sum(owing);
}

function leaves(fields: Fields, map: string, leaf: string): number[] {
  return Object.entries(fields).flatMap(([path, value]) => {
    const [name, , rest] = path.split(".");
    return name === map && rest === leaf && typeof value === "number" ? [value] : [];
  });
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, it) => total + it, 0);
}
