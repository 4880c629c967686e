// What the references of a form can be chosen from: records on this tablet.

import type { Option } from "../../components/form/part.ts";
import type { FieldDoc, Kind, Lang } from "../../schemas/declare.ts";
import type { RecordType } from "../../schemas/registry.ts";
import type { View } from "../../sync/rebase.ts";
import type { Book } from "../../work/book.ts";
import { titleLabel } from "../../work/titles.ts";
import { referencesOf } from "../../work/views.ts";
import { leafChoice } from "./layout.ts";

/** By path (of a map's leaf: `map.*.leaf`), the records that each reference of a type may name. */
export function optionsOf(
  book: Book,
  type: RecordType,
  under: readonly View[],
  lang: Lang,
): Record<string, readonly Option[]> {
  const found: Record<string, readonly Option[]> = {};
  for (const [path, field] of referencesIn(type)) {
    const ref = referredTo(field.kind);
    if (ref === null) continue;
    const options =
      ref.to === "customer" && ref.scope === "branch"
        ? book.cards().map((it) => ({ value: it.id, label: it.name }))
        : recordsOf(book, ref.to, under).map((it) => ({
            value: it.id,
            label: titleLabel(book, it)[lang] || it.id.slice(0, 8),
          }));
    if (options.length > 0) found[path] = options;
  }
  return found;
}

function* referencesIn(type: RecordType): Iterable<[string, FieldDoc]> {
  yield* type.plainFields();
  for (const [map, { leaves }] of type.maps()) {
    for (const [leaf, field] of Object.entries(leaves)) yield [leafChoice(map, leaf), field];
  }
}

type Named = { readonly to: string; readonly scope: "branch" | null };

function referredTo(kind: Kind): Named | null {
  if (kind.kind === "ref") return kind.to === null ? null : { to: kind.to, scope: kind.scope };
  return kind.kind === "list" || kind.kind === "set" ? referredTo(kind.of) : null;
}

function recordsOf(book: Book, type: string, under: readonly View[]): View[] {
  if (book.registry.get(type)?.doc.reference === "branch") {
    const all = referencesOf(book.store, book.registry, type);
    // A customer lives in a village, not in a branch.
    if (type !== "org_unit") return all;
    const villages = all.filter((it) => it.fields.kind === "village");
    return villages.length > 0 ? villages : all;
  }
  return under.filter((it) => it.type === type);
}
