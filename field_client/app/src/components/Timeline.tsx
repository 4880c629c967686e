import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";
import { StateChip } from "./StateChip.tsx";
import { type SetState, type Tone, toneClass } from "./state.ts";

export interface TimelineEntry {
  readonly id: string;
  readonly icon: IconName;
  readonly tone?: Tone | undefined;
  readonly title: string;
  readonly text?: string | null | undefined;
  readonly when: string;
  /** The exact time, for `<time>`. */
  readonly at: string;
  readonly state?: SetState | null | undefined;
  readonly refused?: boolean | undefined;
  readonly href?: string | null | undefined;
}

/** What happened, the newest first. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <ul class="tl">
      {entries.map((it) => (
        <li key={it.id}>
          <span class={`ic ${toneClass(it.tone ?? "plain")}`} aria-hidden="true">
            <Icon name={it.icon} size="s" />
          </span>
          <Entry href={it.href ?? null}>
            <span class="row top between">
              <span class="t">{it.title}</span>
              <time class="at" dateTime={it.at}>
                {it.when}
              </time>
            </span>
            {it.text && <span class="d">{it.text}</span>}
            {it.state && <StateChip state={it.state} refused={it.refused} />}
          </Entry>
        </li>
      ))}
    </ul>
  );
}

function Entry({
  href,
  children,
}: {
  readonly href: string | null;
  readonly children: ComponentChildren;
}) {
  if (href === null) return <div class="grow">{children}</div>;
  return (
    <a class="grow" href={href}>
      {children}
    </a>
  );
}
