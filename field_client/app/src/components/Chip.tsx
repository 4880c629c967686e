import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";
import { type Tone, toneClass } from "./state.ts";

interface ChipProps {
  readonly tone?: Tone | undefined;
  readonly icon?: IconName | null | undefined;
  readonly children: ComponentChildren;
}

/** A fact in a few words. It cannot be tapped. */
export function Chip({ tone = "plain", icon = null, children }: ChipProps) {
  return (
    <span class={`chip ${toneClass(tone)}`}>
      {icon && <Icon name={icon} size="xs" />}
      <span>{children}</span>
    </span>
  );
}
