// Early warning on this tablet: what holds for a customer, seen without a network. The server makes
// the records; a signal that is one already is not told a second time.

import { disastersFor, numbersFor } from "../lending/early_warning/declared.ts";
import { RULE_IDS, warned } from "../lending/early_warning/rules.ts";
import { type Severity, type Signal, signalId } from "../lending/early_warning/signals.ts";
import { outlived } from "../lending/early_warning/standing.ts";
import type { Label } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { Book } from "./book.ts";
import { kept, unitsFrom } from "./numbers.ts";
import { choiceLabel } from "./titles.ts";
import { textOr } from "./views.ts";

/** A signal as a screen shows it. */
export interface Warning {
  readonly id: string;
  readonly rule: string;
  readonly title: Label;
  readonly severity: Severity;
  readonly level: Label;
  /** The business date from which it holds. */
  readonly since: string;
}

/** A signal on record whose reason has gone, as far as this tablet can tell: it may be cleared. */
export interface Outlived {
  readonly id: string;
  readonly rule: string;
  readonly title: Label;
}

/** What the rules find for a customer and no record says yet, the gravest first. */
export function warningsOf(
  book: Book,
  customer: string,
  records: readonly View[],
  today: string,
): readonly Warning[] {
  const type = book.registry.get("warning_signal");
  const known = new Set(records.filter((it) => it.type === "warning_signal").map((it) => it.id));
  return holding(book, customer, records, today)
    .map((signal) => ({
      id: signalId(signal),
      rule: signal.rule,
      title: choiceLabel(type, "rule", signal.rule),
      severity: signal.severity,
      level: choiceLabel(type, "severity", signal.severity),
      since: signal.since,
    }))
    .filter(({ id }) => !known.has(id));
}

/** The signals on record that nothing speaks for any more, as when arrears are paid. */
export function outlivedOf(
  book: Book,
  customer: string,
  records: readonly View[],
  today: string,
): readonly Outlived[] {
  const type = book.registry.get("warning_signal");
  const living = records.filter((it) => !it.gone);
  const gone = new Set(outlived(living, holding(book, customer, records, today), RULE_IDS));
  return living
    .filter((it) => gone.has(it.id))
    .map(({ id, fields }) => {
      const title = choiceLabel(type, "rule", fields.rule);
      return { id, rule: textOr(fields.rule) ?? "", title };
    });
}

/** What the rules say of a customer, over what this tablet holds. */
function holding(
  book: Book,
  customer: string,
  records: readonly View[],
  today: string,
): readonly Signal[] {
  const living = records.filter((it) => !it.gone);
  const village = textOr(living.find((it) => it.id === customer)?.fields.village_id) ?? "";
  const units = unitsFrom(book, village);
  const parameters = kept(book, "parameter");
  return warned({
    customer,
    as_of: today,
    records: [...living, ...kept(book, "product")],
    disasters: disastersFor(parameters, units, village, today),
    numbers: numbersFor(parameters, units, today),
  }).signals;
}
