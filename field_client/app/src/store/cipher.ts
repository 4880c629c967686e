// One key, and every blob under it sealed to the place where it lies.

import { DamagedError } from "./faults.ts";

/** Bytes that Web Crypto takes: never shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;
export type NewBytes = (length: number) => Bytes;
/** What JSON can hold; wider than `Json`, so that an interface fits. */
export type Storable = object | string | number | boolean | null;

const IV_BYTES = 12;

export class Cipher {
  readonly #key: CryptoKey;
  readonly #newBytes: NewBytes;

  /** @param key AES-GCM, not extractable. */
  constructor(key: CryptoKey, newBytes: NewBytes) {
    this.#key = key;
    this.#newBytes = newBytes;
  }

  /**
   * Seal a value.
   *
   * Not deflated: on small records that costs more time than the bytes are worth.
   *
   * @param context where the blob will lie; it opens nowhere else.
   */
  async seal(value: Storable, context: string): Promise<Bytes> {
    return this.sealBytes(new TextEncoder().encode(JSON.stringify(value)), context);
  }

  /** Seal bytes, as `seal` does. */
  async sealBytes(plain: Bytes, context: string): Promise<Bytes> {
    const iv = this.#newBytes(IV_BYTES);
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt(algorithm(iv, context), this.#key, plain),
    );
    const blob = new Uint8Array(IV_BYTES + sealed.length);
    blob.set(iv);
    blob.set(sealed, IV_BYTES);
    return blob;
  }

  /**
   * Open a blob; its type is the caller's word, as `seal` was given it.
   *
   * @throws DamagedError: another key, another place, or not whole.
   */
  async open<T>(blob: Uint8Array, context: string): Promise<T> {
    const plain = await this.openBytes(blob, context);
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)) as T;
    } catch (error) {
      throw damaged(context, error);
    }
  }

  /** Open sealed bytes. Throws DamagedError. */
  async openBytes(blob: Uint8Array, context: string): Promise<Bytes> {
    try {
      const plain = await crypto.subtle.decrypt(
        algorithm(blob.slice(0, IV_BYTES), context),
        this.#key,
        blob.slice(IV_BYTES),
      );
      return new Uint8Array(plain);
    } catch (error) {
      throw damaged(context, error);
    }
  }
}

function damaged(context: string, cause: unknown): DamagedError {
  return new DamagedError(`what is kept at ${context} does not open`, { cause });
}

function algorithm(iv: Bytes, context: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(context) };
}
