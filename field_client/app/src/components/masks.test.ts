import { expect, it } from "vitest";
import { groupPhone, mask, maskPhone } from "./masks.ts";

it.each([
  ["13800004417", "138 •••• 4417"],
  ["0838000000", "••••••0000"],
  ["4417", "4417"],
])("the phone %s is shown as %s", (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked);
});

it("an id number shows its last four signs", () => {
  expect(mask("51162119700101204X")).toBe("••••••••••••••204X");
});

it("a phone that is shown is grouped", () => {
  expect(groupPhone("13800004417")).toBe("138 0000 4417");
  expect(groupPhone("0838-000-000")).toBe("0838-000-000");
});
