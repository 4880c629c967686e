import { expect, test } from "vitest";
import { SCHEMA, TYPES } from "../../generated/registry.ts";
import type { Fields } from "../../schemas/declare.ts";
import { Registry } from "../../schemas/registry.ts";
import { layoutOf } from "../edit/layout.ts";
import { rowsOf } from "../record/rows.ts";
import { questionsOf } from "./checklist.ts";
import { partsAsked, rowsAsked, withPlaces } from "./questions.ts";

const type = new Registry(TYPES, SCHEMA).get("inspection_note");
const QUESTIONS = questionsOf({
  questions: [
    { qid: "R09", text_en: "Village's view", text_zh: "评价", answer: "choice", choices: GOOD() },
    { qid: "R01", text_en: "Used as agreed?", text_zh: "用途相符？", answer: "yes_no" },
    { qid: "R04", text_en: "New debts", text_zh: "新增负债", answer: "money" },
  ],
});
const NOTE: Fields = {
  kind: "routine",
  checklist_code: "routine",
  checklist_version: 1,
  "answers.R01.value": "no",
  "answers.R01.note": "bought a tricycle",
  "answers.R09.value": "good",
};

function GOOD() {
  return [{ value: "good", text_en: "Good", text_zh: "好" }];
}

test("a note is read with its questions, in the order in which they are asked", () => {
  if (type === null) throw new Error("no such type");
  const { rows, maps } = rowsAsked(rowsOf(type, NOTE), QUESTIONS);

  expect(rows.map((it) => it.path)).not.toContain("checklist_code");
  expect(maps[0]?.entries.map((it) => it.rows.map((row) => row.title.en))).toEqual([
    ["Village's view"],
    ["Used as agreed?", "Note"],
  ]);
  expect(maps[0]?.entries[0]?.rows[0]?.kind).toMatchObject({ options: { good: { zh: "好" } } });
});

test("a note is filled in with every question, and none can be taken out", () => {
  if (type === null) throw new Error("no such type");
  const values = withPlaces(NOTE, QUESTIONS);
  const choosable = new Set<string>();
  const asked = { type, role: "officer", mode: "edit", values, before: NOTE, choosable } as const;
  const parts = partsAsked(layoutOf(asked), QUESTIONS, "zh");
  const map = parts.find((it) => it.part === "map" && it.path === "answers");
  if (map?.part !== "map") throw new Error("no answers");

  expect(map.open).toBe(false);
  expect(map.entries.map((it) => it.name)).toEqual(["评价", "用途相符？", "新增负债"]);
  expect(map.entries[2]?.fields[0]).toMatchObject({
    path: "answers.R04.value",
    title: { en: "New debts" },
    kind: { kind: "integer", unit: "fen" },
    open: true,
  });
});

test("a record that no checklist was made for stays as it is declared", () => {
  if (type === null) throw new Error("no such type");
  const content = rowsOf(type, NOTE);

  expect(rowsAsked(content, [])).toBe(content);
});
