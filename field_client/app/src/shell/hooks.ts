// How a screen follows what changes below it.

import { useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";
import { DamagedError } from "../store/faults.ts";
import type { Officer } from "./officer.ts";

interface Changing {
  subscribe(listener: () => void): () => void;
}

/** Draw again whenever something changes; nothing may change unseen between drawing and listening. */
export function useChanges(changing: Changing): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => changing.subscribe(() => draw(undefined)), [changing]);
}

/** What `load` reads, read again whenever the book or one of `given` changes; null until then. */
export function useRead<T>(
  officer: Officer,
  load: () => Promise<T>,
  given: readonly unknown[],
): T | null {
  const [read, setRead] = useState<{ given: readonly unknown[]; value: T } | null>(null);
  const { version } = officer.book;
  useEffect(() => {
    let current = true;
    void load()
      .then((value) => current && setRead({ given, value }))
      .catch((error: unknown) => {
        // Where the store was closed, or has no room, what was read stays on the screen.
        if (error instanceof DamagedError) officer.foundDamaged();
      });
    return () => {
      current = false;
    };
  }, [officer, version, ...given]);
  // What was read for another customer is not shown for this one.
  const same = read?.given.every((it, at) => it === given[at]) ?? false;
  return same && read !== null ? read.value : null;
}

/** The time, told again every half minute: ages grow by themselves. */
export function useNow(now: () => Date): number {
  const [told, tell] = useState(() => now().getTime());
  useEffect(() => {
    const timer = setInterval(() => tell(now().getTime()), 30_000);
    return () => clearInterval(timer);
  }, [now]);
  return told;
}
