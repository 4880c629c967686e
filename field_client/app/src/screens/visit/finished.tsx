// What became of a visit that was finished.

import { Banner } from "../../components/Banner.tsx";
import { Lines } from "../../components/Facts.tsx";
import { PhotoGrid } from "../../components/PhotoGrid.tsx";
import { StateChip } from "../../components/StateChip.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { VisitFinished } from "./model.ts";
import { WORDS } from "./words.ts";

interface FinishedProps {
  readonly finished: VisitFinished;
}

export function FinishedBody({ finished }: FinishedProps) {
  const lang = useLang();
  return (
    <>
      <StateBanner finished={finished} />
      <div class="card stack">
        <div class="row">
          <StateChip state={finished.state} refused={finished.state === "needs_attention"} />
        </div>
        <Lines facts={finished.facts} />
        {finished.photos.length > 0 ? <PhotoGrid photos={finished.photos} /> : null}
        <p class="small muted">{say(lang, WORDS, "finished.correct")}</p>
      </div>
    </>
  );
}

function StateBanner({ finished }: FinishedProps) {
  const lang = useLang();
  const title = say(lang, WORDS, "finished.safe");
  switch (finished.state) {
    case "draft":
    case "ready":
      return (
        <Banner tone="ok" icon="tick" title={title}>
          {say(lang, WORDS, "finished.safe.what")}
        </Banner>
      );
    case "sent":
      return (
        <Banner tone="ok" icon="tick" title={title}>
          {say(lang, WORDS, "finished.sent.what")}
        </Banner>
      );
    case "accepted":
      return <Banner tone="ok" icon="tick" title={say(lang, WORDS, "finished.accepted.what")} />;
    case "needs_attention":
      return (
        <Banner tone="clash" icon="fork" title={title} href="#/sync">
          {say(lang, WORDS, "finished.attention.what")}
        </Banner>
      );
  }
}

/** What comes after the visit. */
export function NextLink({ finished }: FinishedProps) {
  const lang = useLang();
  const { next } = finished;
  return (
    <a class="btn main" href={next === null ? "#/today" : next.href}>
      {next === null
        ? say(lang, WORDS, "finished.today")
        : say(lang, WORDS, "finished.next", { who: next.who })}
    </a>
  );
}
