// Four tiers of customers 客户分层, by how recent, how often and how much; and lifetime value.

import { type Day, dayNumber, numberedDay } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { ratio } from "./ratio.ts";
import { BPS, halfUp } from "./rounding.ts";

/** From the least to the most valued. */
export const TIERS = ["dormant", "standard", "growth", "key"] as const;
export type Tier = (typeof TIERS)[number];

/** How many days a customer of each tier may go without a contact. */
export const CONTACT_DAYS: Readonly<Record<Tier, number>> = {
  key: 60,
  growth: 90,
  standard: 180,
  dormant: 365,
};

const DORMANT_MONTHS = 12;
const LATE_DAYS = 30;
const MOST_CYCLES = 3;
const RECENT_MONTHS = [
  [1, 3],
  [3, 2],
  [6, 1],
] as const;
const INTEREST_FEN = [
  [3_000_00, 3],
  [1_000_00, 2],
  [200_00, 1],
] as const;

/** Recency, frequency and money, 0 to 3 each. */
export interface Points {
  readonly recency: number;
  readonly frequency: number;
  readonly money: number;
}

/** What the tier looks at. */
export interface Dealings {
  /** The day of the last payment or contact. */
  readonly lastOn: Day | null;
  /** The day of the last contact alone. */
  readonly lastContactOn: Day | null;
  readonly finishedCycles: number;
  /** Interest received in the last twelve months. */
  readonly interestFen: number;
  readonly hasActiveLoan: boolean;
  readonly dpd?: number;
  /** Whether any loan is non-performing. */
  readonly isNpl?: boolean;
}

/**
 * Counts the points; a month is over on the same day of the next.
 *
 * Source: domain.md, section 8.8; golden case E9.
 */
export function pointsOf(dealings: Dealings, asOf: Day): Points {
  const recent = RECENT_MONTHS.find(([months]) => isWithin(dealings.lastOn, months, asOf));
  const earned = INTEREST_FEN.find(([least]) => dealings.interestFen >= least);
  return {
    recency: recent?.[1] ?? 0,
    frequency: Math.min(dealings.finishedCycles, MOST_CYCLES),
    money: earned?.[1] ?? 0,
  };
}

/** The tier of a sum: 7 to 9 key, 4 to 6 growth, below standard. */
export function tierByPoints({ recency, frequency, money }: Points): Tier {
  const total = recency + frequency + money;
  if (total >= 7) return "key";
  return total >= 4 ? "growth" : "standard";
}

/**
 * A customer's tier; long silence and bad debt overrule the points.
 *
 * Source: domain.md, section 8.8; golden case E9.
 */
export function tierOf(dealings: Dealings, asOf: Day): Tier {
  const heardOf = isWithin(dealings.lastContactOn, DORMANT_MONTHS, asOf);
  if (!dealings.hasActiveLoan && !heardOf) return "dormant";
  if ((dealings.dpd ?? 0) > LATE_DAYS || dealings.isNpl) return "standard";
  return tierByPoints(pointsOf(dealings, asOf));
}

/**
 * By when to be in touch again, by the rhythm of the tier; null where there was no contact yet.
 *
 * Source: domain.md, section 8.8.
 */
export function contactDueOn(dealings: Dealings, asOf: Day): Day | null {
  const last = dealings.lastContactOn;
  return last === null ? null : numberedDay(dayNumber(last) + CONTACT_DAYS[tierOf(dealings, asOf)]);
}

/**
 * What a customer is worth 客户终身价值: m·(1+d)/(1+d−q), for reports only. Refuses rates that give no
 * finite value.
 *
 * Source: domain.md, section 8.8: 800, 0.85 and 0.10 give 3,520.00.
 */
export function lifetimeValueFen(
  marginFen: number,
  retentionBps: number,
  discountBps: number,
): number {
  if (retentionBps < 0 || retentionBps > BPS) {
    throw new RangeError(`retention_bps: must be 0 to ${BPS}, not ${retentionBps}`);
  }
  const grown = BPS + discountBps;
  if (discountBps < 0 || grown === retentionBps) {
    throw new RangeError("discount_bps: must be above 0 where every customer stays");
  }
  return halfUp(ratio(BigInt(marginFen) * BigInt(grown), grown - retentionBps));
}

function isWithin(day: Day | null, months: number, asOf: Day): boolean {
  return day !== null && asOf <= dueAfter(day, months);
}
