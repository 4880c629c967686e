// The time value of money asked for in JSON: a function and its `args`.

import type { Json } from "../../schemas/declare.ts";
import { type Ratio, ratio } from "../ratio.ts";
import { nearestEven } from "../rounding.ts";
import {
  futureValue,
  irr,
  nperOf,
  npv,
  pmt,
  ppmt,
  presentValue,
  rateOf,
  WHENS,
  type When,
} from "../time_value.ts";
import type { Case } from "./case.ts";

/** An answer is written with this many decimals at most. */
const DECIMALS = 28;

const FUNCTIONS = ["pmt", "ppmt", "pv", "fv", "nper", "rate", "irr", "npv"] as const;

/** Answers a case: `expected` is a decimal in quotes, or null where there is no answer. */
export function timeValueAnswer(given: Case): Readonly<Record<string, Json>> {
  const found = valueAsked(given.choice("function", FUNCTIONS), given.within("args"));
  return { expected: found === null ? null : asDecimal(found) };
}

function valueAsked(name: (typeof FUNCTIONS)[number], args: Case): Ratio | null {
  const [rate, nper] = [() => args.quotient("rate"), () => args.integer("nper")];
  const [pv, fv] = [() => args.decimal("pv"), () => args.decimal("fv", "0")];
  const payment = () => args.decimal("pmt");
  const when: When = args.has("when") ? args.choice("when", WHENS) : "end";
  switch (name) {
    case "pmt":
      return pmt(rate(), nper(), pv(), fv(), when);
    case "ppmt":
      return ppmt(rate(), args.integer("per"), nper(), pv(), fv(), when);
    case "pv":
      return presentValue(rate(), nper(), payment(), fv(), when);
    case "fv":
      return futureValue(rate(), nper(), payment(), pv(), when);
    case "nper":
      return nperOf(rate(), payment(), pv(), fv(), when);
    case "rate":
      return rateOf(nper(), payment(), pv(), fv(), when);
    case "irr":
      return irr(args.decimals("values"));
    case "npv":
      return npv(rate(), args.decimals("values"));
  }
}

function asDecimal(exact: Ratio): string {
  const units = nearestEven(ratio(exact.n * 10n ** BigInt(DECIMALS), exact.d));
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, "0");
  const decimals = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}${decimals && `.${decimals}`}`;
}
