import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { MARGIN, rowToFocus, type Span, spanOf } from "./window.ts";

interface WindowedListProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Every row has this height, in rem: it grows with the text size. */
  readonly rowRem: number;
  readonly children: (row: T) => ComponentChildren;
}

/**
 * A list of which only the rows in view (and some around) are drawn: thousands scroll on a slow tablet.
 *
 * A screen reader hears where a row stands ("12 of 5000"). Tab goes from row to row; the arrow keys,
 * Page, Home and End move the focus as far as the list reaches. The focused row is never taken away.
 */
export function WindowedList<T>(props: WindowedListProps<T>) {
  const { rows, rowRem } = props;
  const list = useRef<HTMLUListElement>(null);
  const wanted = useRef<number | null>(null);
  const [span, setSpan] = useState<Span>({ from: 0, to: 20 });
  const [focused, setFocused] = useState<number | null>(null);

  const measure = () => {
    const box = list.current;
    if (box === null) return;
    const next = spanOf(
      box.getBoundingClientRect().top,
      window.innerHeight,
      pixels(rowRem),
      rows.length,
    );
    setSpan((old) => (old.from === next.from && old.to === next.to ? old : next));
  };

  useEffect(() => {
    let frame = 0;
    const later = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    };
    // both the page and a pane can be what scrolls; scroll events do not bubble, so they are captured
    document.addEventListener("scroll", later, { capture: true, passive: true });
    window.addEventListener("resize", later);
    measure();
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener("scroll", later, { capture: true });
      window.removeEventListener("resize", later);
    };
  }, [rows, rowRem]);

  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-at="${wanted.current}"] a`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  });

  // a row that is drawn already is the same node again: scrolling makes only the rows that come in
  const made = useMemo(() => new Map<number, VNode>(), [rows, rowRem, props.children]);
  const draw = (at: number): VNode | null => {
    const row = rows[at];
    if (row === undefined) return null;
    const node = made.get(at) ?? (
      <li
        key={props.keyOf(row)}
        data-at={at}
        aria-setsize={rows.length}
        aria-posinset={at + 1}
        style={{ top: `${at * rowRem}rem`, height: `${rowRem}rem` }}
      >
        {props.children(row)}
      </li>
    );
    made.set(at, node);
    return node;
  };
  return (
    <ul
      ref={list}
      class="list windowed"
      aria-label={props.label}
      style={{ height: `${rows.length * rowRem}rem` }}
      onFocusIn={(event) => setFocused(rowOf(event.target))}
      onFocusOut={() => setFocused(null)}
      onKeyDown={(event) => {
        const at = rowOf(event.target);
        const page = Math.max(1, span.to - span.from - 2 * MARGIN);
        const next = at === null ? null : rowToFocus(event.key, at, rows.length, page);
        if (next === null) return;
        event.preventDefault();
        wanted.current = next;
        setFocused(next);
      }}
    >
      {indices(span, focused, rows.length).map(draw)}
    </ul>
  );
}

function pixels(rem: number): number {
  return rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-at]") : null;
  return row === null ? null : Number(row.dataset.at);
}

function indices(span: Span, focused: number | null, count: number): number[] {
  const found: number[] = [];
  for (let at = span.from; at < Math.min(span.to, count); at++) found.push(at);
  if (focused !== null && focused < span.from) found.unshift(focused);
  if (focused !== null && focused >= span.to && focused < count) found.push(focused);
  return found;
}
