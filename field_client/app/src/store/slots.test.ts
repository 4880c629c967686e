import { describe, expect, it } from "vitest";
import { StorageFullError } from "./faults.ts";
import { type Answered, type Line, type SlotFile, Slots } from "./slots.ts";

/** The battery is dead: whatever was going to happen does not. */
class Dead extends Error {}

/** A disk that counts down to its end, and loses what was not flushed, whole or in part. */
class Disk {
  readonly files = [new DiskFile(this), new DiskFile(this)] as const;
  left = Number.POSITIVE_INFINITY;
  room = Number.POSITIVE_INFINITY;

  step(): void {
    if (this.left === 0) throw new Dead();
    this.left -= 1;
  }

  open(): Slots {
    return new Slots(...this.files);
  }

  /** Come back after the power did; `kept` says how much each file still has of what was not flushed. */
  restarted(kept: readonly [number, number]): Disk {
    const fresh = new Disk();
    fresh.files.forEach((file, at) => {
      file.bytes = file.flushed = this.files[at === 0 ? 0 : 1].remains(kept[at === 0 ? 0 : 1]);
    });
    return fresh;
  }
}

class DiskFile implements SlotFile {
  readonly #disk: Disk;
  bytes = new Uint8Array(0);
  flushed = new Uint8Array(0);

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  getSize(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array, { at }: { at: number }): number {
    const found = this.bytes.subarray(at, at + into.length);
    into.set(found);
    return found.length;
  }

  write(bytes: Uint8Array, { at }: { at: number }): number {
    this.#disk.step();
    const length = Math.min(bytes.length, Math.max(0, this.#disk.room - at));
    const grown = new Uint8Array(Math.max(this.bytes.length, at + length));
    grown.set(this.bytes);
    grown.set(bytes.subarray(0, length), at);
    this.bytes = grown;
    return length;
  }

  truncate(size: number): void {
    this.#disk.step();
    this.bytes = this.bytes.slice(0, size);
  }

  flush(): void {
    this.#disk.step();
    this.flushed = this.bytes;
  }

  close(): void {}

  /** What the disk has of this file: as flushed (0), as written (1), or torn between. */
  remains(kept: number): Uint8Array<ArrayBuffer> {
    const [short, long] = [this.flushed, this.bytes].sort((a, b) => a.length - b.length);
    if (!short || !long || kept === 0) return this.flushed;
    if (kept === 1) return this.bytes;
    return long.slice(0, short.length + Math.floor((long.length - short.length) * kept));
  }

  text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}

const line = (number: number, sealed = `set ${number}`): Line => ({
  device: "tablet",
  number,
  sealed,
});
const answered = (...numbers: readonly number[]): Answered[] =>
  numbers.map((it) => ["tablet", it] as const);
const numbers = (slots: Slots): number[] => slots.lines().map((it) => it.number);

describe("the lines of a journal", () => {
  it("are there again when it is opened anew, in order", () => {
    const disk = new Disk();
    const slots = disk.open();
    for (const number of [1, 2, 3]) slots.append(line(number));

    expect(disk.restarted([0, 0]).open().lines()).toEqual([line(1), line(2), line(3)]);
  });

  it("are told apart by device and number; of two, the last counts", () => {
    const slots = new Disk().open();
    const other = { ...line(1), device: "old tablet" };
    for (const it of [line(1, "rolled back"), other, line(1, "kept")]) slots.append(it);

    expect(slots.lines()).toEqual([line(1, "kept"), other]);
  });

  it("are passed over where they are torn, and the next is not", () => {
    const disk = new Disk();
    disk.open().append(line(1));
    disk.files[0].write(new TextEncoder().encode('{"device":"tablet","num'), {
      at: disk.files[0].getSize(),
    });

    const slots = disk.open();
    expect(numbers(slots)).toEqual([1]);
    slots.append(line(2));
    expect(numbers(slots)).toEqual([1, 2]);
    expect(numbers(disk.open())).toEqual([1, 2]);
  });

  it.each(["\0\0\0", "null", "7", '{"device":"tablet","number":"1","sealed":"x"}'])(
    "are none in a file of %j",
    (written) => {
      const disk = new Disk();
      disk.files[0].write(new TextEncoder().encode(written), { at: 0 });

      expect(disk.open().lines()).toEqual([]);
    },
  );
});

describe("dropping what has its results", () => {
  it("leaves the rest", () => {
    const disk = new Disk();
    const slots = disk.open();
    for (const number of [1, 2, 3]) slots.append(line(number));

    slots.drop(answered(1, 3, 9));
    slots.append(line(4));

    expect(numbers(slots)).toEqual([2, 4]);
    expect(numbers(disk.restarted([0, 0]).open())).toEqual([2, 4]);
  });

  it("leaves no bytes where nothing waits", () => {
    const disk = new Disk();
    const slots = disk.open();
    slots.append(line(1));

    slots.drop(answered(1));

    expect(disk.files.map((it) => it.getSize())).toEqual([0, 0]);
  });

  it("writes nothing where there is nothing to drop", () => {
    const disk = new Disk();
    const slots = disk.open();
    slots.append(line(1));
    disk.left = 0;

    slots.drop(answered(2));

    expect(numbers(slots)).toEqual([1]);
  });

  it("goes to and fro between the slots", () => {
    const slots = new Disk().open();
    for (let number = 1; number <= 20; number += 1) {
      slots.append(line(number));
      if (number > 2) slots.drop(answered(number - 2));
    }

    expect(numbers(slots)).toEqual([19, 20]);
  });
});

describe("a journal with lines in both slots", () => {
  function opened(one: readonly Line[], other: readonly Line[]): { disk: Disk; slots: Slots } {
    const disk = new Disk();
    [one, other].forEach((lines, at) => {
      const text = lines.map((it) => `${JSON.stringify(it)}\n`).join("");
      disk.files[at === 0 ? 0 : 1].write(new TextEncoder().encode(text), { at: 0 });
    });
    return { disk, slots: disk.open() };
  }

  it("goes on from before the drop that was cut short", () => {
    const { disk, slots } = opened([line(2)], [line(1), line(2), line(3)]);

    expect(numbers(slots)).toEqual([1, 2, 3]);
    expect(disk.files[0].getSize()).toBe(0);
  });

  it("keeps them all, however they came to be there", () => {
    const { slots } = opened([line(1), line(2)], [line(3)]);

    expect(numbers(slots)).toEqual([1, 2, 3]);
  });
});

describe("a full disk", () => {
  it("takes a line whole or not at all", () => {
    const disk = new Disk();
    const slots = disk.open();
    slots.append(line(1));
    disk.room = disk.files[0].getSize() + 10;

    expect(() => slots.append(line(2))).toThrow(StorageFullError);
    disk.room = Number.POSITIVE_INFINITY;
    slots.append(line(3));

    expect(numbers(slots)).toEqual([1, 3]);
    expect(disk.files[0].text().split("\n")).toHaveLength(3);
  });

  it("drops nothing that waits", () => {
    const disk = new Disk();
    const slots = disk.open();
    for (const number of [1, 2]) slots.append(line(number));
    disk.room = 10;

    expect(() => slots.drop(answered(1))).toThrow(StorageFullError);

    expect(numbers(slots)).toEqual([1, 2]);
    expect(numbers(disk.restarted([0, 0]).open())).toEqual([1, 2]);
  });
});

describe("a battery that dies", () => {
  const KEPT = [0, 0.3, 0.8, 1];
  const deaths = KEPT.flatMap((one) => KEPT.map((other) => [one, other] as const));

  /** A day: sets are saved, some are answered, a number is used again after a rollback. */
  const DAY: readonly (Line | readonly number[])[] = [
    line(1),
    line(2, "rolled back"),
    line(2, "kept"),
    [1],
    line(3),
    [3],
    line(4),
    [2, 4],
    line(5),
  ];

  it.each(deaths)(
    "loses no line that was answered for (%d and %d of the files kept)",
    (...kept) => {
      for (let at = 0; at < 40; at += 1) {
        const disk = new Disk();
        disk.left = at;
        const owed = until(disk);

        // It may die again while it recovers, and be left with other halves.
        const again = disk.restarted(kept);
        again.left = at % 3;
        alive(() => again.open());
        const slots = again.restarted([kept[1], kept[0]]).open();
        slots.append(line(9));

        const found = new Map(slots.lines().map((it) => [it.number, it.sealed]));
        expect(found.get(9)).toBe("set 9");
        for (const [number, sealed] of owed) {
          expect(sealed, `set ${number}, dead at step ${at}`).toContain(found.get(number));
        }
      }
    },
  );

  /** Live until the battery dies; say what must be in the journal then, and in which form. */
  function until(disk: Disk): Map<number, string[]> {
    const owed = new Map<number, string[]>();
    alive(() => {
      const slots = disk.open();
      for (const step of DAY) {
        if ("sealed" in step) {
          owed.get(step.number)?.push(step.sealed);
          slots.append(step);
          owed.set(step.number, [step.sealed]);
        } else {
          for (const number of step) owed.delete(number);
          slots.drop(answered(...step));
        }
      }
    });
    return owed;
  }

  function alive(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Dead)) throw error;
    }
  }
});
