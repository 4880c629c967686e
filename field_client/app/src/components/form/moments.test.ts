import { describe, expect, it } from "vitest";
import { instantOf, localOf } from "./moments.ts";

describe("an instant in an input", () => {
  it("stands on the wall of the branch's zone", () => {
    expect(localOf("2026-06-16T02:30:00.000Z")).toBe("2026-06-16T10:30");
    expect(instantOf("2026-06-16T10:30")).toBe("2026-06-16T02:30:00.000Z");
  });

  it("crosses midnight", () => {
    expect(localOf("2025-12-31T17:05:00.000Z")).toBe("2026-01-01T01:05");
    expect(instantOf("2026-01-01T01:05")).toBe("2025-12-31T17:05:00.000Z");
  });

  it.each(["", "2026-06-16", "2026-13-40T10:30", "nonsense"])("finds none in “%s”", (text) => {
    expect(instantOf(text)).toBeNull();
  });

  it("has nothing to show for what is no instant", () => {
    expect(localOf(null)).toBe("");
    expect(localOf("soon")).toBe("");
  });
});
