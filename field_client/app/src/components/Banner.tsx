import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";
import { type Tone, toneClass } from "./state.ts";

interface BannerProps {
  readonly tone?: Tone | undefined;
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren | undefined;
  /** At most one action. */
  readonly action?: ComponentChildren | undefined;
  /** Makes the whole banner a link. */
  readonly href?: string | undefined;
  /** "alert" for what has just happened; nothing is announced where it was there from the start. */
  readonly role?: "alert" | "status" | undefined;
}

/** A title, one sentence, at most one action. Grey: a fact; violet: two versions; red: now. */
export function Banner({ tone = "plain", icon, title, children, action, href, role }: BannerProps) {
  const shape = `banner ${toneClass(tone)}`;
  const words = (
    <>
      <Icon name={icon} />
      <div class="grow">
        <b>{title}</b>
        {children && <span class="b">{children}</span>}
        {action}
      </div>
    </>
  );
  if (href !== undefined) {
    return (
      <a class={shape} href={href}>
        {words}
        <Icon name="next" size="s" />
      </a>
    );
  }
  return (
    <div class={shape} role={role}>
      {words}
    </div>
  );
}
