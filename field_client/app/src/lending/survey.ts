// A household's cash flow 家庭收支 as the survey's record tells it, line by line (domain.md, 5.4 and 8.6).

import type { Fields, Json } from "../schemas/declare.ts";
import { CashFlow, LONGEST_MONTHS, USUAL_HAIRCUT_BPS, YEAR } from "./cash_flow.ts";
import { counted } from "./whole.ts";

const KINDS: readonly string[] = ["income", "cost", "living", "debt"];

/** Reads the fields of a survey; a month for which a line says nothing has no money in it. */
export function cashFlowOf(survey: Fields): CashFlow {
  const months = whole(survey.months ?? YEAR, "months");
  if (months > LONGEST_MONTHS) throw new RangeError(`months: at most ${LONGEST_MONTHS}`);
  const nothing = () => Array.from({ length: months }, () => 0);
  const sums = new Map([...KINDS, "farm"].map((kind) => [kind, nothing()]));
  for (const line of linesOf(survey)) {
    const kinds = line.isFarm && line.kind === "income" ? [line.kind, "farm"] : [line.kind];
    for (const kind of kinds) {
      const sum = (sums.get(kind) ?? nothing()).map((fen, month) => {
        return counted(fen + (line.amounts[month] ?? 0), "month_fen");
      });
      sums.set(kind, sum);
    }
  }
  return new CashFlow({
    startMonth: `${monthOf(survey.start_month ?? null)}-01`,
    openingCashFen: whole(survey.opening_cash_fen ?? null, "opening_cash_fen"),
    incomeFen: sums.get("income") ?? [],
    costFen: sums.get("cost") ?? [],
    livingFen: sums.get("living") ?? [],
    farmIncomeFen: sums.get("farm") ?? [],
    existingServiceFen: sums.get("debt") ?? [],
    haircutBps: whole(survey.haircut_bps ?? USUAL_HAIRCUT_BPS, "haircut_bps"),
  });
}

interface Line {
  readonly kind: string;
  readonly isFarm: boolean;
  readonly amounts: readonly number[];
}

function linesOf(survey: Fields): readonly Line[] {
  return Object.entries(survey).flatMap(([path, amounts]): readonly Line[] => {
    const [map, key, leaf, more] = path.split(".");
    const kind = survey[`lines.${key}.kind`];
    if (map !== "lines" || leaf !== "month_fen" || more !== undefined) return [];
    if (typeof kind !== "string" || !KINDS.includes(kind) || !Array.isArray(amounts)) return [];
    const isFarm = survey[`lines.${key}.farm`] === true;
    return [{ kind, isFarm, amounts: amounts.map((fen: Json) => whole(fen, path)) }];
  });
}

function monthOf(value: Json): string {
  if (typeof value === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(value)) return value;
  throw new RangeError(`start_month: expected a month like 2026-07, got ${JSON.stringify(value)}`);
}

function whole(value: Json, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new RangeError(`${name}: expected a whole number, got ${JSON.stringify(value)}`);
}
