// Days, due dates and parts of a year.

import { expect, test } from "vitest";
import { seeded } from "./cases/seeded.ts";
import { calendarDay, dayNumber, daysBetween, monthLength, numberedDay } from "./day.ts";
import { type DayCount, yearsBetween } from "./day_count.ts";
import { dueAfter, dueDates } from "./due_dates.ts";
import { plus, ratio } from "./ratio.ts";

const FIRST = dayNumber("0001-01-01");
const LAST = dayNumber("9999-12-31");

test("the calendar has 3,652,059 days, and each has one number", () => {
  expect(LAST - FIRST + 1).toBe(3_652_059);
  const draw = seeded(7);
  for (let round = 0; round < 5_000; round += 1) {
    const number = draw(FIRST, LAST);
    expect(dayNumber(numberedDay(number))).toBe(number);
  }
});

test("a day's number agrees with the clock of the machine", () => {
  for (const day of ["1970-01-01", "2000-02-29", "2026-06-16", "2100-03-01", "9999-12-31"]) {
    expect(daysBetween("1970-01-01", day)).toBe(Date.parse(day) / 86_400_000);
  }
});

test.each(["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "2026-1-1", ""])(
  "%j is no date",
  (text) => {
    expect(() => calendarDay(text)).toThrow("expected a date like");
  },
);

test("a leap day is used and left again", () => {
  expect(dueDates("2024-01-30", 3)).toEqual(["2024-01-30", "2024-02-29", "2024-03-30"]);
});

test("days and weeks step by the calendar", () => {
  expect(dueDates("2026-01-01", 2, 2, "day")[1]).toBe("2026-01-03");
  expect(dueDates("2026-01-01", 2, 2, "week")[1]).toBe("2026-01-15");
});

test("a month later is the anchor day or the last of the month", () => {
  const draw = seeded(31);
  for (let round = 0; round < 500; round += 1) {
    const anchor = numberedDay(dayNumber("1990-01-01") + draw(0, 36_000));
    const steps = draw(0, 400);
    const [from, due] = [calendarDay(anchor), calendarDay(dueAfter(anchor, steps))];

    expect(due.day).toBe(Math.min(from.day, monthLength(due.year, due.month)));
    expect(12 * (due.year - from.year) + due.month - from.month).toBe(steps);
  }
});

test.each(["day", "month"] as const)("a date past the calendar is a clear error: %s", (unit) => {
  expect(() => dueAfter("9999-12-31", 1, unit)).toThrow("after 9999-12-31 is not a date");
});

test.each([
  ["act360", ratio(31, 360)],
  ["act364", ratio(31, 364)],
  ["act365", ratio(31, 365)],
  ["actact", plus(ratio(17, 365), ratio(14, 366))],
  ["30e360", ratio(30, 360)],
] as const)("the month over a new year into a leap year by %s", (dayCount, years) => {
  expect(yearsBetween("2023-12-15", "2024-01-15", dayCount)).toEqual(years);
});

test("thirty-day months end on the thirtieth", () => {
  expect(yearsBetween("2026-01-31", "2026-03-31", "30e360")).toEqual(ratio(60, 360));
});

test("two stretches add up", () => {
  const draw = seeded(365);
  const counts: readonly DayCount[] = ["act360", "act365", "actact", "30e360"];
  for (let round = 0; round < 200; round += 1) {
    const days = [1, 2, 3].map(() => numberedDay(dayNumber("1990-01-01") + draw(0, 25_000))).sort();
    const [start = "", middle = "", end = ""] = days;
    for (const by of counts) {
      const parts = plus(yearsBetween(start, middle, by), yearsBetween(middle, end, by));
      expect(parts).toEqual(yearsBetween(start, end, by));
    }
  }
});
