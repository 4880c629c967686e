import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromBase64 } from "./base64.ts";
import { seal } from "./seal.ts";

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly public_key: string;
  readonly ephemeral_secret: string;
  readonly plain: string;
  readonly sealed: string;
}

const FILE = new URL("../../../../tests/vectors/sealed-box.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, "utf-8")) as {
  readonly vectors: readonly Vector[];
};
const [first] = vectors;
const KEY = first?.public_key ?? "";

describe("a sealed box", () => {
  it.each(vectors)(
    "is libsodium's: $id, $name",
    ({ plain, public_key, ephemeral_secret, sealed }) => {
      const secret = fromBase64(ephemeral_secret);

      expect(seal(new TextEncoder().encode(plain), public_key, secret)).toBe(sealed);
      expect(secret).toEqual(new Uint8Array(32));
    },
  );

  it("is another each time", () => {
    const plain = new TextEncoder().encode("x");

    expect(seal(plain, KEY)).not.toBe(seal(plain, KEY));
  });

  it.each([
    ["empty", ""],
    ["short", "AAAA"],
    ["no base64", "~"],
    ["of low order", btoa("\0".repeat(32))],
  ])("is not made for a key that is none: %s", (_, key) => {
    expect(() => seal(new Uint8Array(1), key)).toThrow();
  });
});
