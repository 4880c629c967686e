import { describe, expect, it } from "vitest";
import { type Bytes, Cipher } from "./cipher.ts";
import { DamagedError } from "./faults.ts";
import { importedKey } from "./lock.ts";

const newBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

async function cipher(fill = 1): Promise<Cipher> {
  return new Cipher(await importedKey(new Uint8Array(32).fill(fill)), newBytes);
}

describe("a sealed value", () => {
  it.each([[null], [0], ["陈国平"], [[]], [{ name: "陈国平", visits: [{ at: 1 }], gone: null }]])(
    "comes back as it was: %j",
    async (value) => {
      const it = await cipher();

      expect(await it.open(await it.seal(value, "here"), "here")).toEqual(value);
    },
  );

  it("does not show what is in it", async () => {
    const blob = await (await cipher()).seal({ name: "Chen Guoping" }, "here");

    expect(Buffer.from(blob).includes("Chen")).toBe(false);
  });

  it("never looks the same twice", async () => {
    const it = await cipher();

    expect(await it.seal("x", "here")).not.toEqual(await it.seal("x", "here"));
  });

  it("opens nowhere but in its place", async () => {
    const it = await cipher();
    const blob = await it.seal("x", "customer 1");

    await expect(it.open(blob, "customer 2")).rejects.toThrow(DamagedError);
  });

  it("opens under no other key", async () => {
    const blob = await (await cipher(1)).seal("x", "here");

    await expect((await cipher(2)).open(blob, "here")).rejects.toThrow(DamagedError);
  });

  it("is damaged where any byte is, and where it was cut", async () => {
    const it = await cipher();
    const blob = await it.seal("x", "here");

    for (let at = 0; at < blob.length; at += 1) {
      const touched = blob.slice();
      touched[at] = (touched[at] ?? 0) ^ 1;
      await expect(it.open(touched, "here")).rejects.toThrow(DamagedError);
      await expect(it.open(blob.slice(0, at), "here")).rejects.toThrow(DamagedError);
    }
  });
});
