import { describe, expect, it } from "vitest";
import type { Words } from "./catalogue.ts";
import { fill, say } from "./say.ts";

const WORDS = {
  "strip.waiting": { en: "{n} {n|change|changes} waiting", zh: "{n} 条待发送" },
  "no.place": { en: "Works without a network", zh: "无需网络" },
  greeting: { en: "Good morning, {name}", zh: "{name}，早上好" },
} as const satisfies Words;

describe("a sentence of the catalogue", () => {
  it.each([
    [0, "0 changes waiting", "0 条待发送"],
    [1, "1 change waiting", "1 条待发送"],
    [3, "3 changes waiting", "3 条待发送"],
    [21, "21 changes waiting", "21 条待发送"],
    [2019, "2019 changes waiting", "2019 条待发送"],
    [12345, "12,345 changes waiting", "12,345 条待发送"],
  ])("counts %i", (n, en, zh) => {
    expect(say("en", WORDS, "strip.waiting", { n })).toBe(en);
    expect(say("zh", WORDS, "strip.waiting", { n })).toBe(zh);
  });

  it("needs no facts where it has no places", () => {
    expect(say("en", WORDS, "no.place")).toBe("Works without a network");
  });

  it("puts a name where each language wants it", () => {
    expect(say("en", WORDS, "greeting", { name: "Li Ming" })).toBe("Good morning, Li Ming");
    expect(say("zh", WORDS, "greeting", { name: "李明" })).toBe("李明，早上好");
  });

  it("does not read a fact as a sentence", () => {
    expect(fill("{name} and {n}", { name: "{n}", n: 1 })).toBe("{n} and 1");
  });

  it("leaves the place of a missing fact standing", () => {
    expect(fill("{n} of {all}", { n: 1 })).toBe("1 of {all}");
  });

  it("refuses a missing language, key or fact when compiling", () => {
    // @ts-expect-error no Chinese
    const half = { a: { en: "A" } } as const satisfies Words;
    expect(half).toBeDefined();
    // @ts-expect-error no such key
    expect(say("en", WORDS, "strip.none")).toBe("strip.none");
    // @ts-expect-error a fact is missing
    expect(say("en", WORDS, "greeting")).toBe("Good morning, {name}");
    // @ts-expect-error a fact has another name
    expect(say("en", WORDS, "greeting", { nam: "Li Ming" })).toBe("Good morning, {name}");
  });
});
