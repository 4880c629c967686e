// Any single record as its screen shows it.

import { daysBetween } from "../../i18n/dates.ts";
import { path } from "../../shell/router.ts";
import { bundleKey } from "../../store/bundles.ts";
import type { View } from "../../sync/rebase.ts";
import { perform } from "../../work/action.ts";
import type { Book } from "../../work/book.ts";
import type { Desk } from "../../work/desk.ts";
import { replayed } from "../../work/receipts.ts";
import { standingOf } from "../../work/standing.ts";
import { personOf, titleLabel, typeLabel } from "../../work/titles.ts";
import { recordsOf } from "../../work/views.ts";
import { questionsOfNote, rowsAsked } from "../visit/questions.ts";
import type { RecordDetail, ScheduleRow } from "./model.ts";
import { rowsOf } from "./rows.ts";

export interface Wanted {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
}

export async function recordDetail(
  desk: Desk,
  book: Book,
  wanted: Wanted,
  lang: "en" | "zh",
  today: string,
): Promise<RecordDetail | null> {
  const key = bundleKey(wanted.customer, wanted.type);
  const records = await recordsOf(desk.store, desk.registry, key);
  const one = records.find((it) => it.id === wanted.id);
  const type = desk.registry.get(wanted.type);
  if (one === undefined || type === null) return null;
  const { role } = desk.store.meta.user;
  const { state, refused } = standingOf(book, one.id);
  const { customer } = one;
  const writable = type
    .plainFields()
    .some(([, it]) => it.write.includes(role) || it.authority.includes(role));
  return {
    id: one.id,
    type: typeLabel(type, type.name),
    title: titleLabel(book, one)[lang] || one.id.slice(0, 8),
    customer:
      customer === null || one.type === "customer"
        ? null
        : {
            name: personOf(book, customer),
            href: path({ screen: "customer", id: customer, from: null }),
          },
    state,
    refused,
    content: rowsAsked(rowsOf(type, one.fields), questionsOfNote(desk, one.fields)),
    names: namesIn(book, one, records, lang),
    links: linksIn(one, records),
    schedule: one.type === "loan" ? scheduleOf(book, one, records, today) : [],
    edit:
      type.doc.create_only || !writable || one.type === "conflict"
        ? null
        : path({ screen: "edit", type: one.type, id: one.id, customer }),
    onRemove: type.doc.deletable
      ? (reason) => void perform(desk, "delete", (action) => action.delete(one, reason))
      : null,
    asOf: desk.store.meta.data_as_of,
    own: one.pending.length > 0 ? 1 : 0,
    onShow: () => undefined,
  };
}

/** The names of everything that a record's values refer to and that is on this tablet. */
export function namesIn(
  book: Book,
  one: Pick<View, "fields">,
  records: readonly View[],
  lang: "en" | "zh",
): Record<string, string> {
  const names: Record<string, string> = {};
  const note = (value: unknown) => {
    if (Array.isArray(value)) for (const it of value) note(it);
    else if (typeof value === "object" && value !== null) note(Object.values(value));
    else if (typeof value === "string" && !(value in names)) {
      const known = book.nameOf(value) || book.card(value)?.name;
      const other = records.find((it) => it.id === value);
      const name = known || (other ? titleLabel(book, other)[lang] : "");
      if (name) names[value] = name;
    }
  };
  note(Object.values(one.fields));
  return names;
}

function linksIn(one: View, records: readonly View[]): Record<string, string> {
  const links: Record<string, string> = {};
  for (const value of Object.values(one.fields)) {
    const other = records.find((it) => it.id === value && it.id !== one.id);
    if (other === undefined) continue;
    const { type, id, customer } = other;
    links[id] =
      type === "customer"
        ? path({ screen: "customer", id, from: null })
        : path({ screen: "record", type, id, customer });
  }
  return links;
}

function scheduleOf(
  book: Book,
  loan: View,
  records: readonly View[],
  today: string,
): ScheduleRow[] {
  const { balances } = replayed(book, loan, records, today).state;
  return balances.map((it) => {
    const left = it.principalFen + it.interestFen + it.feeFen;
    const late = left > 0 && it.dueDate < today;
    return {
      seq: it.seq,
      dueOn: it.dueDate,
      dueFen: left + it.paidFen,
      paidFen: it.paidFen,
      dpd: late ? daysBetween(it.dueDate, today) : 0,
    };
  });
}
