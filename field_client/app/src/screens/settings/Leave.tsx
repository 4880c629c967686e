import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import type { Leaving } from "./model.ts";
import { WORDS } from "./words.ts";

interface LeaveProps {
  readonly leaving: Leaving;
  readonly onRescue: (() => void) | null;
}

/** Signing out asks first, and says what would be left behind. */
export function Leave({ leaving, onRescue }: LeaveProps) {
  const lang = useLang();
  const [asked, setAsked] = useState(false);
  const { unsent, drafts } = leaving;
  return (
    <Card title={say(lang, WORDS, asked ? "leave.ask" : "leave.title")}>
      <p class="small muted">{say(lang, WORDS, "leave.why")}</p>
      {asked && unsent > 0 && (
        <Banner
          tone="late"
          icon="warning"
          title={say(lang, WORDS, "leave.unsent", { n: unsent })}
          role="alert"
        >
          {say(lang, WORDS, "leave.unsent_next", { n: unsent })}
        </Banner>
      )}
      {asked && drafts > 0 && (
        <Banner tone="warn" icon="pencil" title={say(lang, WORDS, "leave.drafts", { n: drafts })} />
      )}
      {asked ? (
        <div class="row wrap">
          {unsent > 0 && (
            <a class="btn main" href={path({ screen: "sync" })}>
              {say(lang, WORDS, "leave.send")}
            </a>
          )}
          {unsent > 0 && onRescue && (
            <button type="button" class="btn" onClick={onRescue}>
              {say(lang, WORDS, "safe.rescue")}
            </button>
          )}
          <button type="button" class="btn" onClick={() => setAsked(false)}>
            {say(lang, WORDS, "leave.stay")}
          </button>
          <button type="button" class="btn danger" onClick={leaving.onSignOut}>
            {say(lang, WORDS, unsent + drafts > 0 ? "leave.go_anyway" : "leave.go")}
          </button>
        </div>
      ) : (
        <button type="button" class="btn danger" onClick={() => setAsked(true)}>
          {say(lang, WORDS, "leave.title")}
        </button>
      )}
    </Card>
  );
}
