// libsodium's sealed box (crypto_box_seal): anybody can close one, only the branch can open it.

import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { pow } from "@noble/curves/abstract/modular.js";
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { base64, fromBase64 } from "./base64.ts";
import type { Bytes } from "./cipher.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const P = 2n ** 255n - 19n;

// X25519 without the Edwards curve that the ready-made one brings along: 6 KB less to load, and no
// tables to compute before the first set can be sealed.
const x25519 = montgomery({
  P,
  type: "x25519",
  powPminus2: (x) => pow(x, P - 2n, P),
  adjustScalarBytes: clamped,
});

/**
 * Seal bytes to a public key.
 *
 * @param publicKey X25519, base64.
 * @param secret 32 random bytes, used this once and overwritten.
 * @returns base64 of the ephemeral public key and the box.
 * @throws Error where the public key is none.
 */
export function seal(
  plain: Uint8Array,
  publicKey: string,
  secret: Bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES)),
): string {
  const receiver = fromBase64(publicKey);
  const ephemeral = x25519.getPublicKey(secret);
  const shared = x25519.getSharedSecret(secret, receiver);
  const nonce = blake2b(joined(ephemeral, receiver), { dkLen: NONCE_BYTES });
  const key = hsalsa20(shared);
  const box = xsalsa20poly1305(key, nonce).encrypt(plain);
  for (const used of [secret, shared, key]) used.fill(0);
  return base64(joined(ephemeral, box));
}

/** The scalar of RFC 7748, section 5. */
function clamped(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint8(0, view.getUint8(0) & 248);
  view.setUint8(31, (view.getUint8(31) & 127) | 64);
  return bytes;
}

/** What turns a shared secret into the key of a box (NaCl's `beforenm`). */
function hsalsa20(shared: Uint8Array): Uint8Array {
  const key = new Uint32Array(KEY_BYTES / 4);
  hsalsa(
    words(new TextEncoder().encode("expand 32-byte k")),
    words(shared),
    new Uint32Array(4),
    key,
  );
  return new Uint8Array(key.buffer);
}

/** Little-endian words, which is what every machine with a browser has. */
function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

function joined(first: Uint8Array, second: Uint8Array): Bytes {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
