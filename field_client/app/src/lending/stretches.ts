// The stretches of time that a loan's installments bear interest for.

import type { Day } from "./day.ts";
import { type DayCount, shareFrom, yearsBetween } from "./day_count.ts";
import { dueAfter, dueDates } from "./due_dates.ts";
import type { Ratio } from "./ratio.ts";
import { countedBy, isNamed, type Override, payoutsOf, type Terms, yearsOfStep } from "./terms.ts";

/** One installment's time: interest runs from `start` to `dueDate`, `years` of it. */
export interface Stretch {
  readonly start: Day;
  readonly dueDate: Day;
  readonly years: Ratio;
  readonly dayCount: DayCount;
  readonly fixed: Override | null;
}

/** Lays out the installments' time, without down payments; refuses what does not fit the dates. */
export function stretchesOf(terms: Terms): readonly Stretch[] {
  const start = terms.startsOn ?? terms.disbursedOn;
  const found = isNamed(terms) ? named(terms, start) : stepped(terms, start);
  const [last, lastPayout] = [found.at(-1), payoutsOf(terms).at(-1)];
  if (last === undefined || lastPayout === undefined || lastPayout.on >= last.dueDate) {
    throw new RangeError("tranches: the last must be paid out before the last due date");
  }
  if (last.fixed !== null) {
    throw new RangeError("overrides: the last installment takes what is left");
  }
  return found;
}

/** Which part of the stretch's interest is borne from *day* on. */
export function shareOf({ start, dueDate, dayCount }: Stretch, day: Day): Ratio {
  return shareFrom(day, start, dueDate, dayCount);
}

function named(terms: Terms, start: Day): readonly Stretch[] {
  const isBullet = terms.method === "bullet" && terms.firstDueOn !== null;
  const dates = isBullet ? [terms.firstDueOn] : terms.plan.map((row) => row.dueDate);
  const { dayCount } = terms;
  return betweenDates(start, dates, (from, dueDate) => {
    return {
      start: from,
      dueDate,
      years: yearsBetween(from, dueDate, dayCount),
      dayCount,
      fixed: null,
    };
  });
}

/** Steps from *start*; between two dates of the steps lie whole steps, however long they are. */
function stepped(terms: Terms, start: Day): readonly Stretch[] {
  const { period } = terms;
  const first = terms.firstDueOn ?? dueAfter(start, period.every, period.unit);
  const isGiven = terms.dueDates.length > 0;
  const dates = isGiven ? terms.dueDates : dueDates(first, terms.count, period.every, period.unit);
  const place = new Map(isGiven ? [] : [start, ...dates].map((on, step) => [on, step] as const));
  const byHand = new Map(terms.overrides.map((row) => [row.dueDate, row] as const));
  return betweenDates(start, settled(dates, byHand), (from, dueDate) => {
    const [before, after] = [place.get(from), place.get(dueDate)];
    const steps = before === undefined || after === undefined ? null : after - before;
    const years = yearsOfStep(period, from, dueDate, steps);
    const fixed = byHand.get(dueDate) ?? null;
    return { start: from, dueDate, years, dayCount: countedBy(period), fixed };
  });
}

/** Takes out and adds what was settled by hand. */
function settled(dates: readonly Day[], byHand: ReadonlyMap<Day, Override>): readonly Day[] {
  const known = new Set(dates);
  for (const [dueDate, override] of byHand) {
    if (override.removed) {
      if (known.delete(dueDate)) continue;
      throw new RangeError(`overrides: there is no installment on ${dueDate}`);
    }
    if ((override.totalFen === null) === (override.principalFen === null)) {
      throw new RangeError(`overrides: ${dueDate} needs a total or a principal, one of them`);
    }
    known.add(dueDate);
  }
  return [...known].sort();
}

function betweenDates<Row>(
  start: Day,
  dates: readonly Day[],
  rowOf: (from: Day, to: Day) => Row,
): readonly Row[] {
  let from = start;
  return dates.map((to) => {
    const row = rowOf(from, to);
    from = to;
    return row;
  });
}
