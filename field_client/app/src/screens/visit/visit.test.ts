import { describe, expect, it } from "vitest";
import type { Fields } from "../../schemas/declare.ts";
import { isFlagged, type Question, questionsOf } from "./checklist.ts";
import { missingOf, stepsOf } from "./missing.ts";

const CHECKLIST: Fields = {
  questions: [
    {
      qid: "R01",
      text_zh: "正常?",
      text_en: "Normal?",
      answer: "yes_no",
      required: true,
      flag_if: "no",
      finding_severity: "major",
    },
    {
      qid: "R02",
      text_zh: "变化",
      text_en: "Change",
      answer: "number",
      required: true,
      flag_if: "< -20",
    },
    {
      qid: "R04",
      text_zh: "新增",
      text_en: "New debts",
      answer: "money",
      required: true,
      flag_if: "> 0",
    },
    {
      qid: "S07",
      text_zh: "满意度",
      text_en: "Satisfaction",
      answer: "number",
      required: true,
      flag_if: "≤ 2",
    },
    {
      qid: "R08",
      text_zh: "资金",
      text_en: "Funds",
      answer: "choice",
      required: true,
      choices: [{ value: "none", text_en: "None" }],
      flag_if: "none",
    },
    { qid: "P15", text_zh: "照片", text_en: "Photo", answer: "photo", required: true },
    { qid: "R10", text_zh: "建议", text_en: "Measures", answer: "text", required: false },
    { answer: "text" },
    "nonsense",
  ],
};
const QUESTIONS = questionsOf(CHECKLIST);

function question(qid: string): Question {
  const found = QUESTIONS.find((it) => it.qid === qid);
  if (found === undefined) throw new Error(qid);
  return found;
}

describe("a checklist", () => {
  it("is read from its record, and what is no question is passed over", () => {
    expect(QUESTIONS.map((it) => it.qid)).toEqual([
      "R01",
      "R02",
      "R04",
      "S07",
      "R08",
      "P15",
      "R10",
    ]);
    expect(question("R08").choices).toEqual([{ value: "none", label: { en: "None", zh: "none" } }]);
    expect(question("R01").severity).toBe("major");
    expect(questionsOf({})).toEqual([]);
  });

  it.each([
    ["R01", "no", true],
    ["R01", "yes", false],
    ["R01", null, false],
    ["R02", -21, true],
    ["R02", -20, false],
    ["R02", "-30", false],
    ["R04", 1, true],
    ["R04", 0, false],
    ["S07", 2, true],
    ["S07", 3, false],
    ["R08", "none", true],
    ["R10", "no", false],
  ])("flags %s answered %s: %s", (qid, value, flagged) => {
    expect(isFlagged(question(qid), value)).toBe(flagged);
  });
});

describe("what a visit still needs", () => {
  const begun: Fields = { arrived_at: "2026-06-16T02:30:00.000Z", purposes: ["routine"] };
  const there: Fields = { ...begun, arrive_lat_e6: 30_100_000, outcome: "done" };
  const missing = (visit: Fields, note: Fields = {}, questions: readonly Question[] = []) =>
    missingOf(stepsOf(visit, note, questions)).map((it) => it.path);

  it("asks a new visit for the place and the outcome", () => {
    expect(missing(begun)).toEqual(["place", "outcome"]);
  });

  it("takes a reason in place of a position", () => {
    expect(missing({ ...begun, reason: "No signal" })).toEqual(["outcome"]);
    expect(missing({ ...begun, reason: "  " })).toEqual(["place", "outcome"]);
  });

  it("asks one that was made whom it met, for each answer and for a summary", () => {
    expect(missing(there, { "answers.R01.value": "yes" }, QUESTIONS)).toEqual([
      "met_with",
      "answers.R02.value",
      "answers.R04.value",
      "answers.S07.value",
      "answers.R08.value",
      "summary",
    ]);
  });

  it("counts nought and no as answers", () => {
    const note = { "answers.R02.value": 0, "answers.R01.value": "no" };
    const paths = missing(there, note, QUESTIONS);
    expect(paths).not.toContain("answers.R02.value");
    expect(paths).not.toContain("answers.R01.value");
  });

  it("asks one that was not made only why", () => {
    expect(missing({ ...there, outcome: "absent" }, {}, QUESTIONS)).toEqual(["reason"]);
    expect(missing({ ...there, outcome: "absent", reason: "At market" })).toEqual([]);
  });

  it("asks for the reason once, where it explains both the place and the outcome", () => {
    expect(missing({ ...begun, outcome: "absent" })).toEqual(["place"]);
  });

  it("asks for the other half of a promise", () => {
    const met: Fields = { ...there, met_with: ["王桂英"], summary: "收款。" };
    expect(missing(met)).toEqual([]);
    expect(missing({ ...met, promise_on: "2026-06-25" })).toEqual(["promise_amount_fen"]);
    expect(missing({ ...met, promise_amount_fen: 100 })).toEqual(["promise_on"]);
  });

  it("says how many of how many are done", () => {
    const steps = stepsOf(there, {}, []);
    expect([steps.length - missingOf(steps).length, steps.length]).toEqual([4, 6]);
  });
});
