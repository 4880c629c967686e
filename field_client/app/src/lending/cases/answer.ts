// The lending calculators over JSON: a case in, what its vector expects out.

import type { Json } from "../../schemas/declare.ts";
import { calendarDay } from "../day.ts";
import { dueDates, onAnchorDay, UNITS } from "../due_dates.ts";
import { LONGEST_COUNT } from "../terms.ts";
import { capacityAnswer } from "./capacity_case.ts";
import { Case } from "./case.ts";
import { goldenOut } from "./golden_case.ts";
import { allocationAnswer, daysPastDueAnswer } from "./repayment_case.ts";
import { vectorRows } from "./schedule_case.ts";
import { timeValueAnswer } from "./time_value_case.ts";

export type CaseKind =
  | "schedule"
  | "due-dates"
  | "days-past-due"
  | "allocation"
  | "capacity"
  | "time-value";

/**
 * Answers one case. Refuses a member that is missing, of the wrong kind, impossible or not supported
 * in a sentence that begins with its name.
 */
export function answer(kind: CaseKind, members: Json): Json {
  const given = new Case(members);
  switch (kind) {
    case "schedule":
      return scheduleAnswer(given);
    case "due-dates":
      return { expected: dueDatesAnswer(given) };
    case "days-past-due":
      return daysPastDueAnswer(given);
    case "allocation":
      return allocationAnswer(given);
    case "capacity":
      return capacityAnswer(given);
    case "time-value":
      return timeValueAnswer(given);
  }
}

/** Golden case E4 writes its plan only in `out`; so its dates and principal are read there. */
function scheduleAnswer(given: Case): Json {
  if (given.has("terms")) return { rows: vectorRows(given) };
  if (!given.has("in")) return goldenOut(given);
  const within = given.within("in");
  const isSeasonal = within.has("method") && within.text("method") === "seasonal";
  return { out: goldenOut(within, isSeasonal && given.has("out") ? given.cases("out") : []) };
}

function dueDatesAnswer(given: Case): Json {
  const unit = given.choice("unit", UNITS);
  if (given.has("anchor")) {
    const within = given.day("within_month_of");
    if (unit !== "month") return within; // only months are kept to the anchor's day
    const { year, month } = calendarDay(within);
    return onAnchorDay(given.day("anchor"), year, month);
  }
  const count = given.has("count") ? given.integer("count") : given.length("expected");
  const every = given.integer("every", 1);
  if (count < 0 || count > LONGEST_COUNT) {
    throw given.fault("count", `must be 0 to ${LONGEST_COUNT}, not ${count}`);
  }
  if (every < 1) throw given.fault("every", `must be at least 1, not ${every}`);
  return dueDates(given.day("first_due_on"), count, every, unit);
}
