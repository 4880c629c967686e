import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { WORDS } from "./words.ts";

export type NavPlace = "today" | "customers" | "new" | "sync" | "me";

interface NavProps {
  /** Null where the screen belongs to none of the five. */
  readonly current: NavPlace | null;
  readonly attention: number;
  readonly waiting: number;
}

const PLACES: readonly {
  readonly place: NavPlace;
  readonly icon: IconName;
  readonly href: string;
}[] = [
  { place: "today", icon: "calendar", href: "#/today" },
  { place: "customers", icon: "people", href: "#/customers" },
  { place: "new", icon: "plus", href: "#/new" },
  { place: "sync", icon: "sync", href: "#/sync" },
  { place: "me", icon: "person", href: "#/settings" },
];

/** The five places: a bar below on a phone, a rail at the side on a tablet. */
export function Nav({ current, attention, waiting }: NavProps) {
  const lang = useLang();
  return (
    <nav class="nav" aria-label={say(lang, WORDS, "nav.label")}>
      {PLACES.map(({ place, icon, href }) => (
        <a
          key={place}
          href={href}
          class={place === current ? "on" : undefined}
          aria-current={place === current ? "page" : undefined}
        >
          <span class="ico">
            <Icon name={icon} />
          </span>
          <span>{say(lang, WORDS, `nav.${place}`)}</span>
          {place === "sync" && <Badge attention={attention} waiting={waiting} />}
        </a>
      ))}
    </nav>
  );
}

function Badge({ attention, waiting }: { readonly attention: number; readonly waiting: number }) {
  const lang = useLang();
  const n = attention || waiting;
  if (n === 0) return null;
  return (
    <span class={attention ? "badge clash" : "badge"}>
      <span aria-hidden="true">{n > 99 ? "99+" : n}</span>
      <span class="vh">{say(lang, WORDS, attention ? "nav.attention" : "nav.waiting", { n })}</span>
    </span>
  );
}
