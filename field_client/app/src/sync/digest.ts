// Count and sum that prove two copies equal, and the sums by bucket that find where they are not.
//
// Source: protocol.md, section 8, "Self-check". Sums are modulo 2^64, so they can be kept up to date
// by what a change takes away and adds.

import { sha256 } from "@noble/hashes/sha2.js";

const BUCKETS = 256;
const UTF8 = new TextEncoder();
/** Where every term is spelled out: a download takes a hundred thousand of them. */
const SPELLED = new Uint8Array(256);

/** How many records a copy holds, and the sum of their terms modulo 2^64. */
export interface Digest {
  readonly records: number;
  readonly sum: bigint;
}

export const EMPTY: Digest = { records: 0, sum: 0n };

/** A record's id and version. */
export type Versioned = readonly [id: string, version: number];

/** One record's part: the first 8 bytes, big-endian, of SHA-256 of "<id>:<version>". */
export function term(id: string, version: number): bigint {
  const text = `${id}:${version}`;
  const { read, written } = UTF8.encodeInto(text, SPELLED);
  const bytes = read === text.length ? SPELLED.subarray(0, written) : UTF8.encode(text);
  const hash = sha256(bytes);
  return new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
}

/** The digest with one record more. */
export function add({ records, sum }: Digest, id: string, version: number): Digest {
  return { records: records + 1, sum: modulo(sum + term(id, version)) };
}

/** The digest with one record less. */
export function remove({ records, sum }: Digest, id: string, version: number): Digest {
  return { records: records - 1, sum: modulo(sum - term(id, version)) };
}

/** The digest of copies that hold different records, taken together. */
export function mergeDigests(digests: Iterable<Digest>): Digest {
  let { records, sum } = EMPTY;
  for (const it of digests) {
    records += it.records;
    sum += it.sum;
  }
  return { records, sum: modulo(sum) };
}

/** The digest of the records held. */
export function digestOf(held: readonly Versioned[]): Digest {
  return digestOfTerms(held.map(([id, version]) => term(id, version)));
}

/** The digest of records of which each one's part is known. */
export function digestOfTerms(terms: readonly bigint[]): Digest {
  return { records: terms.length, sum: modulo(terms.reduce((sum, it) => sum + it, 0n)) };
}

/** A sum as it is sent: 16 lower-case hex digits. */
export function sumText(sum: bigint): string {
  return modulo(sum).toString(16).padStart(16, "0");
}

/** The last byte of a record's id: the bucket in which its term is summed for repair. */
export function bucket(id: string): number {
  return Number.parseInt(id.slice(-2), 16);
}

/** The 256 sums, by the id's last byte, that a device sends to have its copy repaired. */
export class BucketSums {
  private readonly sums: bigint[] = new Array(BUCKETS).fill(0n);

  add(id: string, version: number): void {
    const at = bucket(id);
    this.sums[at] = modulo((this.sums[at] ?? 0n) + term(id, version));
  }

  texts(): string[] {
    return this.sums.map(sumText);
  }
}

/** The sums by bucket of the records held. */
export function bucketSums(held: Iterable<Versioned>): string[] {
  const sums = new BucketSums();
  for (const [id, version] of held) sums.add(id, version);
  return sums.texts();
}

function modulo(sum: bigint): bigint {
  return BigInt.asUintN(64, sum);
}
