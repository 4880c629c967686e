// The PINs that open the stores on this tablet (protocol.md, section 10).
//
// A miss is on the disk before its PIN is tried, so that pulling the battery buys no guess; after the
// tenth only the envelope is left, which the branch can open.

import type { Lang } from "../schemas/declare.ts";
import { base64, fromBase64 } from "./base64.ts";
import { type Bytes, Cipher, type NewBytes } from "./cipher.ts";
import { DamagedError } from "./faults.ts";
import { importedKey, type Lock, newLock, type Stretch, unlocked } from "./lock.ts";
import { MOST_MISSES, missed, NO_MISSES, rearmed, secondsLeft, waitSeconds } from "./misses.ts";
import { seal } from "./seal.ts";
import {
  BadPinError,
  KeyDestroyedError,
  PinWaitError,
  WrongKeyError,
  WrongPinError,
} from "./vault_faults.ts";
import { type KeptRow, shown, type VaultRow, VaultRows } from "./vault_rows.ts";

export type { VaultRow } from "./vault_rows.ts";

export interface NewStore {
  readonly username: string;
  readonly name: string;
  readonly lang?: Lang;
  readonly device: string;
  readonly pin: string;
  /** The server's public key, base64. */
  readonly seal_key: string;
}

/** A store with its key in hand. */
export interface Unlocked {
  readonly cipher: Cipher;
  readonly row: VaultRow;
}

export interface VaultTools {
  /** The tablet's time, in ms. */
  readonly now: () => number;
  readonly newBytes: NewBytes;
  readonly stretch: Stretch;
}

const PIN = /^[0-9]{6,}$/;
const KEY_BYTES = 32;
const ID_BYTES = 16;

export class Vault {
  readonly #rows: VaultRows;
  readonly #tools: VaultTools;

  private constructor(rows: VaultRows, tools: VaultTools) {
    this.#rows = rows;
    this.#tools = tools;
  }

  static async open(tools: VaultTools): Promise<Vault> {
    return new Vault(await VaultRows.open(), tools);
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  /** Say who has a store here; nothing in it opens one. */
  async list(): Promise<readonly VaultRow[]> {
    return (await this.#rows.list()).map(shown);
  }

  /** Make a key for a new store. */
  async create(made: NewStore): Promise<Unlocked> {
    checkPin(made.pin);
    const { pin, seal_key, ...known } = made;
    const store = hex(this.#tools.newBytes(ID_BYTES));
    const raw = this.#tools.newBytes(KEY_BYTES);
    const envelope = sealedKey(raw, made.device, seal_key);
    const { cipher, lock } = await this.#locked(raw, pin, store);
    const proof = await cipher.seal(store, place(store));
    const row: KeptRow = { ...known, ...NO_MISSES, store, envelope, lock, proof };
    await this.#rows.add(row);
    return { cipher, row: shown(row) };
  }

  /**
   * Open a store.
   *
   * @throws BadPinError, WrongPinError, PinWaitError, KeyDestroyedError; StorageFullError where the
   *   miss cannot be written: a thief can fill a disk, so that nothing is tried for nothing.
   */
  async unlock(store: string, pin: string): Promise<Unlocked> {
    const key = await this.#tried(store, pin, false);
    const { after } = await this.#rows.change(store, (row) => ({ ...row, ...NO_MISSES }));
    return { cipher: new Cipher(key, this.#tools.newBytes), row: shown(after) };
  }

  /** Change the PIN; a wrong old one costs what it costs at the lock. */
  async changePin(store: string, oldPin: string, newPin: string): Promise<void> {
    checkPin(newPin);
    const key = await this.#tried(store, oldPin, true);
    const lock = await newLock(key, newPin, place(store), this.#tools);
    const { after } = await this.#rows.change(
      store,
      (row) => (row.lock ? { ...row, ...NO_MISSES, lock } : row), // a wipe in the meantime stands
    );
    if (!after.lock) throw new KeyDestroyedError(store);
  }

  /**
   * Give a store a new PIN after the server opened its envelope.
   *
   * @param key base64, as the envelope held it.
   * @throws BadPinError; WrongKeyError where it is not this store's.
   */
  async reset(store: string, key: string, newPin: string): Promise<Unlocked> {
    checkPin(newPin);
    const { proof } = await this.#rows.row(store);
    const { cipher, lock } = await this.#locked(keyBytes(key, store), newPin, store);
    await cipher.open(proof, place(store)).catch((error: unknown) => {
      throw error instanceof DamagedError ? new WrongKeyError(store, { cause: error }) : error;
    });
    const { after } = await this.#rows.change(store, (row) => ({ ...row, ...NO_MISSES, lock }));
    return { cipher, row: shown(after) };
  }

  /** Remember the language in which this user is greeted. */
  async setLang(store: string, lang: Lang): Promise<void> {
    await this.#rows.change(store, (row) => ({ ...row, lang }));
  }

  /** Destroy a store's key; the envelope stays, for the branch. */
  async destroy(store: string): Promise<void> {
    await this.#rows.change(store, (row) => ({ ...row, lock: null }));
  }

  /** Forget a store that is no longer on this tablet, its envelope too. */
  remove(store: string): Promise<void> {
    return this.#rows.remove(store);
  }

  /** Count a miss, then try a PIN. */
  async #tried(store: string, pin: string, extractable: boolean): Promise<CryptoKey> {
    checkPin(pin);
    const now = this.#tools.now();
    const { before, after } = await this.#rows.change(store, (row) => claimed(row, now));
    if (!after.lock) throw new KeyDestroyedError(store);
    const wait = secondsLeft(before, now);
    if (wait > 0) throw new PinWaitError(wait);
    const stretched = await this.#stretched(pin, after.lock, { before, after });
    const key = await unlocked(after.lock, stretched, place(store), extractable);
    if (key) return key;
    if (after.misses < MOST_MISSES) {
      throw new WrongPinError(MOST_MISSES - after.misses, waitSeconds(after.misses));
    }
    await this.destroy(store);
    throw new KeyDestroyedError(store);
  }

  /** Stretch a PIN; where that fails for want of memory, nothing was tried and nothing is counted. */
  async #stretched(
    pin: string,
    lock: Lock,
    { before, after }: { before: KeptRow; after: KeptRow },
  ) {
    try {
      return await this.#tools.stretch(pin, lock.salt);
    } catch (error) {
      const { misses, notBefore } = before;
      await this.#rows.change(after.store, (row) =>
        row.misses === after.misses ? { ...row, misses, notBefore } : row,
      );
      throw error;
    }
  }

  /** Lock up a new or a recovered key; its bytes are overwritten. */
  async #locked(raw: Bytes, pin: string, store: string): Promise<{ cipher: Cipher; lock: Lock }> {
    const wrappable = await importedKey(raw, true);
    const cipher = new Cipher(await importedKey(raw), this.#tools.newBytes);
    raw.fill(0);
    return { cipher, lock: await newLock(wrappable, pin, place(store), this.#tools) };
  }
}

/** The row with one miss more, where a PIN may be tried now; without its lock, where none may ever be. */
function claimed(row: KeptRow, nowMs: number): KeptRow {
  if (row.misses >= MOST_MISSES) return { ...row, lock: null };
  return { ...row, ...(secondsLeft(row, nowMs) > 0 ? rearmed(row, nowMs) : missed(row, nowMs)) };
}

function checkPin(pin: string): void {
  if (!PIN.test(pin)) throw new BadPinError("a PIN is six digits or more");
}

function place(store: string): string {
  return `vault ${store}`;
}

function sealedKey(raw: Bytes, device: string, sealKey: string): string {
  const plain = new TextEncoder().encode(JSON.stringify({ device, key: base64(raw) }));
  const envelope = seal(plain, sealKey);
  plain.fill(0);
  return envelope;
}

function keyBytes(key: string, store: string): Bytes {
  const raw = fromBase64(key);
  if (raw.length !== KEY_BYTES) throw new WrongKeyError(store);
  return raw;
}

function hex(bytes: Bytes): string {
  return Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
}
