// SHA-256 of a file, as its attachment's record tells it.

import type { Bytes } from "./cipher.ts";

export async function sha256Hex(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (it) => it.toString(16).padStart(2, "0")).join("");
}
