// A customer's requests, problems and complaints as a screen shows them; and the case that a new one opens.

import { isOpen, TROUBLE_KINDS, type Trouble, troublesOf } from "../lending/troubles.ts";
import type { Label } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { Action } from "./action.ts";
import type { Book } from "./book.ts";
import { choiceLabel } from "./titles.ts";

export interface ShownTrouble extends Trouble {
  readonly open: boolean;
  readonly title: Label;
  /** How it stands; null: nobody took it up. */
  readonly standing: Label | null;
  /** Whom it is about. */
  readonly about: string;
}

/** *records*: all under the customer. */
export function troublesOfCustomer(book: Book, records: readonly View[]): readonly ShownTrouble[] {
  const said = book.registry.get("interaction");
  const made = book.registry.get("case");
  return troublesOf(records.filter((it) => !it.gone)).map((it) => ({
    ...it,
    open: isOpen(it),
    title: choiceLabel(said, "kind", it.kind),
    standing: it.state === null ? null : choiceLabel(made, "state", it.state),
    about: book.nameOf(it.about_user_id),
  }));
}

/** Make, in the set that tells of a request, a problem or a complaint, the case that follows it up. */
export function openCases(action: Action): void {
  if (action.desk.registry.get("case") === null) return;
  const { changes } = action;
  const named = new Set(
    changes.filter((it) => it.type === "case").map((it) => it.set?.interaction_id),
  );
  for (const { op, type, id, customer, set } of [...changes]) {
    const kind = set?.kind ?? null;
    const told = op === "create" && type === "interaction" && TROUBLE_KINDS.includes(String(kind));
    if (!told || named.has(id)) continue;
    const owner_id = action.desk.store.meta.user.id;
    action.create("case", customer, { interaction_id: id, kind, owner_id });
  }
}
