// The shared cases of early warning: what the server finds, this tablet finds too.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fields, Json } from "../../schemas/declare.ts";
import type { Given } from "./dossier.ts";
import { NUMBERS } from "./numbers.ts";
import { warned } from "./rules.ts";
import { derivedId, dueId, periodOf, type Signal, signalFields, signalId } from "./signals.ts";

interface Case {
  readonly id: string;
  readonly name: string;
  readonly rule: string | null;
  readonly given: Given;
  readonly expected: { readonly signals?: readonly Fields[]; readonly tasks?: readonly Fields[] };
  readonly in_full?: Json;
}

interface File {
  readonly numbers: Fields;
  readonly vectors: readonly Case[];
  readonly ids: readonly { readonly parts: readonly string[]; readonly id: string }[];
}

const FILE = JSON.parse(
  readFileSync(new URL("../../../../../tests/vectors/early-warning.json", import.meta.url), "utf8"),
) as File;

/** A signal as the vectors write it in full. */
function plain(signal: Signal): Fields {
  const { subjectType, loanId, ...rest } = signal;
  return {
    ...rest,
    subject_type: subjectType,
    loan_id: loanId,
    period: periodOf(signal),
    id: signalId(signal),
  };
}

describe("shared cases", () => {
  test.each(FILE.vectors)("$id $name", ({ rule, given, expected, in_full }) => {
    const found = warned(given);

    const signals = found.signals
      .filter((it) => rule === null || it.rule === rule)
      .map(({ rule, severity, subject, since }) => ({ rule, severity, subject, since }));
    const tasks = found.tasks.map((it) => ({
      loan_id: it.loanId,
      due_on: it.dueOn,
      amount_fen: it.amountFen,
    }));
    if (expected.signals) expect(signals).toEqual(expected.signals);
    if (expected.tasks) expect(tasks).toEqual(expected.tasks);
    expect(found.signals.map(plain)).toEqual(in_full);
  });
});

test.each(FILE.ids)("the id of $parts", ({ parts, id }) => {
  expect(derivedId(...parts)).toBe(id);
});

test("every threshold is the server's", () => {
  expect(NUMBERS).toEqual(FILE.numbers);
});

test("a record says what follows from rule, subject and period, and no more", () => {
  const [signal] = warned(FILE.vectors.find(({ id }) => id === "w03-01")?.given as Given).signals;

  expect(signalFields(signal as Signal)).toEqual({
    rule: "W03",
    severity: "red",
    loan_id: signal?.subject,
    facts: { subject_type: "loan", subject: signal?.subject, period: "2026-06" },
    state: "raised",
  });
});

test("a task is named after its loan and day", () => {
  const due = { loanId: FILE.ids[2]?.parts[1] ?? "", dueOn: "2026-06-25" };

  expect(dueId({ ...due, amountFen: 1, assigneeId: null })).toBe(FILE.ids[2]?.id);
});
