import { useId } from "preact/hooks";
import { Icon, type IconName } from "./Icon.tsx";

export interface Segment<V extends string> {
  readonly value: V;
  readonly words: string;
  /** How the segment looks when it is chosen: the brand's colour where nothing is said. */
  readonly tone?: "ok" | "warn" | undefined;
  readonly icon?: IconName | undefined;
}

interface SegmentedControlProps<V extends string> {
  /** What is chosen here; read out, not drawn. */
  readonly label: string;
  readonly segments: readonly Segment<V>[];
  /** Null: nothing is chosen yet. */
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly disabled?: boolean | undefined;
}

/** One of two to four: real radio buttons, so that arrow keys and screen readers know them. */
export function SegmentedControl<V extends string>(props: SegmentedControlProps<V>) {
  const name = useId();
  return (
    <fieldset class="seg" disabled={props.disabled}>
      <legend class="vh">{props.label}</legend>
      {props.segments.map((it) => {
        const on = it.value === props.value;
        return (
          <label key={it.value} class={on ? `on ${TONES[it.tone ?? "brand"]}` : undefined}>
            <input
              class="vh"
              type="radio"
              name={name}
              value={it.value}
              checked={on}
              onChange={() => props.onChange(it.value)}
            />
            {on && it.icon && <Icon name={it.icon} size="s" />}
            <span>{it.words}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

const TONES = { brand: "", ok: "okk", warn: "warn" } as const;
