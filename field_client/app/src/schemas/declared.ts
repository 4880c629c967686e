// The declared types, and their words in the languages that this tablet has fetched so far.
//
// They come in two parts: what is needed up to Today, and behind it the rest.

import { PACKED, SCHEMA } from "../generated/packed.ts";
import type { Lang, TypeDoc } from "./declare.ts";
import { type PackedType, type Spoken, unpacked } from "./unpacked.ts";

export { SCHEMA };

/** The words of each language come as a script of their own: at first only that of the language in use. */
export type Scripts = Readonly<Record<Lang, () => Promise<{ readonly LABELS: readonly string[] }>>>;

/** Some of the types, with their words. */
export class Part {
  readonly types: Readonly<Record<string, TypeDoc>>;
  private readonly scripts: Scripts;
  private readonly labels: Spoken[] = [];
  private readonly learnt = new Set<Lang>();

  constructor(packed: Readonly<Record<string, PackedType>>, scripts: Scripts) {
    this.scripts = scripts;
    this.types = unpacked(packed, () => {
      const label = { en: "", zh: "" };
      this.labels.push(label);
      return label;
    });
  }

  /** Fetch the words of a language; the first that comes stands for the other as well. */
  async learn(lang: Lang): Promise<void> {
    if (this.learnt.has(lang)) return;
    const { LABELS } = await this.scripts[lang]();
    const other = lang === "en" ? "zh" : "en";
    for (const [place, label] of this.labels.entries()) {
      label[lang] = LABELS[place] ?? "";
      if (!this.learnt.has(other)) label[other] = label[lang];
    }
    this.learnt.add(lang);
  }
}

const FIRST = new Part(PACKED, {
  en: () => import("../generated/labels_en.ts"),
  zh: () => import("../generated/labels_zh.ts"),
});
const parts: Part[] = [FIRST];
const spoken = new Set<Lang>();

/** The types that are needed up to Today. */
export const TYPES = FIRST.types;

/** The types that come behind Today, with their words in every language that was fetched. Throws where they cannot be had. */
export async function laterTypes(): Promise<Readonly<Record<string, TypeDoc>>> {
  const { LATER } = await import("./declared_later.ts");
  await Promise.all([...spoken].map((it) => LATER.learn(it)));
  if (!parts.includes(LATER)) parts.push(LATER);
  return LATER.types;
}

/** Fetch what a language calls everything that is declared here so far. Throws where it cannot be had. */
export async function learn(lang: Lang): Promise<void> {
  spoken.add(lang);
  await Promise.all(parts.map((it) => it.learn(lang)));
}
