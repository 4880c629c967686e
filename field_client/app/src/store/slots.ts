// The journal's file, in two slots: one holds the lines, the other is empty but while lines are dropped.
//
// Dropping writes the lines that stay into the empty slot, flushes, and only then empties the full one.
// No file is renamed: a browser does not write the new name through to the disk. Whenever the battery
// dies, one of the slots has every line, and the other has some of the same lines or none.

import { StorageFullError } from "./faults.ts";

/** A set, sealed to the branch. */
export interface Line {
  readonly device: string;
  readonly number: number;
  readonly sealed: string;
}

/** Device and number of a set. */
export type Answered = readonly [device: string, number: number];

/** What this needs of a `FileSystemSyncAccessHandle`. */
export interface SlotFile {
  getSize(): number;
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

const NEWLINE = 10;

export class Slots {
  #full: SlotFile;
  #empty: SlotFile;

  /** Take over both slots, and end what a battery that died left half done. */
  constructor(first: SlotFile, second: SlotFile) {
    const [one, other] = [linesOf(first), linesOf(second)];
    [this.#full, this.#empty] = one.length >= other.length ? [first, second] : [second, first];
    if (this.#empty.getSize() > 0) {
      const [most, fewest] = one.length >= other.length ? [one, other] : [other, one];
      const kept = new Set(most.map(text));
      const missing = fewest.map(text).filter((it) => !kept.has(it)); // none, unless a disk lies
      if (missing.length > 0) extend(this.#full, missing.join(""));
      empty(this.#empty);
    }
  }

  /** Add a line, through to the disk; where there is no room, nothing is added. */
  append(line: Line): void {
    extend(this.#full, text(line));
  }

  /** The last line of each set, in order. */
  lines(): Line[] {
    return [...new Map(linesOf(this.#full).map((it) => [key(it.device, it.number), it])).values()];
  }

  /** Keep only the lines whose sets have no answer yet. */
  drop(answered: readonly Answered[]): void {
    const gone = new Set(answered.map(([device, number]) => key(device, number)));
    const lines = this.lines();
    const kept = lines.filter((it) => !gone.has(key(it.device, it.number)));
    if (kept.length === lines.length) return;
    if (kept.length > 0) {
      extend(this.#empty, kept.map(text).join(""));
      [this.#full, this.#empty] = [this.#empty, this.#full];
      empty(this.#empty);
    } else {
      empty(this.#full);
    }
  }

  close(): void {
    this.#full.close();
    this.#empty.close();
  }
}

/** Write at the end, on a line of its own whatever lies torn before it. */
function extend(file: SlotFile, added: string): void {
  const size = file.getSize();
  const bytes = new TextEncoder().encode(isTorn(file, size) ? `\n${added}` : added);
  try {
    if (file.write(bytes, { at: size }) < bytes.length)
      throw new StorageFullError("the disk took part of a line");
    file.flush();
  } catch (error) {
    file.truncate(size);
    throw error;
  }
}

function empty(file: SlotFile): void {
  file.truncate(0);
  file.flush();
}

function isTorn(file: SlotFile, size: number): boolean {
  const last = new Uint8Array(1);
  return size > 0 && file.read(last, { at: size - 1 }) === 1 && last[0] !== NEWLINE;
}

/** The whole lines of a file; what is torn is passed over. */
function linesOf(file: SlotFile): Line[] {
  const bytes = new Uint8Array(file.getSize());
  file.read(bytes, { at: 0 });
  return new TextDecoder()
    .decode(bytes)
    .split("\n")
    .map(line)
    .filter((it) => it !== null);
}

function line(written: string): Line | null {
  try {
    const { device, number, sealed } = JSON.parse(written) as Partial<Line>;
    if (typeof device !== "string" || typeof number !== "number") return null;
    return typeof sealed === "string" ? { device, number, sealed } : null;
  } catch {
    return null;
  }
}

function text(of: Line): string {
  return `${JSON.stringify(of)}\n`;
}

function key(device: string, number: number): string {
  return `${device} ${number}`;
}
