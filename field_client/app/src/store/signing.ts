// The device's own key: what it signs is its work, whoever carries it (protocol.md, section 11).
//
// ECDSA on P-256, which every browser's WebCrypto has. Both halves lie in the store's encrypted meta row;
// the public one goes to the branch with every sign-in.

import { base64, fromBase64 } from "./base64.ts";

const EC = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

/** Both halves in base64: PKCS #8, SubjectPublicKeyInfo. */
export interface SigningKey {
  readonly secret: string;
  readonly open: string;
}

export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
  const secret = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const open = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const made = { secret: base64(secret), open: base64(open) };
  secret.fill(0);
  return made;
}

/** The signature of some text in UTF-8: its two numbers side by side, base64. */
export async function sign({ secret }: SigningKey, message: string): Promise<string> {
  const key = await crypto.subtle.importKey("pkcs8", fromBase64(secret), EC, false, ["sign"]);
  const bytes = new TextEncoder().encode(message);
  return base64(new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, bytes)));
}
