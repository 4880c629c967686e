// How much a household may borrow 授信额度: the least of what grade, assets and cash flow bear.

import type { CashFlow } from "./cash_flow.ts";
import { minus, ONE, over, plus, power, type Ratio, ratio, times } from "./ratio.ts";
import { summed } from "./ratios.ts";
import { BPS, halfUp } from "./rounding.ts";
import type { Grade } from "./scorecard.ts";
import { counted } from "./whole.ts";

/** A part of a year is raised to so many decimals. */
const FINE = 10n ** 60n;

export const GRADE_CAPS_FEN: Readonly<Record<Grade, number>> = {
  AAA: 100_000_00,
  AA: 80_000_00,
  A: 50_000_00,
  B: 20_000_00,
  C: 0,
};

/** A lender's own numbers; it may set others by `Parameter`. */
export interface LimitRules {
  readonly gradeCapsFen: Readonly<Record<Grade, number>>;
  readonly serviceShareBps: number;
  readonly assetsShareBps: number;
  readonly stepFen: number;
}

export const USUAL_RULES: LimitRules = {
  gradeCapsFen: GRADE_CAPS_FEN,
  serviceShareBps: 6000,
  assetsShareBps: 5000,
  stepFen: 1_000_00,
};

/** What a limit is asked for. */
export interface LimitAsked {
  readonly netAssetsFen: number;
  readonly productCapFen: number;
  readonly rateBps: number;
  readonly termMonths: number;
  readonly exposureFen?: number;
}

/** The limit, and each of the caps that it is the least of; amounts in fen. */
export interface CreditLimit {
  readonly gradeCapFen: number;
  readonly productCapFen: number;
  readonly assetsCapFen: number;
  readonly serviceCapFen: number;
  readonly capacityLimitFen: number;
  readonly limitFen: number;
}

/**
 * The new debt service a year that the household bears beside what it has.
 *
 * Source: domain.md, section 8.7 (S); golden case E8.
 */
export function serviceCapFen(cashFlow: CashFlow, shareBps = USUAL_RULES.serviceShareBps): number {
  const existing = cashFlow.yearlyServiceFen;
  const net = summed([cashFlow.yearlyNetFen, existing]);
  const bearable = halfUp(ratio(net * BigInt(shareBps), BPS)) - existing;
  return Math.max(0, Math.min(bearable, cashFlow.stressedYearlyNetFen));
}

/**
 * The loan that *yearlyServiceFen* pays back: S × (1 − (1+r)^−T)/r, T a year or more.
 *
 * Source: domain.md, section 8.7; golden case E8.
 */
export function capacityLimitFen(
  yearlyServiceFen: number,
  rateBps: number,
  termMonths: number,
): number {
  const months = Math.max(12, termMonths);
  const service = ratio(yearlyServiceFen);
  if (rateBps === 0) return halfUp(times(service, ratio(months, 12)));
  const rate = ratio(rateBps, BPS);
  const discount = over(ONE, raised(plus(ONE, rate), months));
  return halfUp(over(times(service, minus(ONE, discount)), rate));
}

/**
 * The limit: the least of the caps, less what is owed already, in whole thousands.
 *
 * Source: domain.md, section 8.7; golden case E8.
 */
export function creditLimit(
  grade: Grade,
  cashFlow: CashFlow,
  asked: LimitAsked,
  rules: LimitRules = USUAL_RULES,
): CreditLimit {
  const { productCapFen, rateBps, termMonths, exposureFen = 0 } = asked;
  const gradeCapFen = rules.gradeCapsFen[grade];
  const assets = BigInt(Math.max(0, asked.netAssetsFen)) * BigInt(rules.assetsShareBps);
  const assetsCapFen = counted(assets / BigInt(BPS), "net_assets_fen");
  const service = serviceCapFen(cashFlow, rules.serviceShareBps);
  const capacity = capacityLimitFen(service, rateBps, termMonths);
  const least = Math.min(gradeCapFen, productCapFen, assetsCapFen, capacity);
  const room = Math.max(0, counted(least - exposureFen, "exposure_fen"));
  return {
    gradeCapFen,
    productCapFen,
    assetsCapFen,
    serviceCapFen: service,
    capacityLimitFen: capacity,
    limitFen: room - (room % rules.stepFen),
  };
}

/** *base* over *months*: exactly by whole years, and to sixty decimals by a part of one. */
function raised(base: Ratio, months: number): Ratio {
  const years = power(base, (months - (months % 12)) / 12);
  const rest = months % 12;
  return rest === 0 ? years : times(years, twelfthRoot(power(base, rest)));
}

/** The root of *number*, which is 1 or more, by bisection in fixed point. */
function twelfthRoot(number: Ratio): Ratio {
  const wanted = (number.n * FINE ** 12n) / number.d;
  let [low, high] = [FINE, FINE * (number.n / number.d + 1n)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** 12n <= wanted) low = middle;
    else high = middle;
  }
  return ratio(low, FINE);
}
