// What a conflict is about, in the words of the declarations.

import type { Label } from "../../schemas/declare.ts";
import { isMap } from "../../schemas/registry.ts";
import type { View } from "../../sync/rebase.ts";
import type { Book } from "../../work/book.ts";
import { choiceLabel } from "../../work/titles.ts";
import { text, textOr } from "../../work/views.ts";

/** The fields that a conflict is about; the kind of conflict where it is about none. */
export function conflictLabels(book: Book, conflict: View): Label[] {
  const unit = textOr(conflict.fields.field);
  const type = book.registry.get(text(conflict.fields.record_type));
  if (unit === null || type === null) {
    return [choiceLabel(book.registry.get("conflict"), "kind", conflict.fields.kind)];
  }
  const members = type.group(unit);
  return (members.length > 0 ? members : [unit]).map((it) => {
    const field = type.field(it);
    if (field === null) return { en: it, zh: it };
    const [name = "", key] = it.split(".");
    const entry = type.doc.fields[name];
    if (key === undefined || entry === undefined || !isMap(entry)) return field.title;
    const of = (lang: "en" | "zh") => `${entry.title[lang]} ${key} ${field.title[lang]}`;
    return { en: of("en"), zh: of("zh") };
  });
}
