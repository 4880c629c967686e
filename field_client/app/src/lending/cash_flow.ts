// A household's months 家庭收支, as the appraisal of a loan reads them (domain.md, section 8.6).

import { calendarDay, type Day, writtenDay } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { summed } from "./ratios.ts";
import { BPS, halfUpShare } from "./rounding.ts";
import { counted } from "./whole.ts";

export const SHORTEST_MONTHS = 12;
export const LONGEST_MONTHS = 18;
/** Yearly sums look at the first twelve months of the survey. */
export const YEAR = 12;
export const USUAL_HAIRCUT_BPS = 1000;

/**
 * What a survey says, in fen, from `startMonth` on (its day does not matter): one entry a month, 12
 * to 18. `farmIncomeFen` is the part of the income that a bad season cuts by `haircutBps`.
 */
export interface SurveyedMonths {
  readonly startMonth: Day;
  readonly openingCashFen: number;
  readonly incomeFen: readonly number[];
  readonly costFen: readonly number[];
  readonly livingFen: readonly number[];
  readonly farmIncomeFen: readonly number[];
  readonly existingServiceFen?: readonly number[];
  readonly haircutBps?: number;
}

/** A household's cash flow; refuses months that are too few, too many or uneven by their name. */
export class CashFlow {
  readonly startMonth: Day;
  readonly openingCashFen: number;
  readonly incomeFen: readonly number[];
  /** Existing debt service, month by month. */
  readonly serviceFen: readonly number[];
  /** Income less production cost, living and existing debt service. */
  readonly netFen: readonly number[];
  /** Net after the haircut on farm income, which is rounded half up once a month. */
  readonly stressedNetFen: readonly number[];

  constructor(given: SurveyedMonths) {
    const { incomeFen, costFen, livingFen, farmIncomeFen } = given;
    const { existingServiceFen = [], haircutBps = USUAL_HAIRCUT_BPS } = given;
    const months = incomeFen.length;
    if (months < SHORTEST_MONTHS || months > LONGEST_MONTHS) {
      const needed = `needs ${SHORTEST_MONTHS} to ${LONGEST_MONTHS} months`;
      throw new RangeError(`income_fen: ${needed}, has ${months}`);
    }
    refuseUneven("cost_fen", costFen, months);
    refuseUneven("living_fen", livingFen, months);
    refuseUneven("farm_income_fen", farmIncomeFen, months);
    if (existingServiceFen.length > 0) {
      refuseUneven("existing_service_fen", existingServiceFen, months);
    }
    if (haircutBps < 0 || haircutBps > BPS) {
      throw new RangeError(`haircut_bps: must be 0 to ${BPS}, not ${haircutBps}`);
    }
    this.startMonth = given.startMonth;
    this.openingCashFen = given.openingCashFen;
    this.incomeFen = incomeFen;
    this.serviceFen = existingServiceFen.length > 0 ? existingServiceFen : incomeFen.map(() => 0);
    this.netFen = incomeFen.map((income, month) => {
      const spent = (costFen[month] ?? 0) + (livingFen[month] ?? 0) + (this.serviceFen[month] ?? 0);
      return counted(income - counted(spent, "cost_fen"), "net_fen");
    });
    this.stressedNetFen = this.netFen.map((net, month) => {
      return counted(net - halfUpShare(farmIncomeFen[month] ?? 0, haircutBps, BPS), "net_fen");
    });
  }

  /** Σ net of the first twelve months, the year that the ratios are about. */
  get yearlyNetFen(): number {
    return yearOf(this.netFen);
  }

  /** Σ stressed net of the same months. */
  get stressedYearlyNetFen(): number {
    return yearOf(this.stressedNetFen);
  }

  /** Σ existing debt service of the same months. */
  get yearlyServiceFen(): number {
    return yearOf(this.serviceFen);
  }

  /** The first day of the month at *index*. */
  month(index: number): Day {
    const { year, month } = calendarDay(this.startMonth);
    return dueAfter(writtenDay(year, month, 1), index);
  }

  /** The index of the month of *on*, which may lie outside the survey. */
  index(on: Day): number {
    const [from, to] = [calendarDay(this.startMonth), calendarDay(on)];
    return 12 * (to.year - from.year) + to.month - from.month;
  }
}

function refuseUneven(name: string, amounts: readonly number[], months: number): void {
  if (amounts.length === months) return;
  throw new RangeError(`${name}: has ${amounts.length} months, but income_fen has ${months}`);
}

function yearOf(amounts: readonly number[]): number {
  return counted(summed(amounts.slice(0, YEAR)), "net_fen");
}
