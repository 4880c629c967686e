// Taking a repayment: what each yuan goes to, before and on the receipt (domain.md, sections 5.5 and 8.3).
//
// The number is the device's own series, gapless for each day; the receipt promises the amount, and
// its split is provisional until the repayment is accepted, because an earlier receipt may be on
// another tablet.

import type { LoanState, Repayment, Replay, Split } from "../lending/allocation.ts";
import { papersOf, replay } from "../lending/papers.ts";
import type { Fields } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import { perform } from "./action.ts";
import type { Book } from "./book.ts";
import type { Desk } from "./desk.ts";
import { NotPossibleError } from "./faults.ts";
import { recordsOf, text } from "./views.ts";

/** Sorts after every receipt number: a receipt in the making comes last on its day. */
const LAST_OF_A_DAY = "~";

/** What a repayment does to its loan: the state before and after, and its split. */
export interface Preview {
  readonly before: LoanState;
  readonly after: LoanState;
  readonly split: Split | null;
}

/** A repayment taken. */
export interface Receipt {
  readonly receipt_no: string;
  readonly repayment: string;
  readonly number: number;
}

/** A loan's state on a day, receipts not yet sent included. `records`: all under the customer. */
export function replayed(
  book: Book,
  loan: View,
  records: readonly View[],
  asOf: string,
  extra: readonly Repayment[] = [],
): Replay {
  const papers = papersOf(loan, records, book.product(text(loan.fields.product_id)));
  return replay(papers, asOf, extra);
}

/** Show what a repayment would do, before it is taken; an amount of 0 does nothing. */
export function preview(
  book: Book,
  loan: View,
  records: readonly View[],
  amountFen: number,
  valueDate: string,
  today: string,
): Preview {
  const before = replayed(book, loan, records, today).state;
  if (amountFen <= 0) return { before, after: before, split: null };
  const made = {
    id: "new",
    receiptNo: LAST_OF_A_DAY,
    valueDate,
    amountFen,
    reversesId: null,
  };
  const { state, splits } = replayed(book, loan, records, today, [made]);
  return { before, after: state, split: splits.find((it) => it.repayment.id === "new") ?? null };
}

export interface Taking {
  readonly amount_fen: number;
  readonly value_date: string;
  readonly channel: string;
  readonly more: Fields;
  /** The draft that ends with it. */
  readonly draft: string | null;
}

/** Store a repayment with the next receipt number, in one commit. */
export async function take(desk: Desk, loan: View, taking: Taking): Promise<Receipt> {
  if (taking.amount_fen <= 0) throw new NotPossibleError("amount-needed");
  if (taking.value_date > desk.today()) throw new NotPossibleError("day-ahead");
  let made = "";
  let number = "";
  const saved = await perform(desk, "repay", (action) => {
    number = nextNumber(desk);
    made = action.create("repayment", loan.customer, {
      loan_id: loan.id,
      amount_fen: taking.amount_fen,
      value_date: taking.value_date,
      channel: taking.channel,
      receipt_no: number,
      ...taking.more,
    });
    action.also = {
      meta: { receipts: used(desk, number) },
      ...(taking.draft === null ? {} : { drop_drafts: [taking.draft] }),
    };
  });
  if (saved === null) throw new NotPossibleError("nothing-changed");
  return { receipt_no: number, repayment: made, number: saved.number };
}

function series(desk: Desk): string {
  const { store } = desk;
  const device = store.reference("device").find((it) => it.id === store.meta.device);
  const code = text(device?.fields.code);
  if (code === "") throw new NotPossibleError("no-device-code");
  return `${code}-${desk.today().replaceAll("-", "")}`;
}

/** The next receipt number of this device and day: `T1-20260616-001`. */
export function nextNumber(desk: Desk): string {
  const name = series(desk);
  const next = (desk.store.meta.receipts[name] ?? 0) + 1;
  return `${name}-${String(next).padStart(3, "0")}`;
}

function used(desk: Desk, number: string): Readonly<Record<string, number>> {
  const at = number.lastIndexOf("-");
  return { ...desk.store.meta.receipts, [number.slice(0, at)]: Number(number.slice(at + 1)) };
}

export function loanRecords(book: Book, customer: string): Promise<View[]> {
  return recordsOf(book.store, book.registry, customer);
}
