// An application held against its household's survey: what carries it, and the rated limit.
// One reading for the field client and the tablet (domain.md, sections 8.6 and 8.7).

import type { Fields, Json } from "../schemas/declare.ts";
import { totalFen } from "./amounts.ts";
import { assess, type Capacity, type PlannedLoan } from "./capacity.ts";
import type { CashFlow } from "./cash_flow.ts";
import { type CreditLimit, creditLimit, GRADE_CAPS_FEN } from "./credit_limit.ts";
import type { Day } from "./day.ts";
import { dueAfter } from "./due_dates.ts";
import { summed } from "./ratios.ts";
import { buildSchedule } from "./schedule.ts";
import { type Grade, gradeOf } from "./scorecard.ts";
import { cashFlowOf } from "./survey.ts";
import { METHODS, type Method, type PlannedPrincipal } from "./terms.ts";
import { counted } from "./whole.ts";

const USUAL_TERM_MONTHS = 12;
const LEVEL: Method = "equal_installment";

/** A way to repay, and whether the household can. */
export interface Tried {
  readonly method: Method;
  readonly capacity: Capacity;
}

/** The sum of the rating's points, its grade, and the limit that it and the survey give. */
export interface Rated {
  readonly total: number;
  readonly grade: Grade;
  readonly limit: CreditLimit;
}

/** What is asked for comes first, then equal installments; a way that is not complete is left out. */
export interface Appraisal {
  readonly tried: readonly Tried[];
  readonly rated: Rated | null;
}

/** Fields of the records that an application is held against. */
export interface Papers {
  readonly survey: Fields;
  readonly customer: Fields;
  readonly product: Fields;
  /** Null where the household has not been rated. */
  readonly rating: Fields | null;
  /** Principal that it owes already. */
  readonly exposureFen: number;
}

/**
 * Appraises *application*; it counts as paid out today, or on the survey's first day if that comes.
 * Refuses a survey that cannot be read.
 */
export function appraise(application: Fields, papers: Papers, today: Day): Appraisal {
  const cashFlow = cashFlowOf(papers.survey);
  const first = cashFlow.month(0);
  const paidOut = today > first ? today : first;
  const asked = METHODS.find((it) => it === application.method);
  const methods = new Set(asked === undefined ? [LEVEL] : [asked, LEVEL]);
  const tried = [...methods].flatMap((method): Tried[] => {
    try {
      const loan = planned(method, application, papers.product, paidOut);
      return [{ method, capacity: assess(cashFlow, loan) }];
    } catch {
      return []; // not all of it has been typed yet
    }
  });
  return { tried, rated: ratedOf(application, papers, cashFlow) };
}

/** What the household has, less what it owes elsewhere. */
export function netAssetsFen(customer: Fields): number {
  const owned = summed(leavesOf(customer, "assets", "value_fen"));
  return counted(owned - summed(leavesOf(customer, "debts", "balance_fen")), "net_assets_fen");
}

/** The loan as it would be paid back by *method*. */
function planned(
  method: Method,
  application: Fields,
  product: Fields,
  disbursedOn: Day,
): PlannedLoan {
  const { amount_fen, rate_bps, term_months, maturity_date } = application;
  const term = wholeOf(term_months);
  const ends = typeof maturity_date === "string" ? maturity_date : dueAfter(disbursedOn, term ?? 0);
  const agreed = {
    method,
    principalFen: counted(wholeOf(amount_fen) ?? Number.NaN, "amount_fen"),
    rateBps: counted(wholeOf(rate_bps) ?? Number.NaN, "rate_bps"),
    disbursedOn,
    count: term ?? USUAL_TERM_MONTHS,
    firstDueOn: method === "bullet" ? ends : null,
    plan: method === "seasonal" ? planOf(application) : [],
    dayCount: product.day_count === "act365" ? ("act365" as const) : ("act360" as const),
  };
  const schedule = buildSchedule(agreed).map((row) => {
    return { dueDate: row.dueDate, totalFen: totalFen(row) };
  });
  return { amountFen: agreed.principalFen, disbursedOn, schedule };
}

function planOf(application: Fields): readonly PlannedPrincipal[] {
  const { plan } = application;
  if (!Array.isArray(plan)) return [];
  return plan.map((row: Fields) => ({
    dueDate: String(row.due_date),
    principalFen: counted(wholeOf(row.principal_fen) ?? Number.NaN, "principal_fen"),
  }));
}

function ratedOf(application: Fields, papers: Papers, cashFlow: CashFlow): Rated | null {
  const scores = papers.rating?.scores ?? null;
  const rateBps = wholeOf(application.rate_bps);
  if (typeof scores !== "object" || scores === null || rateBps === null) return null;
  const points = Object.values(scores as Fields).flatMap((it) => wholeOf(it) ?? []);
  const total = counted(summed(points), "total");
  const grade = gradeOf(total);
  const limit = creditLimit(grade, cashFlow, {
    netAssetsFen: netAssetsFen(papers.customer),
    productCapFen: wholeOf(papers.product.max_amount_fen) ?? GRADE_CAPS_FEN.AAA,
    rateBps,
    termMonths: wholeOf(application.term_months) ?? USUAL_TERM_MONTHS,
    exposureFen: papers.exposureFen,
  });
  return { total, grade, limit };
}

function leavesOf(fields: Fields, name: string, leaf: string): readonly number[] {
  return Object.entries(fields).flatMap(([path, value]) => {
    const [map, , last, more] = path.split(".");
    if (map !== name || last !== leaf || more !== undefined) return [];
    return wholeOf(value) ?? [];
  });
}

function wholeOf(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}
