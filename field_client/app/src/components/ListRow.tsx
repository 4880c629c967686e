import type { ComponentChildren, Ref } from "preact";
import { Icon } from "./Icon.tsx";
import type { IconName } from "./icons.ts";
import { StateChip } from "./StateChip.tsx";
import { type SetState, type Tone, toneClass } from "./state.ts";
import { Tile } from "./Tile.tsx";

interface ListRowProps {
  readonly href: string;
  readonly icon?: IconName | undefined;
  readonly sign?: string | undefined;
  readonly tone?: Tone | undefined;
  /** Line 1: who. */
  readonly title: ComponentChildren;
  /** Line 2: what. */
  readonly what?: ComponentChildren | undefined;
  /** Line 3: where, and how far. */
  readonly place?: string | null | undefined;
  /** Line 3: how it stands with the branch. */
  readonly state?: SetState | null | undefined;
  readonly refused?: boolean | undefined;
  /** At the right edge: when. */
  readonly when?: string | null | undefined;
  readonly late?: boolean | undefined;
  /** Shown beside the list. */
  readonly chosen?: boolean | undefined;
  readonly linkRef?: Ref<HTMLAnchorElement> | undefined;
}

/** One line of a list: what it is, who, what, where, how it stands, and when. */
export function ListRow(props: ListRowProps) {
  const { place = null, state = null, when = null, late = false, chosen = false } = props;
  return (
    <a
      class={chosen ? "item on" : "item"}
      href={props.href}
      ref={props.linkRef ?? null}
      aria-current={chosen ? "true" : undefined}
    >
      <Tile icon={props.icon} sign={props.sign} tone={props.tone} />
      <span class="grow">
        <span class="row top between">
          <span class="t">{props.title}</span>
          {when && <span class={`when ${toneClass(late ? "late" : "plain")}`}>{when}</span>}
        </span>
        {props.what && <span class="d">{props.what}</span>}
        {(place || state) && (
          <span class="meta">
            {place && (
              <span class="where">
                <Icon name="place" size="xs" />
                <span>{place}</span>
              </span>
            )}
            {state && <StateChip state={state} refused={props.refused} />}
          </span>
        )}
      </span>
    </a>
  );
}
