// Whom to call, cash in hand, id cards that run out: both clients tell it alike.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { project } from "../work/cards.ts";
import { cashInHandFen, takenIn } from "./cash_in_hand.ts";
import { silenceOf } from "./contact_rhythm.ts";
import { idCardEndsOn } from "./id_card.ts";
import type { Kept } from "./progress.ts";

interface Vector {
  readonly name: string;
  readonly do: "rhythm" | "cash" | "id_card";
  readonly today: string;
  readonly officer: string;
  readonly days: number;
  readonly valid_to: string | null;
  readonly records: readonly Kept[];
  readonly expected: unknown;
}

const FILE = new URL("../../../../tests/vectors/in-the-field.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly vectors: readonly Vector[];
};

test.each(vectors.map((it) => [`${it.do}: ${it.name}`, it] as const))("%s", (_, vector) => {
  expect(TOLD[vector.do](vector)).toEqual(vector.expected);
});

const TOLD: Readonly<Record<Vector["do"], (vector: Vector) => unknown>> = {
  rhythm: ({ records, today }) => {
    const card = project("chen", records, () => ({}));
    if (card === null) throw new Error("a vector without its customer");
    if (card.facts === null) return "unsound";
    const found = silenceOf(card, today);
    return found && { due_on: found.dueOn, tier: found.tier };
  },
  cash: ({ records, officer }) => {
    const of = (type: string) => records.filter((it) => it.type === type);
    return cashInHandFen(takenIn(of("repayment")), of("cash_deposit"), officer);
  },
  id_card: ({ valid_to, today, days }) => idCardEndsOn(valid_to, today, days),
};
