// The customer's tier on this tablet, and by when to be in touch: pending work counts, and only what is here.

import { contactDueOn, type Tier, tierOf } from "../lending/customer_tier.ts";
import { dealingsOf } from "../lending/dealings.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { textOr } from "./views.ts";

/** How valued a customer is, and the day by which to be in touch; null: nobody was yet. */
export interface Rhythm {
  readonly tier: Tier;
  readonly due: string | null;
}

/** *records*: all under the customer. Refuses a loan whose papers are not sound. */
export function rhythmOf(book: Book, records: readonly View[], today: string): Rhythm {
  const living = records.filter((it) => !it.gone);
  const dealings = dealingsOf(living, (id) => book.product(textOr(id) ?? ""), today);
  return { tier: tierOf(dealings, today), due: contactDueOn(dealings, today) };
}
