// What a user reads, in both languages. A key without its twin, or without its facts, does not compile.
//
// `{name}` is a fact. `{n|change|changes}` is the English word that the number n asks for; Chinese has
// no need of it. Numbers of people, changes, days: pass them as numbers, so that English can count.

export type { Lang } from "../schemas/declare.ts";

export type Words = Readonly<Record<string, { readonly en: string; readonly zh: string }>>;
export type Facts = Readonly<Record<string, string | number>>;

type Name<T extends string> = T extends `${infer N}|${string}` ? N : T;
type Names<T extends string> = T extends `${string}{${infer N}}${infer Rest}`
  ? Name<N> | Names<Rest>
  : never;

/** The facts that a sentence of a written catalogue asks for; any, where the sentence is not known here. */
export type FactsOf<T extends string> = string extends T
  ? [facts?: Facts]
  : [Names<T>] extends [never]
    ? [facts?: Facts]
    : [facts: Readonly<Record<Names<T>, string | number>>];
