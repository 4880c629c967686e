// A list whose rows differ in height: its beginning is drawn, and more as its reader comes near the end.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Growing<Element extends HTMLElement> {
  /** How many rows to draw. */
  readonly drawn: number;
  /** Goes on what stands below the last row that is drawn. */
  readonly end: RefObject<Element | null>;
}

/** Draw `step` rows of `count`, and as many more each time fewer than two screens are left below. */
export function useGrowing<Element extends HTMLElement>(
  count: number,
  step: number,
): Growing<Element> {
  const end = useRef<Element>(null);
  const [drawn, setDrawn] = useState(step);
  useEffect(() => {
    if (drawn >= count) return;
    const look = () => {
      const top = end.current?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
      if (top < 3 * window.innerHeight) setDrawn((most) => most + step);
    };
    // both the page and a pane can be what scrolls; scroll events do not bubble, so they are captured
    document.addEventListener("scroll", look, { capture: true, passive: true });
    window.addEventListener("resize", look);
    look();
    return () => {
      document.removeEventListener("scroll", look, { capture: true });
      window.removeEventListener("resize", look);
    };
  }, [drawn, count, step]);
  return { drawn, end };
}
