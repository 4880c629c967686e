import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface CardProps {
  readonly title?: ComponentChildren | undefined;
  /** At the end of the title's line. */
  readonly end?: ComponentChildren | undefined;
  /** Rows that reach to the edges. */
  readonly flush?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** A sheet of paper on the canvas; with a title it is a region that a screen reader can jump to. */
export function Card({ title, end, flush = false, children }: CardProps) {
  const id = useId();
  const shape = flush ? "card flush" : "card stack";
  if (title === undefined) return <div class={shape}>{children}</div>;
  return (
    <section class={shape} aria-labelledby={id}>
      <div class="row between">
        <h2 class="h3" id={id}>
          {title}
        </h2>
        {end}
      </div>
      {children}
    </section>
  );
}

interface SectionProps {
  readonly title: string;
  /** At the end of the line: a count. */
  readonly end?: ComponentChildren | undefined;
  readonly tone?: "late" | "clash" | undefined;
  readonly children: ComponentChildren;
}

/** A part of a list under its title. */
export function Section({ title, end, tone, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div class={`sec ${tone ?? ""}`}>
        <h2 class="small" id={id}>
          {title}
        </h2>
        {end !== undefined && <span class="n num">{end}</span>}
      </div>
      {children}
    </section>
  );
}
