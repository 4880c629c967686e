// Three-way merge of free text by whole sentences (protocol.md, section 4, "Text").
//
// By characters "不同意展期6个月" and "同意展期12个月" would become "不同意展期12个月": a sentence
// that nobody wrote, about a decision that nobody took. So a text is taken apart into pieces, both
// sides are laid against the base, and pieces stand or fall whole. White space between pieces belongs
// to no piece: it follows the side that changed it, and unchanged parts keep theirs byte by byte.

import { isEnded, lineBreaks, split } from "./pieces.ts";
import { Laid, NOTHING, type Run, Side } from "./sides.ts";

export { align } from "./alignment.ts";
export { type Piece, split } from "./pieces.ts";

export type Author = "both" | "mine" | "theirs";

/** Pieces in a row by one author, with their white space; "both": in both versions. */
export interface Block {
  readonly by: Author;
  readonly text: string;
}

/**
 * `server` and `device`, both made from `base`, in one text; of two insertions at one point the
 * server's, which is in the log already, comes first.
 *
 * Null is a conflict: a piece was changed on both sides, or changed on one and deleted on the other,
 * or something was put into the midst of what the other side changed.
 */
export function merge(base: string, server: string, device: string): string | null {
  const meeting = new Meeting(base, server, device);
  const spots: Spot[] = [];
  for (const part of meeting.parts()) {
    if (part.overlap) return null;
    spots.push(...part.spots);
  }
  return spots.length > 0 ? meeting.written(spots).join("") : meeting.lead;
}

/**
 * The two versions joined for display, in blocks by author.
 *
 * Where they merge, the blocks together are `merge(base, theirs, mine)`. Where they overlap, the
 * blocks hold both versions of the place, theirs first: a proposal to read and to mend, never to be
 * stored unread. What both or either deleted is in no block; a text without pieces has none.
 */
export function mergeView(base: string, mine: string, theirs: string): Block[] {
  const meeting = new Meeting(base, theirs, mine);
  const spots = [...meeting.parts()].flatMap((part) => part.spots);
  const texts = meeting.written(spots);
  const blocks: Block[] = [];
  spots.forEach((spot, at) => {
    const by = authorOf(spot);
    const text = texts[at] ?? "";
    const last = blocks.at(-1);
    if (last?.by === by) blocks[blocks.length - 1] = { by, text: last.text + text };
    else blocks.push({ by, text });
  });
  return blocks;
}

// ----------------------------------------------------------------------------------- the outcome

/** A piece of the outcome, and where it stands in each of the three texts (null: nowhere). */
interface Spot {
  readonly text: string;
  readonly base: number | null;
  readonly server: number | null;
  readonly device: number | null;
}

interface Part {
  readonly spots: readonly Spot[];
  /** The sides overlap in it. */
  readonly overlap: boolean;
}

function authorOf(spot: Spot): Author {
  if (spot.server === null) return "mine";
  return spot.device === null ? "theirs" : "both";
}

/** Two versions of one base, walked along the base from place to place. */
class Meeting {
  readonly lead: string;
  private readonly tail: string;
  private readonly base: Laid;
  private readonly server: Side;
  private readonly device: Side;

  constructor(base: string, server: string, device: string) {
    this.base = new Laid(base);
    this.server = new Side(server, this.base);
    this.device = new Side(device, this.base);
    this.lead = newer(this.base.lead, this.server.lead, this.device.lead);
    this.tail = newer(this.base.tail, this.server.tail, this.device.tail);
  }

  /** The outcome part by part. */
  *parts(): Generator<Part> {
    const { server, device } = this;
    for (let place = 0; ; ) {
      const put = this.joined(server.inserted(place), device.inserted(place));
      yield { spots: put, overlap: false };
      if (place === this.base.size) return;
      const stop = this.changeEnd(place);
      yield stop > 0 ? this.settled(place, stop) : { spots: [this.kept(place)], overlap: false };
      place = stop > 0 ? stop : place + 1;
    }
  }

  /** Where the changes that take a base piece end, with their overlaps; or 0. */
  private changeEnd(place: number): number {
    const endAt = (at: number) => Math.max(this.server.changeEnd(at), this.device.changeEnd(at));
    let stop = endAt(place);
    for (let at = place; at < stop; at += 1) stop = Math.max(stop, endAt(at));
    return stop;
  }

  private kept(place: number): Spot {
    return {
      text: this.base.texts[place] ?? "",
      base: place,
      server: this.server.standsAt(place),
      device: this.device.standsAt(place),
    };
  }

  /** Settle what was changed between `place` and `stop`; the same change stands once. */
  private settled(place: number, stop: number): Part {
    const server = this.server.version(place, stop);
    const device = this.device.version(place, stop);
    if (this.device.leaves(place, stop)) {
      return { spots: this.joined(server, NOTHING), overlap: false };
    }
    if (this.server.leaves(place, stop)) {
      return { spots: this.joined(NOTHING, device), overlap: false };
    }
    if (!this.server.adds(place, stop) && !this.device.adds(place, stop)) {
      return { spots: [], overlap: false }; // every piece here was deleted by one side or by both
    }
    const spots = this.joined(server, device);
    return { spots, overlap: spots.some((it) => authorOf(it) !== "both") };
  }

  /** The pieces of both, the server's first; a shared beginning and end stand once. */
  private joined(server: Run, device: Run): Spot[] {
    const one = this.server.texts.slice(server.start, server.stop);
    const other = this.device.texts.slice(device.start, device.stop);
    const head = alike(one, other);
    const tail = alike(one.slice(head).reverse(), other.slice(head).reverse());
    const middle = one.length - tail;
    const ending = other.length - tail;
    const theirs = one.map((text, at): Spot => {
      const shared = at < head ? at : at < middle ? null : at - middle + ending;
      const twin = shared === null ? null : device.start + shared;
      return { text, base: null, server: server.start + at, device: twin };
    });
    const mine = other.slice(head, ending).map((text, at): Spot => {
      return { text, base: null, server: null, device: device.start + head + at };
    });
    return [...theirs.slice(0, middle), ...mine, ...theirs.slice(middle)];
  }

  /** Each piece with the white space after it, the first also with that before it. */
  written(spots: readonly Spot[]): string[] {
    return spots.map((spot, at) => {
      const next = spots[at + 1];
      const gap = next === undefined ? this.tail : this.gap(spot, next);
      return (at === 0 ? this.lead : "") + spot.text + gap;
    });
  }

  /** The white space between two pieces that follow each other in the outcome. */
  private gap(first: Spot, second: Spot): string {
    const server = this.server.between(first.server, second.server);
    const device = this.device.between(first.device, second.device);
    if (server !== null && device !== null) {
      return newer(this.base.between(first.base, second.base), server, device);
    }
    return server ?? device ?? this.seam(first, second);
  }

  /**
   * The white space where pieces meet that stand side by side in neither version.
   *
   * It is what either had after the first or before the second, most line breaks first. Two pieces
   * must not run into one sentence: without an end mark between them a line break is put in, and a
   * space where the mark needs white space behind it ("Good." and "Bad.").
   */
  private seam(first: Spot, second: Spot): string {
    const gaps = [
      ...this.stands(first).map(([side, at]) => side.after(at)),
      ...this.stands(second).map(([side, at]) => side.before(at)),
    ];
    const gap = gaps.reduce((best, it) => (isWider(it, best) ? it : best));
    if (lineBreaks(gap) === 0 && !isEnded(first.text)) return "\n";
    const glued = split(first.text + gap + second.text);
    const apart = glued.length === 2 && glued[0]?.text === first.text;
    return apart && glued[1]?.text === second.text ? gap : " ";
  }

  private stands(spot: Spot): [Side, number][] {
    const found: [Side, number][] = [];
    if (spot.server !== null) found.push([this.server, spot.server]);
    if (spot.device !== null) found.push([this.device, spot.device]);
    return found;
  }
}

function isWider(gap: string, other: string): boolean {
  const more = lineBreaks(gap) - lineBreaks(other);
  return more > 0 || (more === 0 && gap.length > other.length);
}

/** The white space of the side that changed it; the server's where both did. */
function newer(base: string | null, server: string, device: string): string {
  return server === base ? device : server;
}

/** With how many pieces both begin. */
function alike(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((text, at) => text !== other[at]);
  return differs < 0 ? one.length : differs;
}
