// All rules over one customer's dossier. Only a chunk that loads later may import it: the app's first
// load has no room for it.

import {
  circlePastDue,
  fallingDue,
  maturesInDoubt,
  pastDue,
  promiseBroken,
} from "./arrears_rules.ts";
import {
  cannotBeReached,
  collateralInDoubt,
  disasterDeclared,
  onTheWatchlist,
} from "./circumstance_rules.ts";
import { Dossier, type Given } from "./dossier.ts";
import {
  householdEvent,
  incomeDown,
  inspectionOverdue,
  newDebt,
  purposeNotAsAgreed,
} from "./inspection_rules.ts";
import { compare, type Due, graver, gravestFirst, SEVERITIES, type Signal } from "./signals.ts";

const RULES: readonly ((dossier: Dossier) => readonly Signal[])[] = [
  pastDue,
  purposeNotAsAgreed,
  incomeDown,
  householdEvent,
  disasterDeclared,
  circlePastDue,
  collateralInDoubt,
  newDebt,
  cannotBeReached,
  inspectionOverdue,
  promiseBroken,
  onTheWatchlist,
  maturesInDoubt,
];

/** By which signals are told apart; W01 is a task. */
export const RULE_IDS: readonly string[] = [
  ...["W02", "W03", "W04", "W05", "W06", "W07", "W08", "W09", "W10", "W11"],
  ...["W13", "W15", "W18"],
];

/** What the rules say of a dossier. */
export interface Warned {
  readonly signals: readonly Signal[];
  readonly tasks: readonly Due[];
}

/**
 * The signals that hold on the dossier's date, the gravest first, and the tasks of W01. Of one rule and
 * subject the gravest signal alone; of those alike, the oldest. On a large borrower each is one
 * severity up (W14).
 */
export function warned(given: Given): Warned {
  const dossier = new Dossier(given);
  const kept = new Map<string, Signal>();
  for (const it of RULES.flatMap((rule) => rule(dossier))) {
    const found = given.is_large ? graver(it) : it;
    const key = `${it.rule} ${it.subject}`;
    const known = kept.get(key);
    if (known === undefined || isBefore(found, known)) kept.set(key, found);
  }
  return { signals: [...kept.values()].sort(gravestFirst), tasks: fallingDue(dossier) };
}

function isBefore(one: Signal, other: Signal): boolean {
  const grave = SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity);
  return grave === 0 ? compare(one.since, other.since) < 0 : grave < 0;
}
