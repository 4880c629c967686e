// A wait that is counted down while one looks at it.

import { useEffect, useState } from "preact/hooks";

/** Seconds left until a moment; 0 once it has come. `now` is when the screen was drawn. */
export function useSecondsLeft(until: number | null, now: number): number {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    if (until === null || until <= now) return;
    // measured from the drawing, so that a clock that is set meanwhile does not shorten the wait
    const start = performance.now();
    const timer = setInterval(() => setPassed(performance.now() - start), 250);
    return () => clearInterval(timer);
  }, [until, now]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now - passed) / 1000));
}
