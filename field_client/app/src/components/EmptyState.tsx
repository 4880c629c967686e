import type { ComponentChildren } from "preact";
import type { IconName } from "./icons.ts";
import type { Tone } from "./state.ts";
import { Tile } from "./Tile.tsx";

interface EmptyStateProps {
  readonly icon: IconName;
  readonly tone?: Tone | undefined;
  readonly title: string;
  readonly children?: ComponentChildren | undefined;
  readonly action?: ComponentChildren | undefined;
}

/** Nothing here: what that means, and what comes next. */
export function EmptyState({ icon, tone, title, children, action }: EmptyStateProps) {
  return (
    <div class="empty">
      <Tile icon={icon} tone={tone} />
      <h2>{title}</h2>
      {children && <p class="small">{children}</p>}
      {action}
    </div>
  );
}
