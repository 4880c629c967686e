// Screens that say one thing: opening, not possible here, damaged.

import { useEffect, useState } from "preact/hooks";
import { Gate } from "../../components/Gate.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { WORDS } from "./words.ts";

interface NoticeProps {
  readonly what: "starting" | "unsupported" | "full";
  readonly online: boolean;
  readonly onLang: (lang: Lang) => void;
}

export function NoticeView({ what, online, onLang }: NoticeProps) {
  const lang = useLang();
  return (
    <Gate online={online} onLang={onLang}>
      {what === "starting" ? (
        <h1 class="center muted">{say(lang, WORDS, "starting")}</h1>
      ) : (
        <>
          <h1>{say(lang, WORDS, `${what}.title`)}</h1>
          <p>{say(lang, WORDS, `${what}.what`)}</p>
        </>
      )}
    </Gate>
  );
}

interface DamagedProps {
  readonly online: boolean;
  readonly onLang: (lang: Lang) => void;
  /** Null: the browser opens nothing here any more, so there is nothing to sign in to. */
  readonly onSignIn: (() => void) | null;
  /** Saves the sealed copy as a file; null: there is none. */
  readonly onSave: (() => void) | null;
}

export function DamagedView({ online, onLang, onSignIn, onSave }: DamagedProps) {
  const lang = useLang();
  return (
    <Gate online={online} onLang={onLang}>
      <h1>{say(lang, WORDS, "damaged.title")}</h1>
      <p>{say(lang, WORDS, onSignIn === null ? "damaged.wholly" : "damaged.what")}</p>
      {onSave === null ? null : (
        <button type="button" class="btn" onClick={onSave}>
          {say(lang, WORDS, "damaged.save")}
        </button>
      )}
      {onSignIn === null ? null : (
        <button type="button" class="btn main" onClick={onSignIn}>
          {say(lang, WORDS, "damaged.do")}
        </button>
      )}
    </Gate>
  );
}

/** Read once, when the screen is shown. */
export function useOnce<T>(read: () => Promise<T>): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    void read().then((it) => setValue(() => it));
  }, []);
  return value;
}
