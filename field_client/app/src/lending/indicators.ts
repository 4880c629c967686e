// Of the indicators 考核指标 those that a tablet can tell from what it holds: an officer's own visits,
// and how old the last sync is. Shares in basis points, null where nothing was due.
//
// Source: domain.md, section 8.9.

import { type Day, daysBetween } from "./day.ts";
import { shareBps } from "./ratios.ts";

const TOLERATED_DAYS = 2;
const MILLIS_AN_HOUR = 3_600_000;
const MARKED_HOURS = 24;
const FLAGGED_HOURS = 72;

export type SyncAge = "fresh" | "marked" | "flagged";

/** Share of visits done 走访完成率 among those planned and not cancelled by the supervisor. */
export function visitCompletionBps(
  done: number,
  planned: number,
  cancelled: number,
): number | null {
  return shareBps(done, planned - cancelled);
}

/** Share of visits completed near their first planned day (`isOnTime`), same base. */
export function onTimeVisitsBps(onTime: number, planned: number, cancelled: number): number | null {
  return shareBps(onTime, planned - cancelled);
}

/** Whether a visit was completed within two days of the day first planned. */
export function isOnTime(completedOn: Day, plannedOn: Day): boolean {
  return Math.abs(daysBetween(plannedOn, completedOn)) <= TOLERATED_DAYS;
}

/**
 * How old the last sync is that ended with nothing waiting: over 24 hours, over 72. Instants in
 * milliseconds.
 */
export function syncAge(lastCompleteAt: number | null, now: number): SyncAge {
  if (lastCompleteAt === null || now - lastCompleteAt > FLAGGED_HOURS * MILLIS_AN_HOUR) {
    return "flagged";
  }
  return now - lastCompleteAt > MARKED_HOURS * MILLIS_AN_HOUR ? "marked" : "fresh";
}
