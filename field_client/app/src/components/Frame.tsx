import type { ComponentChildren } from "preact";
import type { Lang } from "../i18n/catalogue.ts";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { ActionBar } from "./ActionBar.tsx";
import { Icon } from "./Icon.tsx";
import { LangSwitch } from "./LangSwitch.tsx";
import { Nav, type NavPlace } from "./Nav.tsx";
import { SyncStrip } from "./SyncStrip.tsx";
import type { SyncFacts } from "./strip.ts";
import { WORDS } from "./words.ts";

/** What every screen gets from the shell. */
export interface FrameContext {
  readonly sync: SyncFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly onLang: (lang: Lang) => void;
}

interface FrameProps {
  readonly context: FrameContext;
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren | undefined;
  /** Where "back" leads; null on the five main places. */
  readonly back?: string | null | undefined;
  /** Null hides the bar: forms and tasks, which have their own buttons. */
  readonly nav: NavPlace | null;
  /** The buttons of a task, in place of the bar. */
  readonly actions?: ComponentChildren | undefined;
  /** Shown beside the content from 840 px on; on a phone it is a screen of its own. */
  readonly detail?: ComponentChildren | undefined;
  /** Whom or what the detail shows: another one is read from its top. */
  readonly detailKey?: string | undefined;
  readonly children: ComponentChildren;
}

/** The frame of every screen: title, strip, content, and the five places or the task's buttons. */
export function Frame(props: FrameProps) {
  const lang = useLang();
  const { context, back = null, nav, detail } = props;
  const { sync, now } = context;
  return (
    <div class="app">
      <header class="head">
        <div class="bar1">
          {back !== null && (
            <a class="back" href={back} aria-label={say(lang, WORDS, "frame.back")}>
              <Icon name="back" />
            </a>
          )}
          <div class="grow">
            <h1 tabIndex={-1}>{props.title}</h1>
            {props.sub && <div class="sub">{props.sub}</div>}
          </div>
          <LangSwitch onLang={context.onLang} />
        </div>
        <SyncStrip facts={sync} now={now} />
      </header>
      {detail === undefined ? (
        <main class="body">{props.children}</main>
      ) : (
        <main class="body two">
          <div class="list-pane">{props.children}</div>
          <section
            key={props.detailKey}
            class="only-tab detail"
            aria-label={say(lang, WORDS, "frame.detail")}
          >
            {detail}
          </section>
        </main>
      )}
      {props.actions && <ActionBar>{props.actions}</ActionBar>}
      {nav !== null && <Nav current={nav} attention={sync.attention} waiting={sync.waiting} />}
    </div>
  );
}
