// Every catalogue of the app, held to the shared rules for words (design: "Words").

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Words } from "./catalogue.ts";

const SRC = join(import.meta.dirname, "..");
const CATALOGUES = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((it) => /(^|[\\/])words\.ts$/.test(it))
  .sort();

const PLACE = /\{(\w+)(\|[^|}]*\|[^|}]*)?\}/g;
const COUNTS = /^(n|all|count|days|done|hours|left|minutes|people|percent|seconds|workers)$/;
const HAN = "\\p{Script=Han}";
const CHINESE_FAULTS: readonly (readonly [string, RegExp])[] = [
  ["half-width punctuation", new RegExp(`${HAN}[,;:!?]|[,;:!?]${HAN}|\\.$|[()]`, "u")],
  ["no space after a Chinese sign", new RegExp(`${HAN}[A-Za-z0-9¥]`, "u")],
  ["no space before a Chinese sign", new RegExp(`[A-Za-z0-9%]${HAN}`, "u")],
  ["a space at full-width punctuation", /\s[，。；：、？！（）“”]|[，。；：、？！（）“”]\s/u],
];
const ENGLISH_FAULTS: readonly (readonly [string, RegExp])[] = [
  ["a word that blames", /\b(error|failed|failure|invalid|illegal)\b/i],
  ["an exclamation mark", /!/],
  ["Chinese punctuation", /[，。；：、？！（）]/],
  ["a straight quote", /["]/],
];

interface Sentence {
  readonly name: string;
  readonly en: string;
  readonly zh: string;
}

const HELD: readonly (readonly [string, readonly Sentence[]])[] = await Promise.all(
  CATALOGUES.map(async (file) => [file, sentencesOf(await import(join(SRC, file)))] as const),
);

describe.each(HELD.filter(([, it]) => it.length > 0))("the words of %s", (file, sentences) => {
  const written = !file.startsWith("generated");

  it("are said in both languages", () => {
    expect(sentences.filter((it) => !it.en.trim() || !it.zh.trim())).toEqual([]);
  });

  it("have the same places in both languages", () => {
    expect(sentences.filter((it) => !agree(it.en, it.zh))).toEqual([]);
  });

  it.skipIf(!written)("follow the rules of their language", () => {
    const faults = sentences.flatMap((it) => [
      ...faultsOf(it.name, it.zh, CHINESE_FAULTS),
      ...faultsOf(it.name, it.en, ENGLISH_FAULTS),
    ]);

    expect(faults).toEqual([]);
  });
});

function isWords(value: unknown): value is Words {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((it) => typeof it?.en === "string" && typeof it?.zh === "string")
  );
}

function sentencesOf(module: object): Sentence[] {
  return Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
    isWords(value)
      ? Object.entries(value).map(([key, it]) => ({ name: `${name} ${key}`, en: it.en, zh: it.zh }))
      : [],
  );
}

/** Chinese says what English says; a fact that English only counts its words by may be left out. */
function agree(en: string, zh: string): boolean {
  const said = factsOf(zh);
  const counted = new Set([...en.matchAll(PLACE)].map((it) => it[1]));
  return [...factsOf(en)].every((it) => said.has(it)) && [...said].every((it) => counted.has(it));
}

function factsOf(sentence: string): Set<string | undefined> {
  return new Set([...sentence.matchAll(PLACE)].filter((it) => !it[2]).map((it) => it[1]));
}

function faultsOf(
  name: string,
  sentence: string,
  rules: readonly (readonly [string, RegExp])[],
): string[] {
  const plain = sentence.replace(PLACE, (_, fact: string) => (COUNTS.test(fact) ? "0" : "□"));
  return rules
    .filter(([, rule]) => rule.test(plain))
    .map(([fault]) => `${name}: ${fault} in “${sentence}”`);
}
