// What a value may be and what a record must be: the cases that the Python declarations pass as well.

import { readFileSync } from "node:fs";
import { expect, describe as group, test } from "vitest";
import { SCHEMA, TYPES } from "../generated/registry.ts";
import { fieldFaults, recordFaults } from "./changes.ts";
import type { Fields, Json, Kind, Lang } from "./declare.ts";
import { problem, problemOfEdit } from "./kinds.ts";
import type { Fault } from "./messages.ts";
import { type RecordType, Registry } from "./registry.ts";
import { formatInstant, jsonEqual, normal, parseInstant, uuid7 } from "./values.ts";
import { describe } from "./words.ts";

type Case = { readonly id: string; readonly name: string } & (
  | { do: "value"; kind: Kind; value: Json; expected: string | null }
  | { do: "edit"; kind: Extract<Kind, { kind: "set" }>; value: Json; expected: string | null }
  | {
      do: "record";
      type: string;
      op: "create" | "update" | "whole";
      fields: Fields;
      expected: Fault[];
    }
  | { do: "message"; type: string; fault: Fault; expected: Record<Lang, string> }
  | { do: "equal"; first: Json; second: Json; expected: boolean }
  | { do: "uuid7"; millis: number; random: string; expected: string }
  | { do: "instant"; text: string; expected: { millis: number; written: string } }
  | { do: "normal"; value: Json; expected: Json }
);

const PATH = new URL("../../../../tests/vectors/constraints.json", import.meta.url);
const FILE: { count: number; vectors: Case[] } = JSON.parse(readFileSync(PATH, "utf8"));
const REGISTRY = new Registry(TYPES, SCHEMA);

function typeNamed(name: string): RecordType {
  const found = REGISTRY.get(name);
  if (found === null) throw new Error(`no record type ${name}`);
  return found;
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (it) => Number.parseInt(it, 16));
}

function check(it: Case): void {
  switch (it.do) {
    case "value":
      expect(problem(it.kind, it.value)).toBe(it.expected);
      return;
    case "edit":
      expect(problemOfEdit(it.kind, it.value)).toBe(it.expected);
      return;
    case "record": {
      const declared = typeNamed(it.type);
      const found =
        it.op === "whole"
          ? recordFaults(declared, it.fields)
          : fieldFaults(it.op, declared, it.fields);
      expect(found.map((one) => ({ reason: null, ...one }))).toEqual(it.expected);
      return;
    }
    case "message": {
      const declared = typeNamed(it.type);
      const found = {
        en: describe(it.fault, declared, "en"),
        zh: describe(it.fault, declared, "zh"),
      };
      expect(found).toEqual(it.expected);
      return;
    }
    case "equal":
      expect(jsonEqual(it.first, it.second)).toBe(it.expected);
      expect(jsonEqual(it.second, it.first)).toBe(it.expected);
      return;
    case "uuid7":
      expect(uuid7(it.millis, bytes(it.random))).toBe(it.expected);
      return;
    case "instant": {
      const millis = parseInstant(it.text);
      expect(millis).toBe(it.expected.millis);
      expect(formatInstant(it.expected.millis)).toBe(it.expected.written);
      return;
    }
    case "normal":
      expect(normal(it.value)).toEqual(it.expected);
      return;
    default:
      it satisfies never;
  }
}

group("the shared vectors", () => {
  test("are all there", () => {
    expect(FILE.vectors).toHaveLength(FILE.count);
  });

  test.each(FILE.vectors)("$id: $do: $name", check);
});

group("the declarations", () => {
  const patterns = (kind: Kind): string[] => {
    switch (kind.kind) {
      case "text":
        return kind.pattern === null ? [] : [kind.pattern];
      case "list":
      case "set":
        return patterns(kind.of);
      case "record":
        return Object.values(kind.members).flatMap(patterns);
      default:
        return [];
    }
  };
  const kinds = REGISTRY.types().flatMap((declared) => [
    ...declared.plainFields().map(([, it]) => it.kind),
    ...declared.maps().flatMap(([, it]) => Object.values(it.leaves).map((leaf) => leaf.kind)),
  ]);
  const keys = REGISTRY.types().flatMap((it) => it.maps().map(([, map]) => map.key_pattern));

  test.each([...new Set([...kinds.flatMap(patterns), ...keys])])("%s is a pattern here", (it) => {
    expect(new RegExp(`^(?:${it})$`, "u").test("\u0000")).toBe(false);
  });
});
