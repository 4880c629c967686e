// Declared record types, for samples that are built from them.

import { SCHEMA, TYPES } from "../../src/generated/registry.ts";
import { type RecordType, Registry } from "../../src/schemas/registry.ts";

const REGISTRY = new Registry(TYPES, SCHEMA);

export function declared(name: string): RecordType {
  const found = REGISTRY.get(name);
  if (found === null) throw new Error(`no record type ${name}`);
  return found;
}

/** The options of a choice, in one language. */
export function optionsOf(type: string, path: string, lang: "en" | "zh") {
  const kind = declared(type).field(path)?.kind;
  const choice = kind?.kind === "set" ? kind.of : kind;
  if (choice?.kind !== "choice") return [];
  return Object.entries(choice.options).map(([value, label]) => ({ value, label: label[lang] }));
}
