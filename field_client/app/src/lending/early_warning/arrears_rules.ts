// Rules about money that is due: W01, W02, W07, W13, W18 (domain.md, section 9).

import { scheduledFen } from "../amounts.ts";
import { type Day, daysBetween } from "../day.ts";
import { dayOfVisit } from "../local_day.ts";
import { type Dossier, type Note, plusDays, textOf, wholeOf } from "./dossier.ts";
import { compare, type Due, type Severity, type Signal } from "./signals.ts";

/** W01: each installment with something unpaid that is due today or within days; a task. */
export function fallingDue(dossier: Dossier): readonly Due[] {
  const until = plusDays(dossier.today, dossier.number("warn_due_days"));
  return dossier.loans.flatMap((loan) => {
    const sums = new Map<Day, number>();
    for (const row of loan.state.balances) {
      const owed = scheduledFen(row);
      if (row.dueDate < dossier.today || row.dueDate > until || owed <= 0) continue;
      sums.set(row.dueDate, (sums.get(row.dueDate) ?? 0) + owed);
    }
    const assigneeId = textOf(loan.fields, "officer_id");
    return [...sums]
      .sort(([one], [other]) => compare(one, other))
      .map(([dueOn, amountFen]) => ({ loanId: loan.id, dueOn, amountFen, assigneeId }));
  });
}

/** W02: days past due 1 to 7 yellow, 8 to 30 orange, above red; since the day that reached it. */
export function pastDue(dossier: Dossier): readonly Signal[] {
  const steps: readonly (readonly [Severity, number])[] = [
    ["red", dossier.number("warn_dpd_red")],
    ["orange", dossier.number("warn_dpd_orange")],
    ["yellow", dossier.number("warn_dpd_yellow")],
  ];
  return dossier.loans.flatMap((loan): Signal[] => {
    const { dpd, arrearsFen } = loan.state;
    const step = steps.find(([, least]) => dpd > 0 && dpd >= least);
    if (step === undefined) return [];
    const [severity, least] = step;
    return [
      {
        rule: "W02",
        severity,
        subjectType: "loan",
        subject: loan.id,
        since: plusDays(loan.lateSince, least),
        loanId: loan.id,
        records: [],
        figures: { dpd, arrears_fen: arrearsFen },
      },
    ];
  });
}

/** W07: a member of the group or of the guaranteed circle, the customer included, is long past due. */
export function circlePastDue(dossier: Dossier): readonly Signal[] {
  const circle = dossier.given.circle ?? [];
  if (circle.length === 0) return [];
  const above = dossier.number("warn_group_dpd_above");
  const long = [
    ...circle.map((it) => ({ day: it.oldest_unpaid_on, loan: it.loan })),
    ...dossier.loans.map((it) => ({ day: it.lateSince, loan: it.id })),
  ]
    .filter(({ day }) => daysBetween(day, dossier.today) > above)
    .sort((one, other) => compare(one.day, other.day) || compare(one.loan, other.loan));
  const [oldest] = long;
  if (oldest === undefined) return [];
  return [
    {
      rule: "W07",
      severity: "orange",
      subjectType: "customer",
      subject: dossier.given.customer,
      since: plusDays(oldest.day, above + 1),
      loanId: null,
      records: long.map(({ loan }) => loan).sort(),
      figures: { dpd: daysBetween(oldest.day, dossier.today), loans: long.length },
    },
  ];
}

/** W13: what was promised on a visit was not paid by the day, and still is not. */
export function promiseBroken(dossier: Dossier): readonly Signal[] {
  if (dossier.loans.length === 0) return [];
  return dossier.of("visit").flatMap((visit): Signal[] => {
    const on = textOf(visit.fields, "promise_on");
    const said = dayOfVisit(visit);
    if (on === null || said === null || on >= dossier.today) return [];
    const promised = wholeOf(visit.fields.promise_amount_fen) || 1;
    const paid = paidSince(dossier, said);
    if (paid >= promised) return [];
    return [
      {
        rule: "W13",
        severity: "yellow",
        subjectType: "visit",
        subject: visit.id,
        since: plusDays(on, 1),
        loanId: null,
        records: [visit.id],
        figures: { promised_fen: promised, paid_fen: paid },
      },
    ];
  });
}

/** W18: the last day is near, and the last inspections were not satisfactory. */
export function maturesInDoubt(dossier: Dossier): readonly Signal[] {
  const days = dossier.number("warn_maturity_days");
  const count = dossier.number("warn_maturity_inspections");
  if (count <= 0) return [];
  return dossier.loans.flatMap((loan): Signal[] => {
    const maturity = String(loan.fields.maturity_on);
    const left = daysBetween(dossier.today, maturity);
    const doubtful = dossier.signedNotes(loan.id).slice(-count).filter(isDoubtful);
    const newest = doubtful.at(-1);
    if (left < 0 || left > days || doubtful.length < count || newest === undefined) return [];
    const near = plusDays(maturity, -days);
    return [
      {
        rule: "W18",
        severity: "orange",
        subjectType: "loan",
        subject: loan.id,
        since: [near, newest.day].sort()[1] ?? near,
        loanId: loan.id,
        records: doubtful.map(({ note }) => note.id).sort(),
        figures: { days_left: left },
      },
    ];
  });
}

function isDoubtful({ note }: Note): boolean {
  const conclusion = textOf(note.fields, "conclusion");
  return conclusion !== null && conclusion !== "satisfactory";
}

/**
 * What was paid after the day of the promise, without what was reversed. What was taken on that very
 * visit is no part of the promise.
 */
function paidSince(dossier: Dossier, day: Day): number {
  const receipts = dossier.of("repayment");
  const undone = new Set(receipts.map((it) => it.fields.reverses_id ?? null));
  let sum = 0;
  for (const { id, fields } of receipts) {
    const on = String(fields.value_date);
    if (undone.has(id) || (fields.reverses_id ?? null) !== null) continue;
    if (day < on && on <= dossier.today) sum += wholeOf(fields.amount_fen) ?? 0;
  }
  return sum;
}
