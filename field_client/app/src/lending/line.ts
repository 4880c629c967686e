// One installment while repayments are put on it.

import { type Amounts, scheduledFen } from "./amounts.ts";
import { type Day, dayNumber } from "./day.ts";
import type { Installment } from "./installments.ts";
import { type PenaltyRate, penaltyFen } from "./penalty.ts";
import { counted, plusProduct, type Whole } from "./whole.ts";

/** What one repayment put on one installment, in fen. */
export interface Part extends Amounts {
  readonly seq: number;
}

/** What is still owed of one installment on a date, and what has been paid on it, in fen. */
export interface InstallmentBalance extends Amounts {
  readonly seq: number;
  readonly dueDate: Day;
  readonly paidFen: number;
}

/** Days are day numbers here: a line is asked about the same few days again and again. */
export class Line {
  private readonly row: Installment;
  private readonly rate: PenaltyRate;
  private principal: number;
  private interest: number;
  private fee: number;
  private penaltyPaid = 0;
  private fenDays: Whole = 0;
  private countedTo: number;

  constructor(row: Installment, rate: PenaltyRate) {
    this.row = row;
    this.rate = rate;
    this.principal = counted(row.principalFen, "principal_fen");
    this.interest = counted(row.interestFen, "interest_fen");
    this.fee = counted(row.feeFen, "fee_fen");
    this.countedTo = dayNumber(row.dueDate);
  }

  /** Takes what is owed out of *offered*: penalty, fee, interest, principal (section 8.3). */
  take(offered: number, on: number): Part {
    const penalty = Math.min(this.penaltyDue(on), offered);
    const fee = Math.min(this.fee, offered - penalty);
    const interest = Math.min(this.interest, offered - penalty - fee);
    const principal = Math.min(this.principal, offered - penalty - fee - interest);
    this.penaltyPaid += penalty;
    this.fee -= fee;
    this.interest -= interest;
    this.principal -= principal;
    return {
      seq: this.row.seq,
      penaltyFen: penalty,
      feeFen: fee,
      interestFen: interest,
      principalFen: principal,
    };
  }

  /** What is left on the day *asOf*. */
  balance(asOf: number): InstallmentBalance {
    const left = this.principal + this.interest + this.fee;
    return {
      seq: this.row.seq,
      dueDate: this.row.dueDate,
      penaltyFen: this.penaltyDue(asOf),
      feeFen: this.fee,
      interestFen: this.interest,
      principalFen: this.principal,
      paidFen: counted(scheduledFen(this.row) - left + this.penaltyPaid, "paid_fen"),
    };
  }

  /** Closes the segment of unchanged overdue principal that ends *on*, and assesses. */
  private penaltyDue(on: number): number {
    if (on > this.countedTo) {
      this.fenDays = plusProduct(this.fenDays, this.principal, on - this.countedTo);
      this.countedTo = on;
    }
    const assessed = this.row.penaltyFen + penaltyFen(this.rate, this.fenDays);
    return counted(assessed, "penalty_fen") - this.penaltyPaid;
  }
}
