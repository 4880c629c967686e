// The business date of what a tablet noted with its time.

import type { Fields } from "../schemas/declare.ts";
import { type Day, dayNumber, numberedDay } from "./day.ts";

/** The business date is that of Asia/Shanghai, which has kept one offset since 1991 (section 2). */
const MILLIS_EAST = 8 * 60 * 60 * 1000;
const MILLIS_A_DAY = 24 * 60 * 60 * 1000;
/** 1970-01-01 as `dayNumber` counts. */
const EPOCH_DAY = dayNumber("1970-01-01");

/** The business date of an instant, or null where the text is none that can be written. */
export function localDay(instant: string): Day | null {
  return dayOfMillis(Date.parse(instant));
}

/** The day of a visit: that of the arrival, else the one for which it was planned. */
export function dayOfVisit({ fields }: { readonly fields: Fields }): Day | null {
  const { arrived_at, planned_on } = fields;
  if (typeof arrived_at === "string") return localDay(arrived_at);
  return typeof planned_on === "string" ? planned_on : null;
}

/** The same of milliseconds since 1970, or null. */
export function dayOfMillis(millis: number): Day | null {
  const days = Math.floor((millis + MILLIS_EAST) / MILLIS_A_DAY);
  try {
    return numberedDay(EPOCH_DAY + days);
  } catch {
    return null; // an id has room for years after 9999
  }
}
