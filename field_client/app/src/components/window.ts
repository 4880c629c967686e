// Which rows of a long list are drawn, and where the keys lead.

/** Rows drawn above and below those in view. */
export const MARGIN = 8;

const STEP = 4;

export interface Span {
  readonly from: number;
  /** The first that is not drawn any more. */
  readonly to: number;
}

/** The rows to draw of a list whose upper edge stands at `top` in a view of that height, in pixels. */
export function spanOf(top: number, height: number, row: number, count: number): Span {
  const first = inSteps(Math.floor(-top / row)) - MARGIN;
  const last = inSteps(Math.ceil((height - top) / row)) + MARGIN + STEP;
  const from = Math.min(Math.max(0, first), count);
  return { from, to: Math.max(from, Math.min(count, last)) };
}

/** Rows come in several at a time, so that not every row that passes is a drawing of its own. */
function inSteps(row: number): number {
  return Math.floor(row / STEP) * STEP;
}

/** The row to which a key leads; null: the key is not for the list, or there is no further row. */
export function rowToFocus(key: string, at: number, count: number, page: number): number | null {
  const next = target(key, at, count, page);
  if (next === null || count === 0) return null;
  const held = Math.min(count - 1, Math.max(0, next));
  return held === at ? null : held;
}

function target(key: string, at: number, count: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
