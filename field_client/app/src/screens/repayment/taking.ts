// What is still missing before a repayment can be taken.

import type { Json } from "../../schemas/declare.ts";

export type TakingNeed =
  | "amount"
  | "amount_unreadable"
  | "amount_positive"
  | "channel"
  | "day"
  | "day_ahead";

export interface TakingValues {
  /** Fen; text where no amount could be read. */
  readonly amount_fen: Json;
  readonly channel: Json;
  readonly value_date: Json;
}

export interface TakingMissing {
  readonly path: "amount_fen" | "channel" | "value_date";
  readonly need: TakingNeed;
}

/** What is missing or does not fit, in the order of the screen; `today` is the branch's business date. */
export function missingOfTaking(values: TakingValues, today: string): readonly TakingMissing[] {
  const found: TakingMissing[] = [];
  const amount = values.amount_fen;
  if (amount === null) found.push({ path: "amount_fen", need: "amount" });
  else if (typeof amount !== "number")
    found.push({ path: "amount_fen", need: "amount_unreadable" });
  else if (amount <= 0) found.push({ path: "amount_fen", need: "amount_positive" });
  if (!values.channel) found.push({ path: "channel", need: "channel" });
  const day = values.value_date;
  if (typeof day !== "string" || day === "") found.push({ path: "value_date", need: "day" });
  else if (day > today) found.push({ path: "value_date", need: "day_ahead" });
  return found;
}
