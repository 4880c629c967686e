import type { ComponentChildren } from "preact";
import type { Lang } from "../i18n/catalogue.ts";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Icon } from "./Icon.tsx";
import { LangSwitch } from "./LangSwitch.tsx";
import { WORDS } from "./words.ts";

interface GateProps {
  readonly online: boolean;
  readonly onLang: (lang: Lang) => void;
  /** Two columns from 840 px on. */
  readonly wide?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** The frame of the screens before the lock: no strip, no places to go to. */
export function Gate({ online, onLang, wide = false, children }: GateProps) {
  const lang = useLang();
  return (
    <main class={wide ? "gate wide" : "gate"}>
      <div class="row between">
        <span class="row small muted">
          <Icon name={online ? "upload" : "offline"} size="s" />
          <span>{say(lang, WORDS, online ? "gate.online" : "gate.offline")}</span>
        </span>
        <LangSwitch onLang={onLang} />
      </div>
      {children}
    </main>
  );
}
