// Whom nobody was in touch with in time, and the cash in hand: from the cards, without a record being read.
// Pending work counts, and only what is on this tablet (domain.md, sections 5.2, 5.5 and 8.8).

import { CASH_LIMIT_FEN, cashInHandFen } from "../lending/cash_in_hand.ts";
import { silenceOf } from "../lending/contact_rhythm.ts";
import { ID_CARD_WARN_DAYS, idCardEndsOn } from "../lending/id_card.ts";
import type { Fields } from "../schemas/declare.ts";
import type { Book } from "./book.ts";
import type { Card } from "./cards.ts";
import { kept, numberOf } from "./numbers.ts";
import { textOr } from "./views.ts";

/** A customer who should have been called, and by when. */
export interface Unheard {
  readonly card: Card;
  readonly due_on: string;
}

/** The customers whom nobody was in touch with within their rhythm, the longest overdue first. */
export function unheardOf(book: Book, today: string): readonly Unheard[] {
  return book
    .cards()
    .flatMap((card): Unheard[] => {
      const silence = silenceOf(card, today);
      return silence === null ? [] : [{ card, due_on: silence.dueOn }];
    })
    .sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

function order({ due_on, card }: Unheard): string {
  return `${due_on} ${card.id}`;
}

/** What this officer carries and what may be carried, in fen. */
export interface Cash {
  readonly fen: number;
  readonly limitFen: number;
}

/** The cash that this officer took and nobody has confirmed to have received; null: within the limit. */
export function tooMuchCash(book: Book, today: string): Cash | null {
  const user = book.store.meta.user.id;
  const taken = book.cards().flatMap((it) => it.cash);
  const fen = cashInHandFen(taken, kept(book, "cash_deposit"), user);
  const unit = textOr(kept(book, "user").find((it) => it.id === user)?.fields.unit_id);
  const limitFen = numberOf(book, "cash_limit_fen", CASH_LIMIT_FEN, unit, today);
  return fen > limitFen ? { fen, limitFen } : null;
}

/** The last day of a customer's id card where it runs out soon, or has run out; null: nothing to tell. */
export function idCardEnds(book: Book, customer: Fields, today: string): string | null {
  const unit = textOr(customer.village_id);
  const days = numberOf(book, "id_card_warn_days", ID_CARD_WARN_DAYS, unit, today);
  return idCardEndsOn(customer.id_valid_to, today, days);
}
