// What a wrong PIN costs: the same waits as on the Python field client.

/** How often a wrong PIN was entered in a row, and when (ms, the tablet's clock) the next may be tried. */
export interface Misses {
  readonly misses: number;
  readonly notBefore: number | null;
}

export const NO_MISSES: Misses = { misses: 0, notBefore: null };
/** After so many the key is gone. */
export const MOST_MISSES = 10;
/** Seconds to wait after the first, second, … wrong PIN in a row. */
export const WAITS_S: readonly number[] = [0, 0, 0, 30, 60, 120, 300, 600, 1800];

/** Seconds to wait after so many wrong PINs. */
export function waitSeconds(misses: number): number {
  return WAITS_S[Math.min(misses, WAITS_S.length) - 1] ?? 0;
}

/** Count one more. */
export function missed(held: Misses, nowMs: number): Misses {
  const misses = held.misses + 1;
  return { misses, notBefore: nowMs + waitSeconds(misses) * 1000 };
}

/**
 * Begin a wait anew where the clock was put back during it: so it is never shorter than it should be,
 * and yet ends. (A clock put forward cannot be told from time that passed; ten tries are ten tries.)
 */
export function rearmed(held: Misses, nowMs: number): Misses {
  const latest = nowMs + waitSeconds(held.misses) * 1000;
  return held.notBefore !== null && held.notBefore > latest
    ? { misses: held.misses, notBefore: latest }
    : held;
}

/** Seconds until the next PIN may be tried; 0 where it may be now. */
export function secondsLeft(held: Misses, nowMs: number): number {
  const { notBefore } = rearmed(held, nowMs);
  return notBefore === null ? 0 : Math.max(0, Math.ceil((notBefore - nowMs) / 1000));
}
