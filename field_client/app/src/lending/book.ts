// A loan while its rows are settled one after the other: what falls due with each.

import type { Day } from "./day.ts";
import { ONE, over, plus, type Ratio, ratio, times, ZERO } from "./ratio.ts";
import type { Rounding } from "./rounding.ts";
import { type Stretch, shareOf } from "./stretches.ts";
import { levelYears, type Override, type Terms, type Tranche, yearlyRate } from "./terms.ts";
import { counted, sumOf } from "./whole.ts";

/** What falls due on a date; without interest it is a down payment, also of 0. */
export interface Due {
  readonly dueDate: Day;
  readonly principal: number;
  readonly interest: number | null;
}

/** An amount, and for which part of the row's time it bears interest. */
type Lent = readonly [amount: number, share: Ratio];

/** How exact amounts become money, under the terms. */
export class Coins {
  private readonly terms: Terms;
  private readonly rounded: Rounding;

  constructor(terms: Terms, rounded: Rounding) {
    this.terms = terms;
    this.rounded = rounded;
  }

  /** Rounds an amount; where money has no small coins, to a multiple of the smallest. */
  amount(exact: Ratio): number {
    return this.multiple(exact, this.terms.moneyMultipleFen);
  }

  /** Rounds an installment, or a share of one. */
  installment(exact: Ratio): number {
    const { installmentMultipleFen } = this.terms;
    if (installmentMultipleFen === 1) return this.amount(exact);
    return this.multiple(exact, installmentMultipleFen);
  }

  /** What is due at once of *paidOut*. */
  downPayment(paidOut: number): number {
    return Math.min(paidOut, this.installment(times(ratio(paidOut), this.terms.downPayment)));
  }

  /** Divides *principal* evenly; what does not divide is left to the last row. */
  share(principal: number, rows: number): number {
    if (this.terms.method === "flat_interest") return this.installment(ratio(principal, rows));
    if (this.terms.roundsShares) return this.amount(ratio(principal, rows));
    const parts = rows * this.terms.moneyMultipleFen;
    return ((principal - (principal % parts)) / parts) * this.terms.moneyMultipleFen;
  }

  /** What rounding the interest of a flat installment leaves for its principal. */
  beyondInterest(interest: Ratio): number {
    return this.installment(interest) - this.amount(interest);
  }

  private multiple(exact: Ratio, multiple: number): number {
    return counted(multiple * this.rounded(over(exact, ratio(multiple))), "amount_fen");
  }
}

export class Book {
  private readonly terms: Terms;
  private readonly rate: Ratio;
  private readonly stretches: readonly Stretch[];
  private readonly payouts: readonly Tranche[];
  private readonly coins: Coins;
  private balance = 0;
  private paidOut = 0;
  private putOff = 0;
  private agreed = 0;
  private mustAgree = true;

  constructor(
    terms: Terms,
    stretches: readonly Stretch[],
    payouts: readonly Tranche[],
    coins: Coins,
  ) {
    this.terms = terms;
    this.rate = yearlyRate(terms);
    this.stretches = stretches;
    this.payouts = payouts;
    this.coins = coins;
  }

  /** What falls due with each row, in order; to be asked for once. */
  settle(): readonly Due[] {
    return this.stretches.map((row, index) => this.settleRow(row, index));
  }

  /** Finds what falls due with the row at *index*, and takes it off the balance. */
  private settleRow(row: Stretch, index: number): Due {
    const arrived = this.payouts.filter(({ on }) => row.start <= on && on < row.dueDate);
    const fresh = arrived.map(({ on, amountFen }): Lent => [amountFen, shareOf(row, on)]);
    const lent: readonly Lent[] = [[this.balance, ONE], ...fresh];
    const isFlat = this.terms.method === "flat_interest";
    const weight = weightOf(isFlat ? [[this.paidOut, ONE], ...fresh] : lent);
    const interest = times(weight, times(this.rate, row.years));
    const added = sumOf(arrived, (payout) => payout.amountFen, "principal_fen");
    this.balance += added;
    this.paidOut += added;
    this.mustAgree ||= added > 0;
    if (this.mustAgree && this.balance > 0 && index >= this.terms.grace.principalPeriods) {
      this.agreed = this.agree(index, lent);
      this.mustAgree = false;
    }
    const due = this.interestDue(index, this.coins.amount(interest));
    const principal = this.principal(row, index, due, interest);
    this.balance -= principal;
    return { dueDate: row.dueDate, principal, interest: due };
  }

  private isLast(index: number): boolean {
    return index === this.stretches.length - 1;
  }

  /** Puts interest off while that is agreed; then it comes at once. */
  private interestDue(index: number, interest: number): number {
    this.putOff = counted(this.putOff + interest, "interest_fen");
    if (index < this.terms.grace.interestPaymentPeriods && !this.isLast(index)) return 0;
    const due = this.putOff;
    this.putOff = 0;
    return due;
  }

  /**
   * The principal of a row whose exact *interest* is *due* in coins: 0 to the balance. A loan of a
   * few fen has a level that is more than it owes, and a long month counted by days may bear more
   * interest than the level.
   */
  private principal(row: Stretch, index: number, due: number, interest: Ratio): number {
    if (this.isLast(index)) return this.balance;
    if (row.fixed !== null) return this.fixed(row.fixed, due);
    if (index < this.terms.grace.principalPeriods) return 0;
    return Math.max(0, Math.min(this.wanted(index, due, interest), this.balance));
  }

  private wanted(index: number, due: number, interest: Ratio): number {
    switch (this.terms.method) {
      case "equal_installment":
        return this.agreed - due;
      case "flat_interest":
        return this.agreed + this.coins.beyondInterest(interest);
      case "equal_principal":
        return this.agreed;
      case "seasonal":
        return this.terms.plan[index]?.principalFen ?? 0;
      case "interest_first":
      case "bullet":
        return 0;
    }
  }

  private fixed(fixed: Override, interest: number): number {
    this.mustAgree = true;
    const principal = fixed.principalFen ?? (fixed.totalFen ?? 0) - interest;
    if (principal >= 0 && principal <= this.balance) return principal;
    throw new RangeError(`overrides: ${fixed.dueDate} would pay off ${principal} fen`);
  }

  /** Finds the level, or the even share, of the rows from *index* on. */
  private agree(index: number, lent: readonly Lent[]): number {
    const left = this.stretches.slice(index);
    if (this.terms.method !== "equal_installment") {
      return this.coins.share(this.balance, left.length);
    }
    const [first = ZERO, ...others] = left.map((row) => this.levelRate(row));
    const weight = weightOf(lent);
    const worth = plus(ratio(this.balance), times(first, weight));
    return this.coins.installment(levelOf(worth, others));
  }

  private levelRate(row: Stretch): Ratio {
    const { levelRate, period } = this.terms;
    return levelRate ?? times(this.rate, levelYears(period) ?? row.years);
  }
}

/**
 * The level installment A = worth · Πg / F, with g = 1 + rate of a period. *worth* is what is owed on
 * the day of the first installment, its interest included; *rates* are those of the periods after
 * it, and F grows by F ← 1 + F · g. With equal periods this is P·i·(1+i)ⁿ / ((1+i)ⁿ−1), and with a
 * rate of 0 it is P / n.
 *
 * Πg and F are kept over one shared denominator; in A it cancels, so whole numbers do.
 */
export function levelOf(worth: Ratio, rates: Iterable<Ratio>): Ratio {
  let [growth, factor, denominator] = [1n, 1n, 1n];
  for (const rate of rates) {
    const step = plus(ONE, rate);
    growth *= step.n;
    denominator *= step.d;
    factor = denominator + factor * step.n;
  }
  return ratio(worth.n * growth, worth.d * factor);
}

function weightOf(lent: readonly Lent[]): Ratio {
  return lent.reduce((sum, [amount, share]) => plus(sum, times(ratio(amount), share)), ZERO);
}
