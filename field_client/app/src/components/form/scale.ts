// How a whole number of a unit is typed and written: amounts are stored in fen and typed in yuan.
// No float takes part: 0.07 yuan is 7 fen, never 6.999.

import type { Json } from "../../schemas/declare.ts";

export interface Scale {
  /** Decimal places between what is typed and what is stored: yuan and fen have two. */
  readonly places: number;
  /** Whether every decimal is written out, as in 4,600.00. */
  readonly whole: boolean;
}

export const YUAN: Scale = { places: 2, whole: true };
export const PLAIN: Scale = { places: 0, whole: true };

const SCALES: Readonly<Record<string, Scale>> = {
  fen: YUAN,
  bps: { places: 2, whole: true },
  "tenths of a mu": { places: 1, whole: false },
  "e-6 degrees": { places: 6, whole: true },
};

/** What a keyboard puts around a number: blanks, separators, the sign of the currency. */
const SEPARATORS = /[\s,¥元]/g;
const NUMBER = /^([+-]?)(\d{0,16})(?:\.(\d*))?$/;

export function scaleOf(unit: string | null): Scale {
  return (unit !== null ? SCALES[unit] : undefined) ?? PLAIN;
}

/** The number that a text spells, in stored units; null where it spells none. */
export function readNumber(text: string, scale: Scale): number | null {
  const plain = text.normalize("NFKC").replace(SEPARATORS, "");
  const found = NUMBER.exec(plain);
  if (found === null) return null;
  const [, sign = "", whole = "", rest = ""] = found;
  const decimals = rest.replace(/0+$/, "");
  if (whole + rest === "" || decimals.length > scale.places) return null;
  const stored = Number(whole + decimals.padEnd(scale.places, "0"));
  if (!Number.isSafeInteger(stored)) return null;
  return sign === "-" && stored !== 0 ? -stored : stored;
}

/** What is kept of a text that should be a number: text that is none is kept as it was typed. */
export function keptNumber(text: string, scale: Scale): Json {
  if (text.trim() === "") return null;
  return readNumber(text, scale) ?? text;
}

/** A kept number as one would type it, with separators; text that was none comes as it was typed. */
export function writtenNumber(kept: Json, scale: Scale): string {
  if (typeof kept === "string") return kept;
  if (typeof kept !== "number") return "";
  const digits = String(Math.abs(kept)).padStart(scale.places + 1, "0");
  const whole = digits.slice(0, digits.length - scale.places);
  const rest = digits.slice(digits.length - scale.places);
  const decimals = scale.whole ? rest : rest.replace(/0+$/, "");
  const sign = kept < 0 ? "-" : "";
  return `${sign}${grouped(whole)}${decimals === "" ? "" : `.${decimals}`}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
