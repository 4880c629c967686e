// Chance that comes out the same at every run: what a property fails on can be found again.

/** Draws whole numbers from *least* to *most*. */
export type Draw = (least: number, most: number) => number;

/** Marsaglia's xorshift over 32 bits; *seed* must not be 0. */
export function seeded(seed: number): Draw {
  let state = seed;
  return (least, most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return least + ((state >>> 0) % (most - least + 1));
  };
}

export function shuffled<Row>(rows: readonly Row[], draw: Draw): Row[] {
  return rows
    .map((row) => [draw(0, 1_000_000_000), row] as const)
    .sort(([one], [other]) => one - other)
    .map(([, row]) => row);
}
