// Repayment capacity asked for in JSON, in the shape of golden case E7.

import type { Fields, Json } from "../../schemas/declare.ts";
import { totalFen } from "../amounts.ts";
import {
  assess,
  type LowPoint,
  lowestPoint,
  type PlannedLoan,
  totalServiceFen,
} from "../capacity.ts";
import { CashFlow } from "../cash_flow.ts";
import { buildSchedule } from "../schedule.ts";
import type { Agreed } from "../terms.ts";
import type { Case } from "./case.ts";
import { datedRows, planOf } from "./golden_case.ts";

/**
 * Answers a capacity case: the household without the loan, then with each way to repay it.
 * `equal_installment` is always tried, over `n` months (12 where not given); `seasonal` only where
 * there is a `plan`. Golden case E7 writes its plan only in `out.seasonal`; so it is read there.
 */
export function capacityAnswer(given: Case): Json {
  if (!given.has("in")) return outOf(given, []);
  return { out: outOf(given.within("in"), goldenPlan(given)) };
}

function goldenPlan(given: Case): readonly Case[] {
  if (!given.has("out") || !given.within("out").has("seasonal")) return [];
  return given.within("out").within("seasonal").cases("plan");
}

function outOf(given: Case, fallback: readonly Case[]): Json {
  const cashFlow = cashFlowOf(given);
  const level: Agreed = {
    method: "equal_installment",
    ...agreedOf(given),
    firstDueOn: given.has("first_due_on") ? given.day("first_due_on") : null,
    count: given.integer("n", 12),
  };
  const out: Record<string, Json> = {
    net_fen: cashFlow.netFen,
    sum_net_fen: cashFlow.yearlyNetFen,
    stressed_sum_net_fen: cashFlow.stressedYearlyNetFen,
    lowest_without_loan: lowOf(lowestPoint(cashFlow)),
    equal_installment: tried(cashFlow, planned(level)),
  };
  if (given.has("plan") || fallback.length > 0) {
    const plan = planOf(given, fallback);
    const agreed: Agreed = { method: "seasonal", ...agreedOf(given), plan };
    const rows = datedRows(buildSchedule(agreed), agreed.disbursedOn);
    out.seasonal = { plan: rows, ...tried(cashFlow, planned(agreed)) };
  }
  return out;
}

function cashFlowOf(given: Case): CashFlow {
  const month = given.text("start_month");
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw given.fault("start_month", `expected a month like 2026-07, got '${month}'`);
  }
  return new CashFlow({
    startMonth: `${month}-01`,
    openingCashFen: given.integer("opening_cash_fen"),
    incomeFen: given.integers("income_fen"),
    costFen: given.integers("cost_fen"),
    livingFen: given.integers("living_fen"),
    farmIncomeFen: given.integers("farm_income_fen"),
    existingServiceFen: given.has("existing_service_fen")
      ? given.integers("existing_service_fen")
      : [],
    haircutBps: given.integer("haircut_bps", 1000),
  });
}

function agreedOf(given: Case): Pick<Agreed, "principalFen" | "rateBps" | "disbursedOn"> {
  return {
    principalFen: given.integer("loan_fen"),
    rateBps: given.integer("rate_bps"),
    disbursedOn: given.day("disbursed_on"),
  };
}

function planned(agreed: Agreed): PlannedLoan {
  const schedule = buildSchedule(agreed).map((row) => {
    return { dueDate: row.dueDate, totalFen: totalFen(row) };
  });
  return { amountFen: agreed.principalFen, disbursedOn: agreed.disbursedOn, schedule };
}

function tried(cashFlow: CashFlow, loan: PlannedLoan): Fields {
  const found = assess(cashFlow, loan);
  return {
    total_fen: totalServiceFen(loan),
    lowest: lowOf(found.lowest),
    stressed_lowest_fen: found.stressedLowest.fen,
    dsr_bps: found.dsrBps,
    dscr_bps: found.dscrBps,
    stressed_dscr_bps: found.stressedDscrBps,
    pass: found.failed.length === 0,
    failed: found.failed.map(({ test, shortFen, month }) => ({
      test,
      short_fen: shortFen,
      ...(month === null ? {} : { month: month.slice(0, 7) }),
    })),
  };
}

function lowOf({ month, fen }: LowPoint): Json {
  return { month: month.slice(0, 7), fen };
}
