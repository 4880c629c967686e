import { describe, expect, it } from "vitest";
import { keptNumber, PLAIN, readNumber, scaleOf, writtenNumber, YUAN } from "./scale.ts";

describe("an amount that is typed", () => {
  it.each([
    ["4600", 460_000],
    ["4,600.00", 460_000],
    ["¥4,600.5", 460_050],
    ["￥４，６００．０７", 460_007],
    ["0.07", 7],
    [".5", 50],
    ["12.", 1_200],
    ["1.100", 110],
    ["3000 元", 300_000],
    ["-5", -500],
    ["-0", 0],
  ])("reads %s as %i fen", (text, fen) => {
    expect(readNumber(text, YUAN)).toBe(fen);
  });

  it.each(["", ".", "-", "4.567", "4600.00.1", "four", "1e3", "12 345 678 901 234 567"])(
    "finds no amount in %s",
    (text) => {
      expect(readNumber(text, YUAN)).toBeNull();
    },
  );

  it("keeps every fen, however large the amount", () => {
    expect(readNumber("9999999999999.99", YUAN)).toBe(999_999_999_999_999);
    expect(writtenNumber(999_999_999_999_999, YUAN)).toBe("9,999,999,999,999.99");
  });

  it("keeps what is no number as it was typed, so that no word is lost", () => {
    expect(keptNumber("about 400", YUAN)).toBe("about 400");
    expect(writtenNumber("about 400", YUAN)).toBe("about 400");
    expect(keptNumber("  ", YUAN)).toBeNull();
    expect(writtenNumber(null, YUAN)).toBe("");
  });
});

describe("units", () => {
  it("types mu with one decimal, stored in tenths", () => {
    const mu = scaleOf("tenths of a mu");
    expect(readNumber("12.5", mu)).toBe(125);
    expect(writtenNumber(125, mu)).toBe("12.5");
    expect(writtenNumber(120, mu)).toBe("12");
    expect(readNumber("12.55", mu)).toBeNull();
  });

  it("types a rate in percent", () => {
    expect(readNumber("8.4", scaleOf("bps"))).toBe(840);
    expect(writtenNumber(840, scaleOf("bps"))).toBe("8.40");
  });

  it("takes a unit it does not know as it is", () => {
    expect(scaleOf("years")).toBe(PLAIN);
    expect(readNumber("12.5", PLAIN)).toBeNull();
    expect(writtenNumber(-1234, PLAIN)).toBe("-1,234");
  });

  it.each([0, 1, 99, 100, 12_345, 460_000])("reads back %i fen as it writes them", (fen) => {
    expect(readNumber(writtenNumber(fen, YUAN), YUAN)).toBe(fen);
  });
});
