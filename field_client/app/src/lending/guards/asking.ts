// One change as a rule sees it, and what a rule says.

import type { Fields, Json } from "../../schemas/declare.ts";
import type { Change } from "../../schemas/messages.ts";
import { jsonEqual } from "../../schemas/values.ts";
import type { Known, Sight } from "./sight.ts";

export interface Actor {
  readonly user: string;
  readonly role: string;
}

/** Why a change is not allowed: a code of the protocol, the reason's key, the rule of domain.md. */
export interface Refusal {
  readonly code: "not-permitted" | "invalid-transition" | "invalid-value" | "required";
  readonly field: string | null;
  readonly reason: string | null;
  readonly rule: string | null;
}

export function forbidden(
  rule: string | null,
  reason: string | null = null,
  field: string | null = null,
): Refusal {
  return { code: "not-permitted", field, reason, rule };
}

/** Something is missing for a move. */
export function notYet(
  reason: string,
  field: string | null = "state",
  rule: string | null = null,
): Refusal {
  return { code: "invalid-transition", field, reason, rule };
}

export function required(field: string, reason: string | null = null): Refusal {
  return { code: "required", field, reason, rule: null };
}

export function invalid(field: string, reason: string): Refusal {
  return { code: "invalid-value", field, reason, rule: null };
}

/** One change: who, what, the record's fields before the set (none of a new one) and after it. */
export class Case {
  readonly actor: Actor;
  readonly change: Change;
  readonly before: Fields;
  readonly after: Known;
  readonly sight: Sight;
  readonly isNew: boolean;

  constructor(actor: Actor, change: Change, before: Fields | null, after: Known, sight: Sight) {
    this.actor = actor;
    this.change = change;
    this.before = before ?? {};
    this.after = after;
    this.sight = sight;
    this.isNew = before === null;
  }

  get fields(): Fields {
    return this.after.fields;
  }

  /** Whether the set changed one of the fields. */
  sets(...names: readonly string[]): boolean {
    return names.some((it) => !jsonEqual(this.before[it] ?? null, this.fields[it] ?? null));
  }

  movesTo(...states: readonly string[]): boolean {
    return this.sets("state") && states.includes(String(this.fields.state));
  }

  /** The paths that the change sets. */
  get paths(): readonly string[] {
    return Object.keys(this.change.set ?? {});
  }
}

export type Rule = (asked: Case) => Refusal | null;

/** A rule and the changes that it may be about, as far as a change alone tells. */
export interface Guard {
  readonly says: Rule;
  readonly concerns: (change: Change) => boolean;
}

/** The change sets one of the fields, or a leaf of one of the maps. */
export function setting(...names: readonly string[]): (change: Change) => boolean {
  return (change) =>
    Object.keys(change.set ?? {}).some((it) => names.includes(it.split(".")[0] ?? ""));
}

export function movingTo(...states: readonly string[]): (change: Change) => boolean {
  return (change) => states.includes(String(change.set?.state ?? ""));
}

export const always = () => true;

/** The users among values of which some are none. */
export function people(...found: readonly (Json | undefined)[]): readonly string[] {
  return found.filter((it) => typeof it === "string");
}

/** Refuses a relative of a customer, the household or the guarantors (SOD-5). */
export function avoided(
  { sight }: Case,
  customer: string | null,
  users: readonly (Json | undefined)[],
  field: string | null = null,
): Refusal | null {
  const circle = new Set<string | null>([customer]);
  const applications = new Set(sight.under(customer, "loan_application").map((it) => it.id));
  for (const { fields } of sight.of("guarantor")) {
    if (!applications.has(String(fields.application_id))) continue;
    const named = fields.guarantor_customer_id;
    if (typeof named === "string") circle.add(named);
  }
  const relatives = sight.relatives(circle);
  return people(...users).some((it) => relatives.has(it)) ? forbidden("SOD-5", null, field) : null;
}
