// What a handover asks of each of its three people, and what a signature is of.

import { describe, expect, it, test } from "vitest";
import type { Fields } from "../schemas/declare.ts";
import { contentHash } from "./handover_signing.ts";
import { handoverOf } from "./handovers.ts";

const [OUT, IN, WITNESS, OTHER] = ["u-out", "u-in", "u-witness", "u-other"];
const LISTED: Fields = {
  from_officer_id: OUT ?? "",
  to_officer_id: IN ?? "",
  witness_id: WITNESS ?? "",
  reason: "leave",
  effective_on: "2026-06-22",
  "items.c1.listed": true,
  "items.c2.listed": true,
};
const AGREED = { "items.c1.agreed": true, "items.c2.agreed": true };
const OBJECTED = { "items.c1.agreed": true, "items.c2.objection": "未告知逾期" };
const NOTED = { "items.c1.from_risk_note": "无异常。", "items.c2.from_risk_note": "无异常。" };
const APPRAISED = { "items.c1.appraisal": "与台账相符。", "items.c2.appraisal": "与台账相符。" };

function asks(me: string | undefined, state: string, more: Fields = {}) {
  return handoverOf({ id: "h", fields: { ...LISTED, state, ...more } }, me ?? "").asks;
}

describe("a handover asks", () => {
  it.each([
    [OUT, "draft", {}, null],
    [OUT, "in_review", {}, "note"],
    [OUT, "in_review", { "items.c1.from_risk_note": "无异常。" }, "note"],
    [OUT, "in_review", NOTED, null],
    [OUT, "objected", {}, "note"],
    [IN, "in_review", {}, "answer"],
    [IN, "in_review", { "items.c1.agreed": true }, "answer"],
    [IN, "in_review", AGREED, null],
    [IN, "in_review", OBJECTED, null],
    [IN, "objected", {}, null],
    [WITNESS, "in_review", {}, "appraise"],
    [WITNESS, "in_review", APPRAISED, null],
    [OTHER, "in_review", {}, null],
    [OUT, "agreed", {}, "sign"],
    [IN, "agreed", {}, "sign"],
    [WITNESS, "agreed", { "signed_by.k.user": WITNESS ?? "" }, null],
    [OUT, "agreed", { "signed_by.k.user": WITNESS ?? "" }, "sign"],
    [OTHER, "agreed", {}, null],
    [IN, "signed", {}, null],
    [IN, "effective", {}, null],
    [IN, "cancelled", {}, null],
  ] as const)("%s in %s with %j: %s", (me, state, more, expected) => {
    expect(asks(me, state, more)).toBe(expected);
  });
});

test("only who was put on the list is on it", () => {
  const { items } = handoverOf(
    { id: "h", fields: { ...LISTED, "items.c3.agreed": true, state: "in_review" } },
    IN ?? "",
  );

  expect(items.map((it) => it.customer)).toEqual(["c1", "c2"]);
});

test("a signature is of the one text of what was seen, as the server makes it", async () => {
  const seen = { state: "agreed", "items.c1.objection": "未告知\n“逾期”", n: 1, listed: true };

  expect(await contentHash(seen)).toBe(
    "e78c48fe25118149c75f2962c5749981795a293cf3093231c630774d3ba91eef",
  );
});
