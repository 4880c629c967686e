// An id card 身份证 that runs out (domain.md, section 5.2, `id_valid_to`).

import type { Json } from "../schemas/declare.ts";
import { type Day, daysBetween } from "./day.ts";

/** So many days ahead it is told, where nobody set another number (parameter `id_card_warn_days`). */
export const ID_CARD_WARN_DAYS = 60;

/**
 * The last day of a card that runs out within *warnDays* or has run out; null: nothing to tell.
 *
 * Source: domain.md, section 5.2: warn 60 days ahead.
 */
export function idCardEndsOn(validTo: Json | undefined, today: Day, warnDays: number): Day | null {
  if (typeof validTo !== "string") return null;
  return daysBetween(today, validTo) <= warnDays ? validTo : null;
}
