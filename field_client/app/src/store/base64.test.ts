import { expect, it } from "vitest";
import { base64, fromBase64 } from "./base64.ts";

it.each([0, 1, 2, 3, 255, 0x8000, 0x8001])("%i bytes come back as they were", (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);

  expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  expect(fromBase64(base64(bytes))).toEqual(bytes);
});
