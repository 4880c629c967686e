// A store's key, wrapped under the PIN and under a key that never leaves this tablet.

import type { Bytes, NewBytes } from "./cipher.ts";

/** Opened by the right PIN on this tablet; a PIN alone, of a million, is guessed in hours. */
export interface Lock {
  readonly salt: Bytes;
  /** HMAC-SHA-256, not extractable. */
  readonly deviceKey: CryptoKey;
  readonly iv: Bytes;
  readonly wrapped: Bytes;
}

export type Stretch = (pin: string, salt: Bytes) => Promise<Bytes>;

const SALT_BYTES = 16;
const IV_BYTES = 12;
const INFO = new TextEncoder().encode("xiangxin field store");
const AES = { name: "AES-GCM", length: 256 } as const;
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;

/**
 * Wrap a key under a PIN and a new key of the device.
 *
 * @param key extractable, or it could not be wrapped.
 * @param place what the key is for; the lock opens for nothing else.
 */
export async function newLock(
  key: CryptoKey,
  pin: string,
  place: string,
  { newBytes, stretch }: { newBytes: NewBytes; stretch: Stretch },
): Promise<Lock> {
  const salt = newBytes(SALT_BYTES);
  const iv = newBytes(IV_BYTES);
  const deviceKey = await crypto.subtle.generateKey(HMAC, false, ["sign"]);
  const wrapping = await wrappingKey(deviceKey, await stretch(pin, salt), salt);
  const wrapped = await crypto.subtle.wrapKey("raw", key, wrapping, wrap(iv, place));
  return { salt, deviceKey, iv, wrapped: new Uint8Array(wrapped) };
}

/**
 * Open a lock.
 *
 * @param stretched the PIN, stretched with the lock's salt; overwritten here.
 * @param extractable only to wrap the key anew.
 * @returns null where the PIN is wrong.
 */
export async function unlocked(
  { salt, deviceKey, iv, wrapped }: Lock,
  stretched: Bytes,
  place: string,
  extractable = false,
): Promise<CryptoKey | null> {
  const wrapping = await wrappingKey(deviceKey, stretched, salt);
  try {
    return await crypto.subtle.unwrapKey(
      "raw",
      wrapped,
      wrapping,
      wrap(iv, place),
      AES,
      extractable,
      ["encrypt", "decrypt"],
    );
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}

/** Take bytes for a store's key. */
export function importedKey(raw: Bytes, extractable = false): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, AES, extractable, ["encrypt", "decrypt"]);
}

async function wrappingKey(deviceKey: CryptoKey, stretched: Bytes, salt: Bytes) {
  const mixed = new Uint8Array(await crypto.subtle.sign("HMAC", deviceKey, stretched));
  stretched.fill(0);
  const material = await crypto.subtle.importKey("raw", mixed, "HKDF", false, ["deriveKey"]);
  mixed.fill(0);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt, info: INFO };
  return crypto.subtle.deriveKey(hkdf, material, AES, false, ["wrapKey", "unwrapKey"]);
}

function wrap(iv: Bytes, place: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}
