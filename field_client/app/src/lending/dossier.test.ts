// What is told from a customer's records and an officer's: both clients tell it alike.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contactDueOn } from "./customer_tier.ts";
import { dealingsOf } from "./dealings.ts";
import { type Kept, monthOf, progressOf } from "./progress.ts";
import { troublesOf } from "./troubles.ts";

interface Vector {
  readonly name: string;
  readonly do: "troubles" | "progress" | "contact";
  readonly metric: string;
  readonly officer: string;
  readonly period: string;
  readonly today: string;
  readonly records: readonly Kept[];
  readonly expected: unknown;
}

const FILE = new URL("../../../../tests/vectors/dossier.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly vectors: readonly Vector[];
};

test.each(vectors.map((it) => [`${it.do} ${it.metric ?? ""}: ${it.name}`, it] as const))(
  "%s",
  (_, vector) => {
    const { records, officer, period, today, metric } = vector;
    const productOf = (id: unknown) => records.find((it) => it.id === id)?.fields ?? null;
    const told = {
      troubles: () => troublesOf(records),
      contact: () => contactDueOn(dealingsOf(records, productOf, today), today),
      progress: () => progressOf(monthOf(records, productOf, officer, period, today), metric),
    };

    expect(told[vector.do]()).toEqual(vector.expected);
  },
);
