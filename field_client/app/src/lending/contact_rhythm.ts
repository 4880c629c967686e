// Whom nobody was in touch with within the rhythm of the tier 联系节奏 (domain.md, section 8.8).

import { CONTACT_DAYS, contactDueOn, type Tier, tierOf } from "./customer_tier.ts";
import { type Day, daysBetween } from "./day.ts";
import { dealingsOn } from "./dealings.ts";
import type { Facts } from "./facts.ts";

const SHORTEST_DAYS = Math.min(...Object.values(CONTACT_DAYS));

/** What is asked of a customer, beside what he did; a card has it. */
export interface Awaited {
  readonly state: string;
  readonly next_contact_on: string | null;
  /** Visits that are planned, missed or under way: somebody goes there already. */
  readonly visits: readonly unknown[];
  /** Null: a loan's papers are not sound. */
  readonly facts: Facts | null;
}

/** A customer who should have been called: by when, and as what he is valued. */
export interface Silence {
  readonly dueOn: Day;
  readonly tier: Tier;
}

/**
 * Since when a customer waits for a contact; null: nobody has to be in touch yet. Nobody is called who
 * is blocked, with whom a day is agreed or a visit planned, or of whom no contact is known.
 *
 * Source: domain.md, section 8.8.
 */
export function silenceOf(customer: Awaited, today: Day): Silence | null {
  const { state, next_contact_on, visits, facts } = customer;
  if (state === "blocked" || next_contact_on || visits.length > 0 || facts === null) return null;
  if (facts.contacts.some((day) => day <= today && daysBetween(day, today) < SHORTEST_DAYS)) {
    return null; // most customers, told without their tier
  }
  const dealings = dealingsOn(facts, today);
  const dueOn = contactDueOn(dealings, today);
  return dueOn === null || today < dueOn ? null : { dueOn, tier: tierOf(dealings, today) };
}
