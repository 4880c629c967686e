// The calculators of an appraisal and of a dossier, as the shared vectors tell: Python runs them too.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Fields, Json } from "../schemas/declare.ts";
import { appraise, type Papers } from "./appraisal.ts";
import { assess, lowestPoint, type PlannedLoan, yearlyServiceFen } from "./capacity.ts";
import { CashFlow, type SurveyedMonths } from "./cash_flow.ts";
import {
  capBps,
  collateralWarnings,
  dropBps,
  ltvBps,
  mostLentFen,
  type Valued,
} from "./collateral.ts";
import { capacityLimitFen, creditLimit, type LimitAsked } from "./credit_limit.ts";
import {
  CONTACT_DAYS,
  type Dealings,
  lifetimeValueFen,
  pointsOf,
  tierOf,
} from "./customer_tier.ts";
import { dealingsOf } from "./dealings.ts";
import type { Kept } from "./early_warning/dossier.ts";
import { isOnTime, onTimeVisitsBps, syncAge, visitCompletionBps } from "./indicators.ts";
import { type LoanStanding, portfolioOf, ratioBps } from "./portfolio.ts";
import {
  type Grade,
  gradeOf,
  type Household,
  incomeSources,
  recordPoints,
  score,
} from "./scorecard.ts";
import { mayImprove, subClass } from "./sub_class.ts";
import { cashFlowOf } from "./survey.ts";

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly do: string;
  readonly in: Json;
  readonly out?: Json;
  readonly error?: string;
}

const FILE = new URL("../../../../tests/vectors/appraisal.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, "utf8")) as { vectors: readonly Vector[] };

test.each(vectors)("$id: $name", ({ do: kind, in: given, out, error }) => {
  const answer = KINDS[kind];
  if (answer === undefined) throw new Error(`no calculator for ${kind}`);
  if (error !== undefined) {
    expect(() => answer(named(given, camel))).toThrow(error);
    return;
  }
  const found = named(answer(named(given, camel)) as Json, snake);
  // a case may tell only what it is about
  if (typeof found === "object" && found !== null) expect(found).toMatchObject(out as object);
  else expect(found).toBe(out);
});

/** Fields of records keep the names that they are stored by. */
const STORED = ["fields", "survey", "application", "customer", "product", "rating"];

/** The same with other names of members. */
function named(value: Json, name: (text: string) => string): Json {
  if (Array.isArray(value)) return value.map((it: Json) => named(it, name));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value as Fields).map(([key, it]) => {
    return [name(key), STORED.includes(key) ? it : named(it, name)];
  });
  return Object.fromEntries(members);
}

function camel(text: string): string {
  return text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function snake(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What a vector holds is what its calculator takes; a vector that does not is found by the test. */
function taking<Given>(answer: (given: Given) => unknown): (given: Json) => unknown {
  return (given) => answer(given as Given);
}

const KINDS: Readonly<Record<string, (given: Json) => unknown>> = {
  household: taking((given: SurveyedMonths) => {
    const cashFlow = new CashFlow(given);
    const { netFen, yearlyNetFen, stressedYearlyNetFen } = cashFlow;
    return { netFen, yearlyNetFen, stressedYearlyNetFen, lowest: lowestPoint(cashFlow) };
  }),
  capacity: taking(
    (given: {
      readonly household: SurveyedMonths;
      readonly loan: PlannedLoan;
      readonly limits?: Parameters<typeof assess>[2];
    }) => ({
      ...assess(new CashFlow(given.household), given.loan, given.limits),
      yearlyServiceFen: yearlyServiceFen(given.loan),
    }),
  ),
  survey: taking((given: { readonly survey: Fields }) => {
    const cashFlow = cashFlowOf(given.survey);
    const { netFen, serviceFen, yearlyNetFen, stressedYearlyNetFen } = cashFlow;
    return { netFen, serviceFen, yearlyNetFen, stressedYearlyNetFen };
  }),
  appraisal: taking(
    (given: { readonly application: Fields; readonly papers: Papers; readonly today: string }) => {
      const { tried, rated } = appraise(given.application, given.papers, given.today);
      return {
        tried: tried.map(({ method, capacity }) => {
          return { method, passes: capacity.failed.length === 0, ...capacity.lowest };
        }),
        rated: rated && { ...rated, limitFen: rated.limit.limitFen },
      };
    },
  ),
  dealings: taking((given: { readonly records: readonly Kept[]; readonly today: string }) => {
    const found = dealingsOf(given.records, () => null, given.today);
    return { ...found, tier: tierOf(found, given.today) };
  }),
  scorecard: taking((given: Household) => score(given)),
  grade: taking(gradeOf),
  record: taking(recordPoints),
  income_sources: taking(incomeSources),
  credit_limit: taking(
    (given: LimitAsked & { readonly grade: Grade; readonly household: SurveyedMonths }) =>
      creditLimit(given.grade, new CashFlow(given.household), given),
  ),
  capacity_limit: taking(
    (given: { yearlyServiceFen: number; rateBps: number; termMonths: number }) =>
      capacityLimitFen(given.yearlyServiceFen, given.rateBps, given.termMonths),
  ),
  customer_tier: taking((given: Dealings & { readonly asOf: string }) => {
    const tier = tierOf(given, given.asOf);
    return { points: pointsOf(given, given.asOf), tier, contactDays: CONTACT_DAYS[tier] };
  }),
  lifetime_value: taking(
    (given: { marginFen: number; retentionBps: number; discountBps: number }) =>
      lifetimeValueFen(given.marginFen, given.retentionBps, given.discountBps),
  ),
  portfolio: taking((given: readonly LoanStanding[]) => {
    const found = portfolioOf(given);
    const { par1Fen, par30Fen, par90Fen, par30PlusRestructuredFen } = found;
    const atRisk = [par1Fen, par30Fen, par90Fen, par30PlusRestructuredFen];
    const { grossFen, writtenOffFen } = found;
    return {
      gross_fen: grossFen,
      par1_fen: par1Fen,
      par30_fen: par30Fen,
      par90_fen: par90Fen,
      par30_plus_restructured_fen: par30PlusRestructuredFen,
      written_off_fen: writtenOffFen,
      ratios_bps: atRisk.map((fen) => ratioBps(found, fen)),
    };
  }),
  sub_class: taking((code: string) => subClass(code)),
  may_improve: taking(
    (given: { dpd: number; clearedOn: string | null; paidOnTime: string[]; asOf: string }) =>
      mayImprove(given.dpd, given.clearedOn, given.paidOnTime, given.asOf),
  ),
  collateral: taking((given: { loanFen: number; formerFen: number; pieces: readonly Valued[] }) => {
    const { loanFen, formerFen, pieces } = given;
    const value = pieces.reduce((sum, it) => sum + it.valueFen, 0);
    return {
      ltvBps: ltvBps(loanFen, value),
      dropBps: dropBps(formerFen, value),
      capBps: capBps(pieces),
      mostLentFen: mostLentFen(pieces),
      signals: collateralWarnings(loanFen, formerFen, pieces).map(({ severity }) => severity),
    };
  }),
  visit_completion: taking((given: { done: number; planned: number; cancelled: number }) =>
    visitCompletionBps(given.done, given.planned, given.cancelled),
  ),
  on_time_visits: taking((given: { onTime: number; planned: number; cancelled: number }) =>
    onTimeVisitsBps(given.onTime, given.planned, given.cancelled),
  ),
  is_on_time: taking((given: { completedOn: string; plannedOn: string }) =>
    isOnTime(given.completedOn, given.plannedOn),
  ),
  sync_age: taking((given: { lastCompleteAt: string | null; now: string }) => {
    const last = given.lastCompleteAt === null ? null : Date.parse(given.lastCompleteAt);
    return syncAge(last, Date.parse(given.now));
  }),
};
