import { describe, expect, it } from "vitest";
import type { FieldDoc, Fields, Kind, TypeDoc } from "../../schemas/declare.ts";
import { RecordType } from "../../schemas/registry.ts";
import { asksForComment, authorsOf, offerOf, same } from "./offer.ts";

const LI = "u-li";
const CHEN = "u-chen";
const WANG = "u-wang";

function field(kind: Kind, group: string | null = null): FieldDoc {
  return {
    title: { en: "Field", zh: "字段" },
    hint: null,
    kind,
    policy: "manual",
    group,
    sensitive: false,
    required: false,
    required_by: [],
    default: null,
    write: ["officer"],
    authority: [],
  };
}

const TEXT: Kind = { kind: "text", longest: 100, shortest: 0, pattern: null, lines: false };
const TYPE = new RecordType("customer", {
  fields: {
    phone: field(TEXT),
    notes: field({ ...TEXT, lines: true }),
    lat: field({ kind: "integer", least: 0, most: 9, unit: null }, "home"),
    lon: field({ kind: "integer", least: 0, most: 9, unit: null }, "home"),
    officer_id: field({ kind: "ref", to: "user", scope: null }),
  },
  states: null,
} as unknown as TypeDoc);

function entry(value: Fields[string], by: string, number: number) {
  return { value, by, device: `d-${by}`, number, made_at: "2026-06-15T08:00:00.000Z" };
}

function conflict(more: Fields = {}): Fields {
  return {
    record: "c1",
    record_type: "customer",
    field: "phone",
    kind: "field",
    sensitive: false,
    status: "open",
    base_value: "10",
    kept: entry("21", CHEN, 4),
    others: [entry("22", LI, 7)],
    ...more,
  };
}

function keys(of: Fields, stands: Fields[string] = "21", user = LI, role = "officer") {
  return offerOf(of, user, role, stands, TYPE).choices.map((it) => it.key);
}

describe("the choices of a conflict", () => {
  it("are to keep what stands, to take the other, or to write another", () => {
    expect(keys(conflict())).toEqual(["keep", "d-u-li:7", "custom"]);
    const [kept, other] = offerOf(conflict(), LI, "officer", "21", TYPE).choices;
    expect(kept).toMatchObject({ stands: true, mine: false, entry: { by: CHEN } });
    expect(other).toMatchObject({ way: "other", stands: false, mine: true });
  });

  it("grow with every value that joins", () => {
    const others = [entry("22", LI, 7), entry("23", WANG, 1)];
    expect(keys(conflict({ others }))).toEqual(["keep", "d-u-li:7", "d-u-wang:1", "custom"]);
  });

  it("put what stands first, also where that was one of the others", () => {
    const offer = offerOf(conflict(), LI, "officer", "22", TYPE);
    expect(offer.choices.map((it) => it.key)).toEqual(["keep", "d-u-chen:4", "custom"]);
    expect(offer.choices[0]).toMatchObject({ mine: true });
    expect(offer.movedOn).toBe(true);
  });

  it("offer what stands now, where nobody in the conflict wrote it", () => {
    const offer = offerOf(conflict(), LI, "officer", "24", TYPE);
    expect(offer.choices.map((it) => it.key)).toEqual(["keep", "d-u-chen:4", "d-u-li:7", "custom"]);
    expect(offer.choices[0]).toMatchObject({ entry: null, stands: true });
    expect(offer.movedOn).toBe(true);
  });

  it("take a group as one value", () => {
    const value = { lat: 1, lon: 2 };
    const of = conflict({ field: "home", kept: entry(value, CHEN, 4) });
    expect(keys(of, { lon: 2, lat: 1 })).toEqual(["keep", "d-u-li:7", "custom"]);
  });

  it("let nobody write what has no input, or a state", () => {
    expect(keys(conflict({ field: "officer_id" }))).not.toContain("custom");
    expect(keys(conflict({ kind: "state" }))).not.toContain("custom");
    expect(keys(conflict({ field: "gone" }))).not.toContain("custom");
  });

  it.each(["delete", "invalid", "late"])("of kind %s are about the whole record", (kind) => {
    const of = conflict({ kind, field: null, kept: entry({ deleted: true }, CHEN, 4) });
    expect(keys(of, null)).toEqual(["keep", "d-u-li:7"]);
  });

  it("count both payments, and leave a reversal to the branch", () => {
    const of = conflict({ kind: "possible_double", field: null });
    const { choices } = offerOf(of, LI, "officer", null, TYPE);
    expect(choices.map((it) => it.way)).toEqual(["both_count", null]);
  });
});

describe("who decides", () => {
  const standing = (of: Fields, user = LI, role = "officer") =>
    offerOf(of, user, role, "21", TYPE).standing;

  it("is anybody in the field for a plain field, also who wrote one side", () => {
    expect(standing(conflict())).toBe("decide");
  });

  it("is someone who wrote neither side for a sensitive one (SOD-8)", () => {
    const of = conflict({ sensitive: true });
    expect(authorsOf(of)).toEqual([CHEN, LI]);
    expect(standing(of)).toBe("sod8");
    expect(standing(of, CHEN)).toBe("sod8");
    expect(standing(of, WANG)).toBe("decide");
  });

  it("is the branch for duplicates and signed notes, and for roles without field work", () => {
    expect(standing(conflict({ kind: "duplicate", field: null }))).toBe("branch");
    expect(standing(conflict({ kind: "after_signature" }))).toBe("branch");
    expect(standing(conflict(), LI, "clerk")).toBe("branch");
  });

  it("is nobody any more once it is settled", () => {
    expect(standing(conflict({ status: "resolved" }))).toBe("settled");
  });

  it("says why where the field is sensitive or the value is his own", () => {
    const plain = offerOf(conflict(), LI, "officer", "21", TYPE);
    expect(asksForComment(plain, "keep")).toBe(false);
    expect(asksForComment(plain, "custom")).toBe(true);
    const delicate = offerOf(conflict({ sensitive: true }), WANG, "officer", "21", TYPE);
    expect(asksForComment(delicate, "keep")).toBe(true);
  });
});

it("compares values as JSON", () => {
  expect(same({ a: 1, b: [1, null] }, { b: [1, null], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same("1", 1)).toBe(false);
});
