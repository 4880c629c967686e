// What parameters say to early warning: a lender's own thresholds, and declared disasters.

import type { Day } from "../day.ts";
import { type Disaster, type Kept, textOf, wholeOf } from "./dossier.ts";
import { NUMBERS, type NumberKey } from "./numbers.ts";

const DISASTER = "disaster_declared";

/**
 * The thresholds that differ from the usual ones for a unit. *parameters*: the oldest first; *units*:
 * the unit and all that lie above it; the nearest that says something counts.
 */
export function numbersFor(
  parameters: readonly Kept[],
  units: readonly string[],
  today: Day,
): Partial<Record<NumberKey, number>> {
  const said = inForce(parameters, today);
  const found: Partial<Record<NumberKey, number>> = {};
  for (const key of Object.keys(NUMBERS) as NumberKey[]) {
    const number = numberIn(said, key, units);
    if (number !== null) found[key] = number;
  }
  return found;
}

/** One parameter that is a whole number, *usual* where nobody set another; see `numbersFor`. */
export function numberFor(
  key: string,
  usual: number,
  parameters: readonly Kept[],
  units: readonly string[],
  today: Day,
): number {
  return numberIn(inForce(parameters, today), key, units) ?? usual;
}

/** What the nearest unit that says something says, if it is a whole number. */
function numberIn(
  said: ReadonlyMap<string, Kept>,
  key: string,
  units: readonly string[],
): number | null {
  const unit = [...units, null].find((it) => said.has(place(key, it)));
  const value = unit === undefined ? null : said.get(place(key, unit))?.fields.value;
  return wholeOf(value ?? null);
}

/**
 * What is declared for a village: of it and of each unit above what came into force last. The value is
 * true (every segment), the segments concerned, or false.
 */
export function disastersFor(
  parameters: readonly Kept[],
  units: readonly string[],
  village: string,
  today: Day,
): readonly Disaster[] {
  const said = inForce(parameters, today);
  return [...units, null].flatMap((unit): Disaster[] => {
    const it = said.get(place(DISASTER, unit));
    const value = it?.fields.value ?? null;
    const segments = Array.isArray(value) ? value.map(String) : [];
    if (it === undefined || (value !== true && segments.length === 0)) return [];
    const declared_on = textOf(it.fields, "valid_from") ?? today;
    return [{ id: it.id, villages: [village], segments, declared_on, until: null }];
  });
}

function place(key: string, unit: string | null): string {
  return `${key} ${unit ?? ""}`;
}

/** By key and unit the parameter that came into force last; of one day the newer. */
function inForce(parameters: readonly Kept[], today: Day): ReadonlyMap<string, Kept> {
  const found = new Map<string, Kept>();
  for (const it of parameters) {
    const since = textOf(it.fields, "valid_from") ?? "";
    const where = place(textOf(it.fields, "key") ?? "", textOf(it.fields, "unit_id"));
    const known = found.get(where);
    const before = known === undefined ? "" : (textOf(known.fields, "valid_from") ?? "");
    if (since <= today && since >= before) found.set(where, it);
  }
  return found;
}
