import { describe, expect, it } from "vitest";
import type { Bytes } from "./cipher.ts";
import { importedKey, type Lock, newLock, unlocked } from "./lock.ts";

const PLACE = "vault 1";
const newBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** Stretches a PIN at no cost: what it costs is not looked at here. */
async function stretch(pin: string, salt: Bytes): Promise<Bytes> {
  const text = new TextEncoder().encode(`${pin} ${salt.join()}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
}

async function locked(pin: string): Promise<Lock> {
  const key = await importedKey(new Uint8Array(32).fill(7), true);
  return newLock(key, pin, PLACE, { newBytes, stretch });
}

async function tried(lock: Lock, pin: string, place = PLACE): Promise<CryptoKey | null> {
  return unlocked(lock, await stretch(pin, lock.salt), place);
}

describe("a lock", () => {
  it("opens with its PIN, and what it gives cannot be taken out of the browser", async () => {
    const key = await tried(await locked("123456"), "123456");

    expect(key?.extractable).toBe(false);
    expect(key?.usages).toEqual(["encrypt", "decrypt"]);
  });

  it("opens with no other PIN", async () => {
    expect(await tried(await locked("123456"), "123457")).toBeNull();
  });

  it("opens on no other tablet, PIN or not", async () => {
    const [mine, other] = [await locked("123456"), await locked("123456")];

    expect(await tried({ ...mine, deviceKey: other.deviceKey }, "123456")).toBeNull();
  });

  it("opens for no other store", async () => {
    expect(await tried(await locked("123456"), "123456", "vault 2")).toBeNull();
  });

  it("has a device key that cannot be taken out either", async () => {
    expect((await locked("123456")).deviceKey.extractable).toBe(false);
  });

  it("overwrites the stretched PIN", async () => {
    const lock = await locked("123456");
    const stretched = await stretch("123456", lock.salt);

    await unlocked(lock, stretched, PLACE);

    expect(stretched).toEqual(new Uint8Array(32));
  });
});
