// Repayment schedules 还款计划: the methods of domain.md, section 8.2, and those of other lenders.

import { Book, Coins, type Due } from "./book.ts";
import type { ScheduleRow } from "./installments.ts";
import { halfUp, type Rounding } from "./rounding.ts";
import { soundTerms } from "./sound.ts";
import { stretchesOf } from "./stretches.ts";
import { type Agreed, payoutsOf, type Tranche } from "./terms.ts";
import { sumOf } from "./whole.ts";

/**
 * The installments of a loan, in due-date order. The principal of the rows adds up to what was paid
 * out exactly, and none is negative. Interest is rounded once a row; outside schedules may ask for
 * another *rounded*. A tranche that is paid out on a due date belongs to the row after it, and is
 * not in that row's balance.
 *
 * Source: domain.md, sections 8.1 and 8.2; golden cases E1 to E4; vectors/README.md, `terms`.
 */
export function buildSchedule(agreed: Agreed, rounded: Rounding = halfUp): readonly ScheduleRow[] {
  const terms = soundTerms(agreed);
  const coins = new Coins(terms, rounded);
  const payouts = payoutsOf(terms);
  const down = payouts.map(({ on, amountFen }): Due => {
    return { dueDate: on, principal: coins.downPayment(amountFen), interest: null };
  });
  const net = payouts.map(({ on, amountFen }, index) => {
    return { on, amountFen: amountFen - (down[index]?.principal ?? 0) };
  });
  const dues = new Book(terms, stretchesOf(terms), net, coins).settle();
  return numbered(terms.downPayment.n === 0n ? dues : [...dues, ...down], payouts);
}

/** Orders and numbers the rows; a down payment comes after the row of its day, and its payout. */
function numbered(dues: readonly Due[], payouts: readonly Tranche[]): readonly ScheduleRow[] {
  let repaid = 0;
  return [...dues].sort(byDay).map(({ dueDate, principal, interest }, index) => {
    repaid += principal;
    const before = payouts.filter(({ on }) => {
      return on < dueDate || (interest === null && on === dueDate);
    });
    const paidOut = sumOf(before, (payout) => payout.amountFen, "principal_fen");
    const amounts = {
      principalFen: principal,
      interestFen: interest ?? 0,
      feeFen: 0,
      penaltyFen: 0,
    };
    return { seq: index + 1, dueDate, ...amounts, balanceFen: paidOut - repaid };
  });
}

function byDay(one: Due, other: Due): number {
  if (one.dueDate !== other.dueDate) return one.dueDate < other.dueDate ? -1 : 1;
  return Number(one.interest === null) - Number(other.interest === null);
}
