// Two lists laid side by side by their longest common subsequence.

/** What a list says about one of the texts in it. */
interface Places {
  /** Where it stands, in order. */
  readonly at: number[];
  /** The same as a row of bits, the last place of the list lowest. */
  readonly bits: Uint32Array;
}

/**
 * The pairs (base, side) of the longest common subsequence, earliest match first.
 *
 * Of all the longest it is the one whose first match lies earliest in the base, then in the side,
 * then the same of the second match, and so on.
 *
 * Source: protocol.md, section 4, "Text".
 */
export function align(base: readonly string[], side: readonly string[]): [number, number][] {
  const places = placesOf(side);
  const length = commonLengths(base, side.length, places);
  const found: [number, number][] = [];
  let start = 0;
  base.forEach((text, index) => {
    const here = firstFrom(places.get(text)?.at ?? [], start);
    if (here === null || length(index + 1, here + 1) + 1 !== length(index, start)) return;
    found.push([index, here]);
    start = here + 1;
  });
  return found;
}

function placesOf(side: readonly string[]): Map<string, Places> {
  const width = side.length;
  const places = new Map<string, Places>();
  side.forEach((text, index) => {
    const known = places.get(text) ?? { at: [], bits: new Uint32Array(wordsFor(width)) };
    const bit = width - 1 - index;
    known.at.push(index);
    known.bits[bit >>> 5] = (known.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    places.set(text, known);
  });
  return places;
}

/**
 * length(i, j): how many pieces base[i:] and side[j:] have in common, in order.
 *
 * Bit-parallel, a row of the usual table as one long integer: Hyyrö, Bit-parallel LCS-length
 * computation revisited (2004). Words of 32 bits instead of a BigInt: 2,000 pieces a side take
 * milliseconds, and a short note next to nothing. Bits above the width hold rubbish; nothing reads
 * them, and a carry only goes up.
 */
function commonLengths(
  base: readonly string[],
  width: number,
  places: ReadonlyMap<string, Places>,
): (i: number, j: number) => number {
  const words = wordsFor(width);
  const rows = new Uint32Array((base.length + 1) * words).fill(~0, 0, words);
  const none = new Uint32Array(words);
  for (let below = 0; below < base.length; below += 1) {
    const bits = places.get(base[base.length - 1 - below] ?? "")?.bits ?? none;
    let carry = 0;
    for (let word = 0; word < words; word += 1) {
      const row = rows[below * words + word] ?? 0;
      const hits = row & (bits[word] ?? 0);
      const sum = row + (hits >>> 0) + carry;
      carry = sum > 0xffff_ffff ? 1 : 0;
      rows[(below + 1) * words + word] = sum | (row & ~hits);
    }
  }

  return (i, j) => {
    const first = (base.length - i) * words;
    const left = width - j;
    const whole = left >>> 5;
    let zeros = left;
    for (let word = 0; word < whole; word += 1) zeros -= ones(rows[first + word] ?? 0);
    const rest = left & 31;
    return rest === 0 ? zeros : zeros - ones((rows[first + whole] ?? 0) & ((1 << rest) - 1));
  };
}

function wordsFor(width: number): number {
  return (width + 31) >>> 5;
}

/** How many bits of a word are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The first of sorted places that is not before `start`, or null. */
function firstFrom(sorted: readonly number[], start: number): number | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return sorted[low] ?? null;
}
