// Free text is merged by whole sentences: no word lost, no sentence invented. The vectors are those
// that the server passes.

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { align, type Block, merge, mergeView, split } from "./text.ts";

interface Split {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly pieces: string[];
}

interface Merge {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly server: string;
  readonly device: string;
  readonly expected: string | null;
  readonly view?: Block[];
}

function vectorsOf<Case>(name: string): Case[] {
  const file = new URL(`../../../../tests/vectors/${name}.json`, import.meta.url);
  const { count, vectors } = JSON.parse(readFileSync(file, "utf8")) as {
    count: number;
    vectors: Case[];
  };
  expect(vectors).toHaveLength(count);
  return vectors;
}

const SPLITS = vectorsOf<Split>("sentence-split");
const MERGES = vectorsOf<Merge>("text-merge");

// ------------------------------------------------------------------------------------- splitting

describe("text splits into lines and sentences", () => {
  it.each(SPLITS)("$id: $name", ({ text, pieces }) => {
    const found = split(text);

    expect(found.map((one) => one.text)).toEqual(pieces);
    for (const one of found) expect(text.startsWith(one.text, one.start)).toBe(true);
    for (const one of pieces) expect(split(one)).toEqual([{ text: one, start: 0 }]);
  });
});

test("what JavaScript alone, or Python alone, calls white space belongs to a piece", () => {
  const [onlyHere, onlyThere] = ["\ufeff甲.\ufeff乙", "\x1c甲.\x1f乙"];

  expect(split(onlyHere).map((one) => one.text)).toEqual([onlyHere]);
  expect(split(onlyThere).map((one) => one.text)).toEqual([onlyThere]);
});

// -------------------------------------------------------------------------------------- aligning

/** The longest alignment, earliest first, by the plain table: an oracle that shares no code. */
function plainAlignment(base: string, side: string): [number, number][] {
  const lengths = Array.from({ length: base.length + 1 }, () =>
    new Array<number>(side.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = base.length - 1; i >= 0; i -= 1) {
    for (let j = side.length - 1; j >= 0; j -= 1) {
      const best =
        base[i] === side[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      lengths[i]?.splice(j, 1, best);
    }
  }
  const found: [number, number][] = [];
  let start = 0;
  for (let i = 0; i < base.length; i += 1) {
    for (let j = start; j < side.length; j += 1) {
      if (base[i] !== side[j] || at(i + 1, j + 1) + 1 !== at(i, start)) continue;
      found.push([i, j]);
      start = j + 1;
      break;
    }
  }
  return found;
}

function wordsUpTo(length: number): string[] {
  if (length === 0) return [""];
  const shorter = wordsUpTo(length - 1);
  const longest = shorter.filter((one) => one.length === length - 1);
  return [...shorter, ...longest.flatMap((one) => ["a", "b", "c"].map((more) => one + more))];
}

test("all short lists are aligned by their longest common subsequence, earliest first", () => {
  const words = wordsUpTo(4);
  const wrong = words.flatMap((base) =>
    words
      .filter((side) => String(align([...base], [...side])) !== String(plainAlignment(base, side)))
      .map((side) => [base, side]),
  );

  expect(wrong).toEqual([]);
});

test.each([31, 32, 33, 63, 64, 65, 100])("lists of %i are aligned like short ones", (length) => {
  let seed = length;
  const word = (size: number) =>
    Array.from({ length: size }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return "abcd".charAt(seed >>> 30);
    }).join("");
  for (let round = 0; round < 20; round += 1) {
    const [base, side] = [word(90), word(length)];
    expect(align([...base], [...side])).toEqual(plainAlignment(base, side));
  }
});

// --------------------------------------------------------------------------------------- merging

describe("two edits of one text merge or conflict", () => {
  it.each(MERGES)("$id: $name", ({ base, server, device, expected }) => {
    expect(merge(base, server, device)).toBe(expected);
  });
});

describe("a conflict does not depend on who syncs first", () => {
  it.each(MERGES)("$id: $name", ({ base, server, device, expected }) => {
    expect(merge(base, device, server) === null).toBe(expected === null);
  });
});

test.each(MERGES)("an unchanged side gives the other: $id", ({ base, server, device }) => {
  expect(merge(base, server, base)).toBe(server);
  expect(merge(base, base, device)).toBe(device);
  expect(merge(base, device, device)).toBe(device);
});

test.each(["甲。", "a\n", "。x", "。\n", '"。', ".x", "x "])(
  "texts of the greatest length merge: %j",
  (unit) => {
    const base = unit.repeat(4000).slice(0, 4000);
    const server = `子。${base.slice(2, 3998)}丑。`;
    const device = `${base.slice(7)}\n寅。`;

    expect(merge(base, base, device)).toBe(device);
    expect(mergeView(base, device, server).length).toBeGreaterThan(0);
  },
);

// ------------------------------------------------------------------------------------ for people

describe("a screen shows who added what", () => {
  it.each(MERGES.filter((one) => one.view))("$id: $name", ({ base, server, device, view }) => {
    expect(mergeView(base, device, server)).toEqual(view);
  });
});

test.each(MERGES)("the blocks together are the merged text: $id", (one) => {
  const blocks = mergeView(one.base, one.device, one.server);
  const authors = blocks.map((block) => block.by);

  if (one.expected !== null) expect(blocks.map((block) => block.text).join("")).toBe(one.expected);
  expect(authors.some((by, at) => by === authors[at + 1])).toBe(false);
});
