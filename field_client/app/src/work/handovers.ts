// Handovers as one of their three people sees them, and what they ask of him (domain.md, section 6.7).

import type { Fields } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { referencesOf, text, textOr } from "./views.ts";

export type Part = "outgoing" | "incoming" | "witness";
/** What a handover waits for from its reader; null: nothing. */
export type Asks = "note" | "appraise" | "answer" | "sign" | null;

/** What a person writes about each customer while it is looked at. */
export const LEAVES: Readonly<Record<Part, string>> = {
  outgoing: "from_risk_note",
  incoming: "objection",
  witness: "appraisal",
};

export interface HandoverItem {
  readonly customer: string;
  readonly exposureFen: number | null;
  readonly riskClass: string | null;
  readonly note: string;
  readonly appraisal: string;
  readonly agreed: boolean;
  readonly objection: string;
  readonly ruling: string;
}

export interface Handover {
  readonly id: string;
  readonly fields: Fields;
  readonly state: string;
  readonly reason: string;
  readonly effectiveOn: string;
  /** User ids. */
  readonly people: Readonly<Record<Part, string>>;
  readonly items: readonly HandoverItem[];
  /** The ids of those who have signed. */
  readonly signed: readonly string[];
  readonly part: Part | null;
  readonly asks: Asks;
}

/** The handovers of this tablet, those that ask something first, then the newest. */
export function handoversOf(book: Book): readonly Handover[] {
  // Until every type is known there is nothing to tell.
  if (book.registry.get("handover") === null) return [];
  const me = book.store.meta.user.id;
  return referencesOf(book.store, book.registry, "handover")
    .map((it) => handoverOf(it, me))
    .sort((a, b) => Number(b.asks !== null) - Number(a.asks !== null) || (a.id < b.id ? 1 : -1));
}

/** A handover as *me* sees it. */
export function handoverOf({ id, fields }: Pick<View, "id" | "fields">, me: string): Handover {
  const people = {
    outgoing: text(fields.from_officer_id),
    incoming: text(fields.to_officer_id),
    witness: text(fields.witness_id),
  };
  const parts: readonly Part[] = ["outgoing", "incoming", "witness"];
  const part = parts.find((it) => people[it] === me) ?? null;
  const state = text(fields.state);
  const items = itemsOf(fields);
  const signed = signedBy(fields);
  return {
    id,
    fields,
    state,
    reason: text(fields.reason),
    effectiveOn: text(fields.effective_on),
    people,
    items,
    signed,
    part,
    asks: asksOf(part, state, items, signed.includes(me)),
  };
}

function itemsOf(fields: Fields): HandoverItem[] {
  return Object.entries(fields)
    .flatMap(([path, value]) => {
      const [map, customer, leaf] = path.split(".");
      return map === "items" && leaf === "listed" && value === true && customer ? [customer] : [];
    })
    .sort()
    .map((customer) => {
      const leaf = (name: string) => fields[`items.${customer}.${name}`] ?? null;
      const fen = leaf("exposure_fen");
      return {
        customer,
        exposureFen: typeof fen === "number" ? fen : null,
        riskClass: textOr(leaf("class")),
        note: text(leaf("from_risk_note")),
        appraisal: text(leaf("appraisal")),
        agreed: leaf("agreed") === true,
        objection: text(leaf("objection")),
        ruling: text(leaf("ruling")),
      };
    });
}

function signedBy(fields: Fields): string[] {
  const users = Object.entries(fields).flatMap(([path, value]) =>
    path.startsWith("signed_by.") && path.endsWith(".user") ? [text(value)] : [],
  );
  return [...new Set(users)].filter((it) => it !== "");
}

/** Whether the incoming officer has said something of a customer; it stands then. */
export function isAnswered(item: HandoverItem): boolean {
  return item.agreed || item.objection !== "";
}

/** Whether a person may still write his part. */
export function isOpenTo(part: Part | null, state: string): boolean {
  if (part === "incoming") return state === "in_review";
  return part !== null && (state === "in_review" || state === "objected");
}

function asksOf(
  part: Part | null,
  state: string,
  items: readonly HandoverItem[],
  signed: boolean,
): Asks {
  if (part === null) return null;
  if (state === "agreed") return signed ? null : "sign";
  if (!isOpenTo(part, state)) return null;
  switch (part) {
    case "incoming":
      return items.every(isAnswered) ? null : "answer";
    case "outgoing":
      return items.every((it) => it.note !== "") ? null : "note";
    case "witness":
      return items.every((it) => it.appraisal !== "") ? null : "appraise";
  }
}
