// What is drawn as chosen for a customer, and when the answers may be sent.

import { expect, it, test } from "vitest";
import { answerOf, type ItemCard, isFilled, reasonsMissing } from "./model.ts";

it.each([
  [false, false, "", null],
  [true, false, "", "agree"],
  [false, true, "", "object"],
  [false, false, "未告知逾期", "object"],
  // The tablet died between the steps of a choice: what will be sent is what is shown.
  [true, true, "", "agree"],
] as const)("agreed %s, objects %s, for %j: %s", (agreed, objects, reason, expected) => {
  expect(answerOf(agreed, objects, reason)).toBe(expected);
});

function card(more: Partial<ItemCard>): ItemCard {
  return { open: true, answer: null, typed: "", note: "", appraisal: "", ...more } as ItemCard;
}

test("an objection without its reason is missing one", () => {
  expect(reasonsMissing([card({ answer: "object", typed: " " }), card({ answer: "agree" })])).toBe(
    1,
  );
  expect(reasonsMissing([card({ answer: "object", typed: "押品未见" })])).toBe(0);
  expect(reasonsMissing([card({ answer: "object", open: false })])).toBe(0);
});

test("there is something to send once an answer is chosen, or words differ from what stands", () => {
  expect(isFilled("incoming", [card({})])).toBe(false);
  expect(isFilled("incoming", [card({}), card({ answer: "agree" })])).toBe(true);
  expect(isFilled("outgoing", [card({ note: "无异常。", typed: "无异常。" })])).toBe(false);
  expect(isFilled("outgoing", [card({ note: "无异常。", typed: "逾期两天。" })])).toBe(true);
  expect(isFilled("witness", [card({ typed: "与台账相符。" })])).toBe(true);
});
