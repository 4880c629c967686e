import { describe, expect, it } from "vitest";
import { pinFault } from "./pins.ts";

describe("a new PIN", () => {
  it.each([
    ["", "", "short"],
    ["12345", "12345", "short"],
    ["12a456", "12a456", "short"],
    ["000000", "000000", "easy"],
    ["123456", "123456", "easy"],
    ["987654", "987654", "easy"],
    ["2580147", "258014", "differs"],
    ["258014", "258014", null],
    ["112233", "112233", null],
    ["25801470369", "25801470369", null],
  ])("%j, then %j: %s", (pin, again, fault) => {
    expect(pinFault(pin, again)).toBe(fault);
  });
});
