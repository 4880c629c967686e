// Rules about inspections and their answers: W03, W04, W05, W09, W11 (domain.md, sections 7 and 9).

import type { Json } from "../../schemas/declare.ts";
import { type Day, daysBetween } from "../day.ts";
import { dueAfter } from "../due_dates.ts";
import { classByDays, isNpl, RISK_CLASSES, type RiskClass, worse } from "../risk_class.ts";
import {
  type Dossier,
  leaves,
  type Note,
  type Owing,
  plusDays,
  textOf,
  wholeOf,
} from "./dossier.ts";
import { compare, type Severity, type Signal } from "./signals.ts";

/** W03: used otherwise than agreed (F01 no), or lent on (F04 yes). */
export function purposeNotAsAgreed(dossier: Dossier): readonly Signal[] {
  const wrong = [
    ["F01", false],
    ["F04", true],
  ] as const;
  return wrong.flatMap(([qid, answer]) =>
    dossier
      .latestAnswers("first_followup", qid)
      .filter(({ value }) => truth(value) === answer)
      .map((found) => fromNote("W03", "red", dossier, found)),
  );
}

/** W04: expected income down by more than 20 % orange, by more than 40 % red (R02). */
export function incomeDown(dossier: Dossier): readonly Signal[] {
  const orange = dossier.number("warn_income_orange_percent");
  const red = dossier.number("warn_income_red_percent");
  return dossier.latestAnswers("routine", "R02").flatMap((found): Signal[] => {
    const change = wholeOf(found.value);
    if (change === null || -change <= Math.min(orange, red)) return [];
    const severity = -change > red ? "red" : "orange";
    return [fromNote("W04", severity, dossier, found, { change_percent: change })];
  });
}

/** W05: death, serious illness, divorce, the whole family away (R03). */
export function householdEvent(dossier: Dossier): readonly Signal[] {
  return dossier
    .latestAnswers("routine", "R03")
    .filter(({ value }) => truth(value) === true)
    .map((found) => fromNote("W05", "orange", dossier, found));
}

/** W09: new debts elsewhere (R04, yuan) above a fifth of the income, or three or more lenders. */
export function newDebt(dossier: Dossier): readonly Signal[] {
  if (dossier.loans.length === 0) return [];
  return [...debtsTold(dossier), ...manyLenders(dossier)];
}

function debtsTold(dossier: Dossier): readonly Signal[] {
  const income = wholeOf(dossier.household.annual_income_fen);
  const percent = BigInt(dossier.number("warn_new_debt_percent"));
  return dossier.latestAnswers("routine", "R04").flatMap((found): Signal[] => {
    const debt = wholeOf(found.value);
    if (debt === null || income === null) return [];
    if (BigInt(debt) * 10_000n <= BigInt(income) * percent) return [];
    const figures = { new_debt_fen: debt * 100, income_fen: income };
    return [fromNote("W09", "orange", dossier, found, figures)];
  });
}

function manyLenders(dossier: Dossier): readonly Signal[] {
  const debts = [...leaves(dossier.household, "debts").values()];
  const owed = debts.filter((it) => it.lender && it.balance_fen !== 0);
  const lenders = new Set(owed.map((it) => it.lender)).size;
  if (lenders < dossier.number("warn_lenders")) return [];
  return [
    {
      rule: "W09",
      severity: "orange",
      subjectType: "customer",
      subject: dossier.given.customer,
      since: dossier.today,
      loanId: null,
      records: [dossier.given.customer],
      figures: { lenders },
    },
  ];
}

/** W11: no first follow-up in time, or a later inspection overdue by more than seven days. */
export function inspectionOverdue(dossier: Dossier): readonly Signal[] {
  return dossier.loans.flatMap((loan): Signal[] => {
    const last = dossier.signedNotes(loan.id).at(-1);
    const due =
      last === undefined
        ? plusDays(String(loan.fields.disbursed_on), dossier.number("first_followup_days"))
        : nextInspection(dossier, loan, last.day);
    const late = last === undefined ? 0 : dossier.number("warn_inspection_late_days");
    const days = daysBetween(due, dossier.today);
    if (days <= late) return [];
    return [
      {
        rule: "W11",
        severity: "yellow",
        subjectType: "loan",
        subject: loan.id,
        since: plusDays(due, late + 1),
        loanId: loan.id,
        records: last === undefined ? [] : [last.note.id],
        figures: { days_overdue: days },
      },
    ];
  });
}

/** The day on which a loan is due to be inspected again (section 7, routine). */
export function nextInspection(dossier: Dossier, loan: Owing, last: Day): Day {
  const risk = worse(classByDays(loan.state.dpd), confirmedClass(dossier, loan.id));
  if (isNpl(risk)) return plusDays(last, dossier.number("inspect_npl_days"));
  return dueAfter(last, months(dossier, loan, risk));
}

function months(dossier: Dossier, loan: Owing, risk: RiskClass): number {
  if (risk === "special_mention") return dossier.number("inspect_mention_months");
  const principal = wholeOf(loan.fields.principal_fen) ?? 0;
  const isLarge = principal > dossier.number("inspect_large_above_fen");
  return dossier.number(isLarge ? "inspect_large_months" : "inspect_normal_months");
}

function confirmedClass(dossier: Dossier, loan: string): RiskClass {
  const newest = dossier
    .of("classification")
    .filter(({ fields }) => fields.loan_id === loan && fields.confirmed_by)
    .sort((one, other) => compare(String(other.fields.as_of), String(one.fields.as_of)))[0];
  const proposed = newest?.fields.proposed_class;
  return RISK_CLASSES.find((it) => it === proposed) ?? "normal";
}

/** Makes a signal of a note's answer: about its loan, or about the customer where it names none. */
function fromNote(
  rule: string,
  severity: Severity,
  dossier: Dossier,
  { day, note }: Note,
  figures: Readonly<Record<string, number>> = {},
): Signal {
  const loanId = textOf(note.fields, "loan_id");
  return {
    rule,
    severity,
    subjectType: loanId === null ? "customer" : "loan",
    subject: loanId ?? dossier.given.customer,
    since: day,
    loanId,
    records: [note.id],
    figures,
  };
}

/** Reads a yes or no, in either of the ways in which answers are kept. */
function truth(value: Json): Json {
  if (value === "yes") return true;
  return value === "no" ? false : value;
}
