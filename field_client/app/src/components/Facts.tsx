import type { ComponentChildren } from "preact";

export interface Fact {
  readonly label: string;
  readonly value: ComponentChildren;
  /** Takes the whole line: prose, or many values. */
  readonly long?: boolean | undefined;
}

/** Labels above values, two or more in a line. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map((it) => (
        <div key={it.label} class={it.long ? "wide" : undefined}>
          <dt>{it.label}</dt>
          <dd>{it.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Label and value in one line, for sums and for whole records. */
export function Lines({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="sum">
      {facts.map((it) => (
        <div key={it.label} class={it.long ? "long" : undefined}>
          <dt>{it.label}</dt>
          <dd>{it.value}</dd>
        </div>
      ))}
    </dl>
  );
}
