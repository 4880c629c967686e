// The hybrid logical clock: state in, wall time in, new state out (protocol.md, section 3).
//
// Kulkarni, Demirbas, Madappa, Avva, Leone: Logical Physical Clocks (2014), figure 5, with the full
// receive rule. Stamps only break the ties that a policy gives to time; nothing here may fail
// because a clock is wrong, so every result is held within what a stamp can say.

/** A stamp; orders writes, and is never shown to people as a time. Milliseconds are whole. */
export interface Hlc {
  readonly millis: number;
  readonly counter: number;
  readonly device: string;
}

const MAX_MILLIS = 0xffff_ffff_ffff;
const MAX_COUNTER = 0xffff;

// A device is named by its UUID; any short word of lower-case letters, digits and inner hyphens is
// accepted in its place.
const WRITTEN = /^([0-9a-f]{12})-([0-9a-f]{4})-([0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?)$/;

/** The stamp written as `<12 hex digits>-<4 hex digits>-<device id>`; null for anything else. */
export function parse(text: unknown): Hlc | null {
  const found = typeof text === "string" ? WRITTEN.exec(text) : null;
  if (found === null) return null;
  const [, millis = "", counter = "", device = ""] = found;
  return { millis: Number.parseInt(millis, 16), counter: Number.parseInt(counter, 16), device };
}

/** The written form; stamps sort alike as values and as text. */
export function format({ millis, counter, device }: Hlc): string {
  return `${hex(millis, 12)}-${hex(counter, 4)}-${device}`;
}

/** Below zero where the first stamp is the earlier one, above where it is the later, else zero. */
export function compare(first: Hlc, second: Hlc): number {
  if (first.millis !== second.millis) return first.millis - second.millis;
  if (first.counter !== second.counter) return first.counter - second.counter;
  if (first.device === second.device) return 0;
  return first.device < second.device ? -1 : 1;
}

/**
 * The stamp of a moment; a full counter carries into the milliseconds.
 *
 * Before 1970 it is the first stamp of all, after the year 10889 the last.
 */
export function stampAt(millis: number, device: string, counter = 0): Hlc {
  if (millis < 0) return { millis: 0, counter: 0, device };
  const carried = millis + Math.floor(counter / (MAX_COUNTER + 1));
  if (carried > MAX_MILLIS) return { millis: MAX_MILLIS, counter: MAX_COUNTER, device };
  return { millis: carried, counter: counter % (MAX_COUNTER + 1), device };
}

/** The stamp of a local event: later than `last` even where the wall clock went back. */
export function tick(last: Hlc, nowMs: number): Hlc {
  if (nowMs > last.millis) return stampAt(nowMs, last.device);
  return stampAt(last.millis, last.device, last.counter + 1);
}

/** The stamp of hearing of `remote`: later than `last` and `remote`, not before now. */
export function receive(last: Hlc, remote: Hlc, nowMs: number): Hlc {
  const { device } = last;
  if (nowMs > Math.max(last.millis, remote.millis)) return stampAt(nowMs, device);
  const later = compare({ ...remote, device }, last) > 0 ? remote : last;
  return stampAt(later.millis, device, later.counter + 1);
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
