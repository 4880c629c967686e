import { describe, expect, it } from "vitest";
import { SCHEMA, TYPES } from "../../generated/registry.ts";
import type { Fields } from "../../schemas/declare.ts";
import { type RecordType, Registry } from "../../schemas/registry.ts";
import type { Question } from "../visit/checklist.ts";
import { isComplete, leftOf } from "./left.ts";
import { type CardFacts, cardOf, ownValue, proposalOf } from "./versions.ts";

const LI = "u-li";
const CHEN = "u-chen";

const REGISTRY = new Registry(TYPES, SCHEMA);

function declared(name: string): RecordType {
  const found = REGISTRY.get(name);
  if (found === null) throw new Error(name);
  return found;
}

const CUSTOMER = declared("customer");
const NOTE = declared("inspection_note");

function entry(value: Fields[string], by: string, number: number) {
  return { value, by, device: `d-${by}`, number, made_at: "2026-06-15T08:00:00.000Z" };
}

function facts(fields: Fields, more: Partial<CardFacts> = {}): CardFacts {
  return {
    id: "k1",
    fields: {
      record: "c1",
      record_type: "customer",
      field: "phone",
      kind: "field",
      sensitive: false,
      status: "open",
      base_value: "10000000011",
      kept: entry("10000000022", CHEN, 4),
      others: [entry("10000000021", LI, 7)],
      ...fields,
    },
    type: CUSTOMER,
    standsNow: "10000000022",
    user: LI,
    role: "officer",
    device: "d-u-li",
    question: null,
    names: { [LI]: "李敏", [CHEN]: "陈静" },
    tablets: { "d-u-chen": "T2" },
    deciders: [],
    lang: "en",
    now: Date.parse("2026-06-16T08:00:00.000Z"),
    ...more,
  };
}

const NOTHING = { choice: null, written: {}, comment: "" };

describe("the card of a conflict", () => {
  it("of two customers who are one person says who registered, not whom, and offers nothing", () => {
    const twice = {
      field: null,
      kind: "duplicate",
      base_value: null,
      kept: entry(null, LI, 7),
      others: [entry(null, CHEN, 4)],
    };
    const card = cardOf(facts(twice), NOTHING);

    expect([card.kind, card.standing]).toEqual(["duplicate", "branch"]);
    expect(card.versions.map((it) => [it.author.who, it.lines])).toEqual([
      ["李敏", []],
      ["陈静", []],
    ]);
    expect([card.before, card.own, card.needsComment]).toEqual([null, null, false]);
    const merged = { ...twice, status: "resolved", resolution: "merge", resolved_by: CHEN };
    expect(cardOf(facts(merged), NOTHING).standing).toBe("settled");
  });

  it("shows before, mine and theirs in people's words, and chooses nothing", () => {
    const card = cardOf(facts({}), NOTHING);
    expect(card).toMatchObject({ title: "Phone", choice: null, way: null, standing: "decide" });
    expect(card.before).toEqual([{ label: "", text: "100 0000 0011" }]);
    const [stands, mine] = card.versions;
    expect(stands).toMatchObject({
      stands: true,
      author: { who: "陈静", mine: false, when: "Yesterday 16:00", where: "tablet T2" },
    });
    expect(mine).toMatchObject({ stands: false, author: { mine: true, where: "this tablet" } });
    expect(card.own?.map((it) => it.path)).toEqual(["phone"]);
  });

  it("shows a group line by line, and starts a value of one's own from what stands", () => {
    const home = { home_lat_e6: 30_100_000, home_lon_e6: 110_200_000, home_acc_m: 8 };
    const card = cardOf(facts({ field: "home", kept: entry(home, CHEN, 4) }, { standsNow: home }), {
      ...NOTHING,
      written: { home_acc_m: 5 },
    });
    expect(card.versions[0]?.lines.map((it) => it.text)).toEqual([
      "30.100000 degrees",
      "110.200000 degrees",
      "8 m",
    ]);
    expect(ownValue(card, CUSTOMER, "home")).toEqual({ ...home, home_acc_m: 5 });
    expect(ownValue({ written: { phone: "1" } }, CUSTOMER, "phone")).toBe("1");
  });

  it("reads an answer as its question offers it", () => {
    const question: Question = {
      qid: "R04",
      text: { en: "New debts", zh: "新增负债" },
      answer: "money",
      required: true,
      choices: [],
      flag_if: null,
      severity: null,
    };
    const card = cardOf(
      facts(
        { field: "answers.R04.value", sensitive: true, kept: entry(500_000, CHEN, 4) },
        { type: NOTE, question, standsNow: 500_000 },
      ),
      NOTHING,
    );
    expect(card).toMatchObject({ title: "New debts", standing: "sod8" });
    expect(card.versions[0]?.lines[0]?.text).toBe("¥5,000.00");
    expect(card.own?.[0]?.kind).toMatchObject({ kind: "integer", unit: "fen" });
  });

  it("says that a record was removed, and why", () => {
    const card = cardOf(
      facts({
        kind: "delete",
        field: null,
        kept: entry({ phone: "10000000022" }, CHEN, 4),
        others: [entry({ deleted: true, reason: "Moved away" }, LI, 7)],
      }),
      NOTHING,
    );
    expect(card.versions[0]?.lines).toEqual([{ label: "Phone", text: "100 0000 0022" }]);
    expect(card.versions[1]).toMatchObject({ removed: { reason: "Moved away" }, lines: [] });
    expect(card.before).toBeNull();
    expect(card.own).toBeNull();
  });
});

describe("two texts", () => {
  const texts = facts(
    {
      kind: "text",
      field: "preferences",
      base_value: "晚上在家。",
      kept: entry("晚上在家。陈静添加。", CHEN, 4),
      others: [entry("晚上在家。李敏添加。", LI, 7)],
    },
    { standsNow: "晚上在家。陈静添加。" },
  );

  it("are joined block by block, with the author of each", () => {
    const { text } = cardOf(texts, NOTHING);
    expect(text?.blocks.map((it) => [it.author?.mine ?? null, it.text])).toEqual([
      [null, "晚上在家。"],
      [false, "陈静添加。"],
      [true, "李敏添加。"],
    ]);
    expect(text?.originals.map((it) => it.text)).toEqual([
      "晚上在家。",
      "晚上在家。陈静添加。",
      "晚上在家。李敏添加。",
    ]);
  });

  it("are proposed in one, with every word in it, for the user to mend", () => {
    expect(proposalOf(texts)).toBe("晚上在家。陈静添加。李敏添加。");
    expect(cardOf(texts, NOTHING).written).toEqual({
      preferences: "晚上在家。陈静添加。李敏添加。",
    });
    const mended = cardOf(texts, { ...NOTHING, written: { preferences: "新的。" } });
    expect(mended.written).toEqual({ preferences: "新的。" });
  });
});

describe("what is left before the choices can be saved", () => {
  const card = (more: object) => cardOf(facts({}), { ...NOTHING, ...more });

  it("is every choice, then what was to be written, then every reason", () => {
    expect(leftOf([card({}), card({ choice: "keep" })])).toMatchObject({ choices: 1 });
    expect(leftOf([card({ choice: "custom" })])).toEqual({ choices: 0, values: 1, comments: 1 });
    const written = { choice: "custom", written: { phone: "10000000023" } };
    expect(leftOf([card(written)])).toEqual({ choices: 0, values: 0, comments: 1 });
    expect(isComplete([card({ ...written, comment: "He called" })])).toBe(true);
    expect(isComplete([card({ choice: "keep" })])).toBe(true);
  });

  it("counts only what this user decides", () => {
    const theirs = cardOf(facts({ sensitive: true }), NOTHING);
    expect(leftOf([theirs])).toEqual({ choices: 0, values: 0, comments: 0 });
    expect(isComplete([theirs])).toBe(false);
    expect(isComplete([theirs, card({ choice: "keep" })])).toBe(true);
  });
});
