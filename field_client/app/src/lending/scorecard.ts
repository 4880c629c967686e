// The household's scorecard 农户评级: points for eight items, their sum, and the grade.

import { summed } from "./ratios.ts";
import { BPS } from "./rounding.ts";

export type Opinion = "excellent" | "good" | "fair" | "poor";
export type Security = "collateral" | "group_or_guarantor" | "none";
export type Grade = "AAA" | "AA" | "A" | "B" | "C";

/** From so much on, so many points. */
type Steps = readonly (readonly [least: number, points: number])[];

const WORKERS: Steps = [
  [3, 10],
  [2, 7],
  [1, 3],
];
const YEARS: Steps = [
  [10, 10],
  [5, 7],
  [1, 4],
];
const SOURCES: Steps = WORKERS;
/** Against the village's median, in halves of it. */
const HALVES: Steps = [
  [3, 15],
  [2, 12],
  [1, 8],
];
const ABOVE_NOTHING = 4;
const OPINIONS: Readonly<Record<Opinion, number>> = { excellent: 10, good: 8, fair: 5, poor: 0 };
const SECURITY: Readonly<Record<Security, number>> = {
  collateral: 5,
  group_or_guarantor: 3,
  none: 0,
};
const GRADES: readonly (readonly [least: number, grade: Grade])[] = [
  [85, "AAA"],
  [75, "AA"],
  [65, "A"],
  [55, "B"],
];

const WITHOUT_HISTORY = 15;
const FULL_RECORD = 25;
/** A source of income counts from this share of the gross on. */
const LEAST_SHARE_BPS = 1500;

/** What the scorecard asks about a household; amounts in fen. */
export interface Household {
  readonly ableWorkers: number;
  readonly yearsResident: number;
  readonly netAssetsFen: number;
  readonly villageMedianAssetsFen: number;
  readonly netIncomeFen: number;
  readonly villageMedianIncomeFen: number;
  /** Yearly gross income, source by source. */
  readonly incomeBySourceFen: readonly number[];
  /**
   * Of each installment of the last 24 months that was paid late, by how many days; null where there
   * is no history.
   */
  readonly daysLate: readonly number[] | null;
  readonly opinion: Opinion;
  readonly security: Security;
}

/** Points in the order of the sheet, 100 at most; their sum, and its grade 信用等级. */
export interface Scorecard {
  readonly points: readonly number[];
  readonly total: number;
  readonly grade: Grade;
}

/**
 * Scores a household: workers, years, assets, income, sources, record, opinion, security. Refuses a
 * village without a median.
 *
 * Source: domain.md, section 8.7; golden case E8.
 */
export function score(household: Household): Scorecard {
  const { villageMedianAssetsFen, villageMedianIncomeFen } = household;
  refuseNoMedian("village_median_assets_fen", villageMedianAssetsFen);
  refuseNoMedian("village_median_income_fen", villageMedianIncomeFen);
  const points = [
    reached(WORKERS, household.ableWorkers),
    reached(YEARS, household.yearsResident),
    againstMedian(household.netAssetsFen, villageMedianAssetsFen),
    againstMedian(household.netIncomeFen, villageMedianIncomeFen),
    reached(SOURCES, incomeSources(household.incomeBySourceFen)),
    recordPoints(household.daysLate),
    OPINIONS[household.opinion],
    SECURITY[household.security],
  ];
  const total = Number(summed(points));
  return { points, total, grade: gradeOf(total) };
}

/** The grade of a sum of points. */
export function gradeOf(total: number): Grade {
  return GRADES.find(([least]) => total >= least)?.[1] ?? "C";
}

/** Counts the sources that each bring at least 15 % of the gross. */
export function incomeSources(bySourceFen: readonly number[]): number {
  const least = summed(bySourceFen) * BigInt(LEAST_SHARE_BPS);
  return bySourceFen.filter((fen) => fen > 0 && BigInt(fen) * BigInt(BPS) >= least).length;
}

/** Scores the repayment record: one point off up to 30 days late, five up to 90, all beyond. */
export function recordPoints(daysLate: readonly number[] | null): number {
  if (daysLate === null) return WITHOUT_HISTORY;
  const late = daysLate.filter((days) => days > 0);
  if (late.some((days) => days > 90)) return 0;
  const off = late.map((days) => (days <= 30 ? 1 : 5));
  return Math.max(0, FULL_RECORD - Number(summed(off)));
}

function againstMedian(fen: number, median: number): number {
  const halves = (2n * BigInt(fen)) / BigInt(median);
  return reached(HALVES, Number(halves)) || (fen > 0 ? ABOVE_NOTHING : 0);
}

function reached(steps: Steps, value: number): number {
  return steps.find(([least]) => value >= least)?.[1] ?? 0;
}

function refuseNoMedian(name: string, fen: number): void {
  if (fen <= 0) throw new RangeError(`${name}: must be above 0`);
}
