// Collateral 抵质押物: what may be lent against it, and when its value gives a warning.

import { shareBps } from "./ratios.ts";
import { BPS } from "./rounding.ts";
import { counted } from "./whole.ts";

export type Kind = "house" | "land_right" | "machine" | "livestock" | "deposit";
export type Caps = Readonly<Record<Kind, number>>;

/** The most that may be lent on each, of its current value; a lender may set others. */
export const CAPS_BPS: Caps = {
  house: 7000,
  land_right: 7000,
  machine: 5000,
  livestock: 4000,
  deposit: 9000,
};

const MOST_DROP_BPS = 2000n;

/** A piece of collateral at its current value. */
export interface Valued {
  readonly kind: Kind;
  readonly valueFen: number;
}

/** A warning signal: its rule, and how grave it is. */
export interface Warned {
  readonly rule: string;
  readonly severity: "orange" | "red";
}

/**
 * The loan as a share of the value 抵押率; null where there is no value.
 *
 * Source: domain.md, section 8.10; golden case E10.
 */
export function ltvBps(loanFen: number, valueFen: number): number | null {
  return shareBps(loanFen, valueFen);
}

/** By which share the value fell; 0 where it did not. */
export function dropBps(formerFen: number, valueFen: number): number {
  return shareBps(Math.max(0, formerFen - valueFen), formerFen) ?? 0;
}

/** The most that may be lent, in whole fen. */
export function mostLentFen(pieces: readonly Valued[], caps: Caps = CAPS_BPS): number {
  return counted(weighted(pieces, caps) / BigInt(BPS), "value_fen");
}

/** The cap on the share lent; of mixed collateral the caps weighted by value. */
export function capBps(pieces: readonly Valued[], caps: Caps = CAPS_BPS): number | null {
  return shareBps(weighted(pieces, caps), BigInt(BPS) * worth(pieces));
}

/**
 * W08: red over the cap, orange after a fall of more than a fifth; one signal, the graver of the two.
 * Compared exactly, not by the rounded shares. *formerFen*: what the pieces were worth together at the
 * valuation before.
 *
 * Source: domain.md, sections 8.10 and 9 (W08); golden case E10.
 */
export function collateralWarnings(
  loanFen: number,
  formerFen: number,
  pieces: readonly Valued[],
  caps: Caps = CAPS_BPS,
): readonly Warned[] {
  if (BigInt(loanFen) * BigInt(BPS) > weighted(pieces, caps)) {
    return [{ rule: "W08", severity: "red" }];
  }
  const former = BigInt(formerFen);
  const fell = (former - worth(pieces)) * BigInt(BPS) > former * MOST_DROP_BPS;
  return fell ? [{ rule: "W08", severity: "orange" }] : [];
}

function weighted(pieces: readonly Valued[], caps: Caps): bigint {
  return pieces.reduce((sum, it) => sum + BigInt(it.valueFen) * BigInt(caps[it.kind]), 0n);
}

function worth(pieces: readonly Valued[]): bigint {
  return pieces.reduce((sum, it) => sum + BigInt(it.valueFen), 0n);
}
