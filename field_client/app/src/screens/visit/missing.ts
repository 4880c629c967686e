// What a visit still needs before it can be finished, one thing after the other in the screen's order.
// Source: domain.md, section 5.6; the same rules as the declaration of a visit checks when it is saved.

import type { Fields, Json } from "../../schemas/declare.ts";
import { isAnswered, type Question } from "./checklist.ts";

/** What a thing that is needed is called; the words of each are in words.ts. */
export type Need =
  | "arrival"
  | "place"
  | "purposes"
  | "outcome"
  | "met"
  | "answer"
  | "summary"
  | "reason"
  | "promise_amount"
  | "promise_day";

export interface Step {
  readonly need: Need;
  /** The path of the input that answers it; of an answer, the path in the note. */
  readonly path: string;
  /** The number of the question, from 1; null for what is no question. */
  readonly question: number | null;
  readonly done: boolean;
}

/** Everything that finishing asks for, with what is done; `questions` are those of the note, if there is one. */
export function stepsOf(
  visit: Fields,
  note: Fields,
  questions: readonly Question[],
): readonly Step[] {
  const is = (path: string) => isThere(visit[path] ?? null);
  const step = (need: Need, path: string, done: boolean): Step => ({
    need,
    path,
    question: null,
    done,
  });
  const met = visit.outcome === "done";
  const hasPlace = is("arrive_lat_e6");
  const steps = [
    step("arrival", "arrived_at", is("arrived_at")),
    step("place", "place", hasPlace || is("reason")),
    step("purposes", "purposes", is("purposes")),
    step("outcome", "outcome", is("outcome")),
  ];
  if (is("outcome") && !met && hasPlace) steps.push(step("reason", "reason", is("reason")));
  if (met) {
    steps.push(step("met", "met_with", is("met_with")), ...answers(note, questions));
    steps.push(step("summary", "summary", is("summary")));
  }
  return [...steps, ...promise(is("promise_amount_fen"), is("promise_on"), step)];
}

function answers(note: Fields, questions: readonly Question[]): Step[] {
  return questions.flatMap((it, at) => {
    if (!it.required || it.answer === "photo") return []; // this version takes no photos
    const path = answerPath(it.qid);
    const done = isAnswered(note[path] ?? null);
    return [{ need: "answer" as const, path, question: at + 1, done }];
  });
}

function promise(
  amount: boolean,
  day: boolean,
  step: (need: Need, path: string, done: boolean) => Step,
): Step[] {
  if (amount === day) return [];
  return amount
    ? [step("promise_day", "promise_on", false)]
    : [step("promise_amount", "promise_amount_fen", false)];
}

export function missingOf(steps: readonly Step[]): readonly Step[] {
  return steps.filter((it) => !it.done);
}

export function answerPath(qid: string): string {
  return `answers.${qid}.value`;
}

export function answerNotePath(qid: string): string {
  return `answers.${qid}.note`;
}

function isThere(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && !(typeof value === "string" && value.trim() === "");
}
