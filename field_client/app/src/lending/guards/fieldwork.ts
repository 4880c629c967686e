// Rules of tasks, cases, cash, collateral and classes (domain.md, sections 4 to 6 and 8.5).

import type { Json } from "../../schemas/declare.ts";
import {
  type ClassThresholds,
  classByDays,
  isNpl,
  isUnderObservation,
  RISK_CLASSES,
  type RiskClass,
  STANDARD_THRESHOLDS,
  systemClass,
} from "../risk_class.ts";
import {
  always,
  avoided,
  forbidden,
  type Guard,
  invalid,
  movingTo,
  type Rule,
  required,
  setting,
} from "./asking.ts";
import { stateOf } from "./money.ts";
import { type Known, type NumberName, type Sight, textOf } from "./sight.ts";

// ------------------------------------------------------------------------- tasks, cases, signals

/** A task is cancelled with a reason. Whose it is, the server knows better. */
const cancelledWithAReason: Rule = (asked) => {
  if (!asked.movesTo("cancelled")) return null;
  const said = textOf(asked.fields, "cancel_reason") || (textOf(asked.fields, "done_note") ?? "");
  return said.trim() === "" ? required("cancel_reason") : null;
};

/** An officer puts a planned visit off once, with a reason; settling a conflict about it is a choice. */
const putOffOnce: Rule = (asked) => {
  const { before, fields, actor, after, sight } = asked;
  const moved = (before.planned_on ?? null) !== null && asked.sets("planned_on");
  const disputed = sight
    .of("conflict")
    .some((it) => it.fields.record === after.id && it.fields.field === "plan");
  if (actor.role !== "officer" || !moved || disputed) return null;
  if ((before.original_planned_on ?? null) !== null) {
    return forbidden(null, "plan-moved-already", "planned_on");
  }
  const said = (textOf(fields, "plan_reason") ?? "").trim();
  return said === "" ? required("plan_reason", "plan-needs-a-reason") : null;
};

/** A complaint is closed by a supervisor, and no case by whom it is about. */
const complaintIsClosedAbove: Rule = (asked) => {
  if (!asked.movesTo("closed")) return null;
  const { fields, actor } = asked;
  if (fields.about_user_id === actor.user) return forbidden(null, "about-oneself");
  const above = fields.kind === "complaint" && actor.role !== "supervisor";
  return above ? forbidden(null, "complaint-above") : null;
};

/** An orange or red signal is cleared by a supervisor. */
const redIsClearedAbove: Rule = (asked) => {
  const grave = asked.fields.severity === "orange" || asked.fields.severity === "red";
  const above = asked.movesTo("cleared") && grave && asked.actor.role !== "supervisor";
  return above ? forbidden(null, "signal-above") : null;
};

// ------------------------------------------------------------------------------ money, collateral

/** A lender that forbids cash takes none. */
const cashIsAllowed: Rule = ({ fields, isNew, actor, sight }) => {
  if (fields.channel !== "cash" || !isNew) return null;
  const unit = sight.unitOf(fields.collected_by ?? actor.user);
  const allowed = sight.parameter("cash_allowed", unit) !== false;
  return allowed ? null : forbidden(null, "cash-not-allowed", "channel");
};

/** SOD-9: an officer asks for a reversal, and does not record it. */
const reversedByOthers: Rule = ({ fields, actor, sight }) => {
  const undone = sight.record(fields.reverses_id) !== null && actor.role === "officer";
  return undone ? forbidden("SOD-9", null, "reverses_id") : null;
};

const depositIsOnesOwn: Rule = ({ fields, isNew, actor }) =>
  isNew && fields.officer_id !== actor.user ? forbidden(null, "own-deposit", "officer_id") : null;

/** SOD-6: a large valuation has a second signer, who is not who valued and signs himself. */
const valuedByTwo: Rule = (asked) => {
  const { fields, actor, sight, after } = asked;
  const keys = new Set(
    asked.paths.filter((it) => it.startsWith("valuations.")).map((it) => it.split(".")[1]),
  );
  const limit = sight.number("second_signer_above_fen", null);
  for (const key of [...keys].sort()) {
    const [value, by, second] = ["value_fen", "by", "second_signer"].map(
      (leaf) => fields[`valuations.${key}.${leaf}`] ?? null,
    );
    const field = `valuations.${key}.second_signer`;
    if (second !== null && second === by) return forbidden("SOD-6", null, field);
    if (asked.sets(field) && second !== null && second !== actor.user) {
      return forbidden("SOD-6", null, field);
    }
    const relative = avoided(asked, after.customer, [by, second], field);
    if (relative) return relative;
    const large = typeof value === "number" && value > limit;
    if (fields.state === "registered" && second === null && large) {
      return forbidden("SOD-6", null, field);
    }
  }
  return null;
};

const takenBackWhileOffered: Rule = ({ change, before }) =>
  change.op === "delete" && before.state !== "offered"
    ? forbidden(null, "registered-already")
    : null;

// ---------------------------------------------------------------------------------------- classes

/** A class may be worse than days and facts make it, never better; whoever differs says why. */
const notAboveTheFloor: Rule = ({ fields, sight, isNew }) => {
  const loan = sight.record(fields.loan_id);
  if (loan === null) return null;
  const proposed = RISK_CLASSES.indexOf(fields.proposed_class as RiskClass);
  const asOf = textOf(fields, "as_of") ?? sight.today;
  const floor = RISK_CLASSES.indexOf(floorOf(sight, loan, asOf, null));
  const said = (textOf(fields, "reason") ?? "").trim();
  if (proposed < floor && !isTechnical(sight, loan, asOf, proposed, said)) {
    return invalid("proposed_class", "class-above-floor");
  }
  return isNew && proposed !== floor && said === "" ? required("reason") : null;
};

function floorOf(sight: Sight, loan: Known, asOf: string, dpd: number | null): RiskClass {
  const thresholds = thresholdsOf(sight, sight.unitOf(loan.fields.officer_id));
  const others = sight.under(loan.customer, "loan").filter(({ id, fields }) => {
    return id !== loan.id && fields.state === "active";
  });
  return systemClass(dpd ?? stateOf(sight, loan, asOf).dpd, {
    restructured: isUnderObservation(textOf(loan.fields, "restructured_on"), asOf),
    anotherLoanIsNpl: others.some((it) =>
      isNpl(classByDays(stateOf(sight, it, asOf).dpd, thresholds)),
    ),
    thresholds,
  });
}

/** The lender's days of each class; days that do not rise are not used. */
function thresholdsOf(sight: Sight, unit: Json): ClassThresholds {
  const names = ["special_mention", "substandard", "doubtful", "loss"] as const;
  const days = names.map((it) => sight.number(`class_${it}_days` as NumberName, unit));
  const rising = days.every((it, at) => it > (days[at - 1] ?? 0));
  if (!rising) return STANDARD_THRESHOLDS;
  return Object.fromEntries(names.map((it, at) => [it, days[at]])) as ClassThresholds;
}

/** Late by a few days only, and for a reason that is given. */
function isTechnical(
  sight: Sight,
  loan: Known,
  asOf: string,
  proposed: number,
  said: string,
): boolean {
  const days = sight.number("technical_delay_days", sight.unitOf(loan.fields.officer_id));
  const onlyLate =
    stateOf(sight, loan, asOf).dpd <= days && floorOf(sight, loan, asOf, 0) === "normal";
  return proposed === 0 && onlyLate && said !== "";
}

/** By the type of record, in the order in which they are asked. */
export const FIELDWORK: Readonly<Record<string, readonly Guard[]>> = {
  repayment: [
    { says: reversedByOthers, concerns: setting("reverses_id") },
    { says: cashIsAllowed, concerns: setting("channel") },
  ],
  visit: [{ says: putOffOnce, concerns: setting("planned_on") }],
  task: [{ says: cancelledWithAReason, concerns: movingTo("done", "cancelled") }],
  warning_signal: [{ says: redIsClearedAbove, concerns: movingTo("cleared") }],
  case: [{ says: complaintIsClosedAbove, concerns: movingTo("closed") }],
  collateral: [
    { says: valuedByTwo, concerns: setting("valuations") },
    { says: takenBackWhileOffered, concerns: ({ op }) => op === "delete" },
  ],
  cash_deposit: [{ says: depositIsOnesOwn, concerns: setting("officer_id", "received_by") }],
  classification: [{ says: notAboveTheFloor, concerns: always }],
};
