// The rules that the tablet asks by itself, so that little of its work comes back (domain.md, section 6).
//
// Only rules are asked that refuse for what is known, never for what is not; the server asks all of them
// again. What they say is held equal to the server's by tests/vectors/guards.json.

import type { Fields } from "../../schemas/declare.ts";
import type { Change } from "../../schemas/messages.ts";
import { APPLICATIONS } from "./applications.ts";
import { type Actor, Case, type Guard, type Refusal } from "./asking.ts";
import { FIELDWORK } from "./fieldwork.ts";
import { INSPECTIONS, inspectorsOf } from "./inspections.ts";
import { type Known, Sight } from "./sight.ts";
import { type Watched, watchlistGuard } from "./submitting.ts";

export type { Actor, Known, Refusal };

const RULES: Readonly<Record<string, readonly Guard[]>> = { ...INSPECTIONS, ...FIELDWORK };

/** What is asked about a set. */
export interface Question {
  readonly actor: Actor;
  readonly changes: readonly Change[];
  /** The fields of the changed records as they were shown, by id; a new one is not there. */
  readonly before: Readonly<Record<string, Fields>>;
  /** Every record that the tablet knows and that the rules look at, as the set leaves it. */
  readonly after: readonly Known[];
  readonly today: string;
  readonly watched: Watched;
}

/** The first change that a rule forbids, by its place, and why; null: nothing is known against it. */
export function refusalOf(
  asked: Question,
): { readonly change: number; readonly why: Refusal } | null {
  const sight = new Sight(asked.after, asked.today);
  for (const [change, one] of asked.changes.entries()) {
    const state = sight.record(one.id);
    if (state === null) continue;
    const found = new Case(asked.actor, one, asked.before[one.id] ?? null, state, sight);
    for (const guard of concerned(one, asked.watched)) {
      const why = said(guard, found);
      if (why !== null) return { change, why };
    }
  }
  return null;
}

/** Whether any rule is asked of a change. */
export function isAsked(change: Change): boolean {
  return concerned(change, { hash: null }).length > 0;
}

function concerned(change: Change, watched: Watched): readonly Guard[] {
  const guards =
    change.type === "loan_application"
      ? [...APPLICATIONS, watchlistGuard(watched)]
      : (RULES[change.type] ?? []);
  return guards.filter((it) => it.concerns(change));
}

/** Papers that cannot be are the server's to judge. */
function said(guard: Guard, found: Case): Refusal | null {
  try {
    return guard.says(found);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Whether the server will call a note signed: each inspector has signed since it was last returned.
 * *stored*: what the server is known to hold; what it returned, it had with its signatures.
 */
export function signedByAll(fields: Fields, stored: Fields): boolean {
  if (fields.state !== "draft" && fields.state !== "returned") return false;
  const earlier = fields.state === "returned" ? stored : {};
  const signed = Object.entries(fields)
    .filter(([path]) => path.startsWith("signed_by.") && path.endsWith(".user"))
    .filter(([path]) => !(path in earlier))
    .map(([, it]) => it);
  const wanted = inspectorsOf(fields);
  return wanted.length > 0 && wanted.every((it) => signed.includes(it));
}
