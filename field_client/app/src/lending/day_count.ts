// How long a stretch of interest is, as an exact part of a year.

import { calendarDay, type Day, daysBetween, writtenDay, yearLength } from "./day.ts";
import { DAYS_IN_YEAR, type ProductDayCount } from "./days_in_year.ts";
import { dueAfter } from "./due_dates.ts";
import { over, plus, type Ratio, ratio, ZERO } from "./ratio.ts";

/** Our products use `act360` or `act365`; the others read schedules of other lenders. */
export type DayCount = ProductDayCount | "act364" | "actact" | "30e360" | "months";

/**
 * The part of a year from *start* (inclusive) to *end* (exclusive). `actact` splits at 31 December
 * and divides each part by the days of its own year. `months` are twelfths of a year, and what is
 * left over counts as days of the month that follows.
 *
 * Source: domain.md, section 8.1.
 */
export function yearsBetween(start: Day, end: Day, dayCount: DayCount): Ratio {
  switch (dayCount) {
    case "actact":
      return yearsByCalendar(start, end);
    case "30e360":
      return ratio(daysOfEqualMonths(start, end), 360);
    case "months": {
      const months = monthsBetween(start, end);
      return ratio(months.n, months.d * 12n);
    }
    case "act360":
    case "act364":
    case "act365":
      return ratio(daysBetween(start, end), DAYS_IN_YEAR[dayCount]);
  }
}

/**
 * Which part of the interest of *start* to *end* is borne from *day* on. Only `actact` gives days
 * different weights; in the others each day of the stretch weighs the same, also where the stretch
 * as a whole is not counted by its days.
 */
export function shareFrom(day: Day, start: Day, end: Day, dayCount: DayCount): Ratio {
  if (dayCount !== "actact") return ratio(daysBetween(day, end), daysBetween(start, end));
  return over(yearsBetween(day, end, dayCount), yearsBetween(start, end, dayCount));
}

/** The whole months from *start* to *end*, and the rest as a part of the next one. */
export function monthsBetween(start: Day, end: Day): Ratio {
  const [from, to] = [calendarDay(start), calendarDay(end)];
  let whole = 12 * (to.year - from.year) + to.month - from.month;
  if (dueAfter(start, whole) > end) whole -= 1;
  const reached = dueAfter(start, whole);
  if (reached === end) return ratio(whole);
  const left = ratio(daysBetween(reached, end), daysBetween(reached, dueAfter(start, whole + 1)));
  return plus(ratio(whole), left);
}

/** Adds up, year by year, the days over the length of that year. */
function yearsByCalendar(start: Day, end: Day): Ratio {
  const [startYear, endYear] = [calendarDay(start).year, calendarDay(end).year];
  let years = ZERO;
  for (let year = startYear; year <= endYear; year += 1) {
    const first = year === startYear ? start : writtenDay(year, 1, 1);
    const last = year === endYear ? end : writtenDay(year, 12, 31);
    const days = daysBetween(first, last) + (year === endYear ? 0 : 1);
    years = plus(years, ratio(days, yearLength(year)));
  }
  return years;
}

/** Counts days as if every month had thirty. */
function daysOfEqualMonths(start: Day, end: Day): number {
  const [from, to] = [calendarDay(start), calendarDay(end)];
  const months = 12 * (to.year - from.year) + to.month - from.month;
  return 30 * months + Math.min(to.day, 30) - Math.min(from.day, 30);
}
