// When installments fall due: always counted from the anchor, never from the date before.

import { calendarDay, type Day, dayNumber, monthLength, numberedDay, writtenDay } from "./day.ts";

export const UNITS = ["day", "week", "month"] as const;
export type Unit = (typeof UNITS)[number];

/** The day of *anchor* in the given month, clipped to the month's end. */
export function onAnchorDay(anchor: Day, year: number, month: number): Day {
  return writtenDay(year, month, Math.min(calendarDay(anchor).day, monthLength(year, month)));
}

/**
 * The date *steps* units after *anchor*. Months keep the anchor's day: from 31 January one step
 * gives 28 February, two give 31 March. Weekends and holidays move nothing.
 *
 * Source: domain.md, section 8.1; golden list `due_dates_anchor_31`.
 */
export function dueAfter(anchor: Day, steps: number, unit: Unit = "month"): Day {
  const from = calendarDay(anchor);
  try {
    if (unit !== "month") return numberedDay(dayNumber(anchor) + steps * (unit === "week" ? 7 : 1));
    const months = from.month - 1 + steps;
    const years = Math.floor(months / 12);
    return onAnchorDay(anchor, from.year + years, months - 12 * years + 1);
  } catch (beyond) {
    const sentence = `${steps} ${unit}s after ${anchor} is not a date we can write`;
    throw new RangeError(sentence, { cause: beyond });
  }
}

/** *count* due dates, *every* so many units apart, the first on *firstDueOn*. */
export function dueDates(firstDueOn: Day, count: number, every = 1, unit: Unit = "month"): Day[] {
  return Array.from({ length: count }, (_, step) => dueAfter(firstDueOn, every * step, unit));
}
