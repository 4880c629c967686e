// How a person is named: pinyin first in English, characters alone in Chinese.

import type { Lang } from "../i18n/catalogue.ts";

export interface PersonName {
  readonly name: string;
  /** The name in Latin letters, where it is known. */
  readonly latin: string | null;
}

/** One word for a person, for sentences and titles. */
export function called(person: PersonName, lang: Lang): string {
  return lang === "en" && person.latin ? person.latin : person.name;
}

/** The first sign of a name, for a round tile. */
export function initial(person: PersonName): string {
  return [...person.name][0] ?? "";
}
