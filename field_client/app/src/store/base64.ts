// Base64 with the alphabet and padding of Python's `base64.b64encode`.

import type { Bytes } from "./cipher.ts";

const SLICE = 0x8000; // as many arguments as any engine takes in one call

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  }
  return btoa(text);
}

/** @throws DOMException where the text is no base64. */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
}
