import { useLang } from "../i18n/context.ts";
import { Icon } from "./Icon.tsx";
import { toneClass } from "./state.ts";
import { type SyncFacts, stripWords } from "./strip.ts";

interface SyncStripProps {
  readonly facts: SyncFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly href?: string | undefined;
}

/**
 * How much waits and how old the data is, on every screen.
 *
 * A screen reader hears of a change of state once: the age, which changes by itself, is not part of
 * what is announced, nor is the counter of a transfer.
 */
export function SyncStrip({ facts, now, href = "#/sync" }: SyncStripProps) {
  const lang = useLang();
  const words = stripWords(facts, lang, now);
  const news = stripWords(
    facts.sending ? { ...facts, sending: { ...facts.sending, done: facts.sending.all } } : facts,
    lang,
    now,
  );
  return (
    <>
      <a class={`sync ${toneClass(words.tone)}`} href={href}>
        <Icon name={words.icon} size="s" />
        <span class="msg">
          {words.message}
          {words.age && <span class="age"> · {words.age}</span>}
        </span>
        <span class="end">
          <Icon name="next" size="s" />
        </span>
      </a>
      <span class="vh" role="status">
        {news.message}
      </span>
    </>
  );
}
