// The three texts of a merge: each in pieces, and the two sides laid against the base.

import { align } from "./alignment.ts";
import { split } from "./pieces.ts";

/** A text with its pieces and the white space around them. */
export class Laid {
  readonly texts: readonly string[];
  readonly tail: string;
  /** The white space before each piece, and at the end that after the last. */
  private readonly gaps: readonly string[];

  constructor(source: string) {
    const pieces = split(source);
    const gaps: string[] = [];
    let stop = 0;
    for (const { text, start } of pieces) {
      gaps.push(source.slice(stop, start));
      stop = start + text.length;
    }
    this.texts = pieces.map((it) => it.text);
    this.gaps = [...gaps, source.slice(stop)];
    this.tail = pieces.length > 0 ? source.slice(stop) : "";
  }

  get size(): number {
    return this.texts.length;
  }

  /** The white space before the first piece: the whole text where there is none. */
  get lead(): string {
    return this.before(0);
  }

  before(index: number): string {
    return this.gaps[index] ?? "";
  }

  after(index: number): string {
    return this.gaps[index + 1] ?? "";
  }

  /** The white space between two pieces, null unless they stand side by side here. */
  between(first: number | null, second: number | null): string | null {
    return first !== null && second === first + 1 ? this.before(second) : null;
  }
}

/** Pieces in a row: from `start` up to and without `stop`. */
export interface Run {
  readonly start: number;
  readonly stop: number;
}

export const NOTHING: Run = { start: 0, stop: 0 };

/**
 * One side's text laid against the base: where each place between base pieces is here.
 *
 * What lies between two matches is one change. `opens[p]` to `goesOn[p]` are the pieces inserted at
 * place p; `until[p]` is the place where the change ends that took base piece p, 0 where it was kept.
 */
export class Side extends Laid {
  private readonly opens: number[];
  private readonly goesOn: number[];
  private readonly until: number[];

  constructor(source: string, base: Laid) {
    super(source);
    const zeros = (): number[] => new Array(base.size + 1).fill(0);
    this.opens = zeros();
    this.goesOn = zeros();
    this.until = zeros();
    let place = 0;
    let start = 0;
    const matches: [number, number][] = [...align(base.texts, this.texts), [base.size, this.size]];
    for (const [index, here] of matches) {
      this.opens[place] = start;
      this.goesOn[place] = start;
      this.goesOn[index] = here;
      if (index > place) {
        this.opens[index] = here;
        this.until.fill(index, place, index);
      }
      place = index + 1;
      start = here + 1;
    }
  }

  /** The pieces that this side put in at a place. */
  inserted(place: number): Run {
    return { start: this.opens[place] ?? 0, stop: this.goesOn[place] ?? 0 };
  }

  /** The pieces that stand here for the base pieces from `place` up to `stop`. */
  version(place: number, stop: number): Run {
    return { start: this.goesOn[place] ?? 0, stop: this.opens[stop] ?? 0 };
  }

  /** Where a base piece stands here that this side kept. */
  standsAt(place: number): number {
    return this.goesOn[place] ?? 0;
  }

  changeEnd(place: number): number {
    return this.until[place] ?? 0;
  }

  /** Whether this side wrote anything between `place` and `stop`. */
  adds(place: number, stop: number): boolean {
    const { start, stop: end } = this.version(place, stop);
    const kept = this.until.slice(place, stop).filter((it) => it === 0);
    return end - start > kept.length;
  }

  /** Whether the base pieces from `place` up to `stop` stand here as they were. */
  leaves(place: number, stop: number): boolean {
    return this.until.slice(place, stop).every((it) => it === 0) && !this.adds(place, stop);
  }
}
