import { type IconName, PATHS } from "./icons.ts";

export type { IconName } from "./icons.ts";

interface IconProps {
  readonly name: IconName;
  /** 22 px where nothing is said; "s" 18 px, "xs" 15 px. */
  readonly size?: "s" | "xs" | undefined;
}

/** A drawing beside words; never alone, so a screen reader passes over it. */
export function Icon({ name, size }: IconProps) {
  return (
    <svg class={size ? `i ${size}` : "i"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
