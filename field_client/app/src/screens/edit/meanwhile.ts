// What others wrote into a record while its form was open.

import { dayAndTime } from "../../i18n/dates.ts";
import type { Lang } from "../../schemas/declare.ts";
import { jsonEqual } from "../../schemas/values.ts";
import { bundleKey } from "../../store/bundles.ts";
import type { Draft } from "../../store/work.ts";
import type { Book } from "../../work/book.ts";
import type { Meanwhile } from "./model.ts";

/** The fields that the server copy holds otherwise than the form showed them. */
export async function meanwhileOf(
  book: Book,
  draft: Draft,
  lang: Lang,
  now: number,
): Promise<Meanwhile[]> {
  if (draft.is_new || book.store.meta.position === draft.base) return [];
  const held = (await book.store.bundle(bundleKey(draft.customer, draft.type))).find(
    (it) => it.id === draft.record,
  );
  if (held === undefined) return [];
  const type = book.registry.get(draft.type);
  const when = dayAndTime(book.store.meta.data_as_of ?? draft.changed_at, lang, now);
  return Object.keys(draft.fields)
    .filter((path) => type?.field(path) && !(type.unit(path) in draft.newest))
    .filter((path) => !jsonEqual(held.fields[path] ?? null, draft.shown[path] ?? null))
    .map((path) => ({ path, value: held.fields[path] ?? null, who: "", when }));
}
