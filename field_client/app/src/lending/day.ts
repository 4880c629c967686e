// Business dates: days of the calendar, without an hour and without a time zone. No `Date` takes part.

/** A business date of the branch, "YYYY-MM-DD". Such texts sort as the days do. */
export type Day = string;

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const FIRST_DAY: Day = "0001-01-01";
const FIRST_YEAR = 1;
const LAST_YEAR = 9999;

/** Takes a date apart; refuses what is none. */
export function calendarDay(text: Day): CalendarDay {
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8)].map(Number);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && year && month && day) {
    if (month <= 12 && day <= monthLength(year, month)) return { year, month, day };
  }
  throw new RangeError(`expected a date like 2026-06-16, got ${JSON.stringify(text)}`);
}

/** Writes a date; only called with a day that its month has. */
export function writtenDay(year: number, month: number, day: number): Day {
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    throw new RangeError(`the year ${year} is not one we can write`);
  }
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** The days from *start* (inclusive) to *end* (exclusive); negative where *end* comes first. */
export function daysBetween(start: Day, end: Day): number {
  return dayNumber(end) - dayNumber(start);
}

/**
 * Counts days from 1 March of the year 0, so that the leap day is the last of its year and the
 * months before it have lengths that one formula gives (153 days in every five of them).
 */
export function dayNumber(text: Day): number {
  const { year, month, day } = calendarDay(text);
  const [from, months] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  return daysBeforeYear(from) + Math.floor((153 * months + 2) / 5) + day - 1;
}

/** The date of a day number; refuses a day before the year 1 or after the year 9999. */
export function numberedDay(number: number): Day {
  let from = Math.floor(number / 365.2425);
  while (daysBeforeYear(from + 1) <= number) from += 1;
  while (daysBeforeYear(from) > number) from -= 1;
  const rest = number - daysBeforeYear(from);
  const months = Math.floor((5 * rest + 2) / 153);
  const day = rest - Math.floor((153 * months + 2) / 5) + 1;
  return months < 10 ? writtenDay(from, months + 3, day) : writtenDay(from + 1, months - 9, day);
}

function daysBeforeYear(from: number): number {
  return 365 * from + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function padded(part: number, width: number): string {
  return String(part).padStart(width, "0");
}
