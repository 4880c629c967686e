// How far this officer has come in a month: on this tablet, and as the branch has accepted it.

import { type Kept, monthOf, progressOf } from "../lending/progress.ts";
import type { Label } from "../schemas/declare.ts";
import type { Book } from "./book.ts";
import { choiceLabel } from "./titles.ts";
import { recordsOf, referencesOf, textOr } from "./views.ts";

/** Those that records on a tablet tell, in the order in which they are shown. */
const TOLD_HERE = [
  "visit_completion",
  "on_time_visits",
  "on_time_collection",
  "clean_up",
  "par30",
  "npl",
  "inspection_timeliness",
  "finding_closure",
  "data_freshness",
  "deposit_discipline",
];

/** Records without a customer that figures are counted from. */
const BESIDE = ["cash_deposit", "parameter", "org_unit"];

/** One indicator; rates in basis points, null where nothing was due or only the branch can tell. */
export interface Figure {
  readonly metric: string;
  readonly title: Label;
  readonly here: number | null;
  readonly accepted: number | null;
  readonly target: number | null;
}

/** The user's indicators of a month, `YYYY-MM`: those that have a target, and those counted here. */
export async function figuresOf(
  book: Book,
  period: string,
  today: string,
): Promise<readonly Figure[]> {
  const { store, registry } = book;
  const user = store.meta.user.id;
  const type = registry.get("target");
  const targets = new Map<string, number>();
  for (const { fields } of type === null ? [] : referencesOf(store, registry, "target")) {
    const mine = fields.officer_id === user && fields.period === period;
    const value = fields.target_value;
    if (mine && typeof value === "number") targets.set(String(fields.metric), value);
  }
  const here: Kept[] = [];
  const accepted: Kept[] = [];
  for (const { id } of book.cards()) {
    accepted.push(...(await store.bundle(id)).filter((it) => !it.gone));
    here.push(...(await recordsOf(store, registry, id)).filter((it) => !it.gone));
  }
  for (const name of BESIDE.filter((it) => registry.get(it) !== null)) {
    accepted.push(...store.reference(name).filter((it) => !it.gone));
    here.push(...referencesOf(store, registry, name).filter((it) => !it.gone));
  }
  const productOf = (id: unknown) => book.product(textOr(id as string | null) ?? "");
  const counted = (records: readonly Kept[], metric: string): number | null => {
    try {
      return progressOf(monthOf(records, productOf, user, period, today), metric);
    } catch {
      return null; // a figure that cannot be hides none of the others
    }
  };
  return [...new Set([...TOLD_HERE, ...targets.keys()])].map((metric) => ({
    metric,
    title: choiceLabel(type, "metric", metric),
    here: counted(here, metric),
    accepted: counted(accepted, metric),
    target: targets.get(metric) ?? null,
  }));
}
