import { expect, it } from "vitest";
import { base64, fromBase64 } from "./base64.ts";
import { newSigningKey, sign } from "./signing.ts";

const EC = { name: "ECDSA", namedCurve: "P-256" } as const;

async function verifies(open: string, message: string, signature: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("spki", fromBase64(open), EC, false, ["verify"]);
  const bytes = new TextEncoder().encode(message);
  const algorithm = { name: "ECDSA", hash: "SHA-256" } as const;
  return crypto.subtle.verify(algorithm, key, fromBase64(signature), bytes);
}

it("signs what its public half verifies, and nothing else", async () => {
  const key = await newSigningKey();
  const other = await newSigningKey();

  const signature = await sign(key, "一笔收款");

  expect(fromBase64(signature).length).toBe(64);
  expect(await verifies(key.open, "一笔收款", signature)).toBe(true);
  expect(await verifies(key.open, "两笔收款", signature)).toBe(false);
  expect(await verifies(other.open, "一笔收款", signature)).toBe(false);
  expect(base64(fromBase64(key.open))).toBe(key.open);
});
