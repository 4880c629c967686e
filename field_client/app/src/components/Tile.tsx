import { Icon, type IconName } from "./Icon.tsx";
import { type Tone, toneClass } from "./state.ts";

interface TileProps {
  readonly icon?: IconName | undefined;
  /** A sign in place of a drawing: the first of a name. */
  readonly sign?: string | undefined;
  readonly tone?: Tone | undefined;
  readonly round?: boolean | undefined;
}

/** What kind of thing a row is; the words beside it say the same. */
export function Tile({ icon, sign, tone = "plain", round = false }: TileProps) {
  return (
    <span class={`tile ${toneClass(tone)}${round ? " round" : ""}`} aria-hidden="true">
      {icon ? <Icon name={icon} /> : sign}
    </span>
  );
}
