// Makes each guess of a PIN dear.

import { argon2id } from "hash-wasm";
import type { Bytes } from "./cipher.ts";

// OWASP's second choice, which a tablet of 2 GB can afford; the device's key carries the rest (lock.ts).
const COST = { memorySize: 19 * 1024, iterations: 2, parallelism: 1, hashLength: 32 } as const;

/** Stretch a PIN to 32 bytes. */
export async function stretch(pin: string, salt: Bytes): Promise<Bytes> {
  return new Uint8Array(
    await argon2id({ ...COST, password: pin, salt, outputType: "binary" } as const),
  );
}
