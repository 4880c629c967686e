// Puts a sentence of a catalogue into words.

import type { Facts, FactsOf, Lang, Words } from "./catalogue.ts";

const PLACE = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;
const PLURALS = new Intl.PluralRules("en");
/** Groups from five digits on, so that a year stays a year. */
const COUNT = new Intl.NumberFormat("en", { useGrouping: "min2" });

export function say<W extends Words, K extends keyof W & string>(
  lang: Lang,
  words: W,
  key: K,
  ...[facts]: FactsOf<W[K]["en"]>
): string {
  return fill(words[key]?.[lang] ?? key, facts ?? {});
}

/** Fills the places of a sentence; a fact that is not there leaves its place standing, to be seen. */
export function fill(sentence: string, facts: Facts): string {
  return sentence.replace(PLACE, (place, name: string, one?: string, other?: string) => {
    const fact = facts[name];
    if (fact === undefined) return place;
    if (one !== undefined && other !== undefined) {
      return PLURALS.select(Number(fact)) === "one" ? one : other;
    }
    return typeof fact === "number" ? COUNT.format(fact) : fact;
  });
}
