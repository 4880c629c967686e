/// <reference path="../../styles/css.d.ts" />

import { Banner } from "../../components/Banner.tsx";
import { Section } from "../../components/Card.tsx";
import { Facts } from "../../components/Facts.tsx";
import { Frame } from "../../components/Frame.tsx";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { Progress } from "../../components/Progress.tsx";
import type { Tone } from "../../components/state.ts";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { dayAndTime, duration, number, size } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { Attention } from "./attention.tsx";
import type { SyncNotice, SyncProps } from "./model.ts";
import { Accepted, Merged, Rows } from "./rows.tsx";
import { ageOf, type Headline, headlineOf } from "./standing.ts";
import { WORDS } from "./words.ts";
import "./sync.css";

/** How it stands with the branch: what needs its user first, then every piece of work by name. */
export function SyncView(props: SyncProps) {
  const lang = useLang();
  const { attention, drafts, ready, sent, merged, accepted } = props;
  const work = [drafts, ready, sent, merged].some((it) => it.length > 0) || accepted !== null;
  const needing = attention.length === 0 ? null : <Attention props={props} />;
  return (
    <Frame context={props.frame} title={say(lang, WORDS, "sync.title")} nav="sync">
      <div class="split pad">
        <div class="pad">
          {props.notices.map((it) => (
            <NoticeBanner key={it.notice} notice={it} lang={lang} />
          ))}
          <Standing props={props} />
          {work ? needing : null}
        </div>
        <div class="pad">
          {work ? null : needing}
          {drafts.length === 0 ? null : (
            <Section title={say(lang, WORDS, "drafts")} end={number(drafts.length)}>
              <Rows rows={drafts} />
            </Section>
          )}
          {ready.length === 0 ? null : (
            <Section
              title={say(lang, WORDS, "ready")}
              end={say(lang, WORDS, "ready.n", { n: ready.length })}
            >
              <Rows rows={ready} />
            </Section>
          )}
          {sent.length === 0 ? null : (
            <Section title={say(lang, WORDS, "sent")} end={number(sent.length)}>
              <Rows rows={sent} />
            </Section>
          )}
          {merged.length === 0 ? null : (
            <Section title={say(lang, WORDS, "merged")} end={number(merged.length)}>
              <Merged rows={merged} />
            </Section>
          )}
          {accepted === null ? null : (
            <Section title={say(lang, WORDS, "accepted")} end={number(accepted.count)}>
              <Accepted accepted={accepted} />
            </Section>
          )}
        </div>
      </div>
    </Frame>
  );
}

// -------------------------------------------------------------------------------------- standing

const ICONS: Readonly<Record<Headline, IconName>> = {
  busy: "sync",
  offline: "offline",
  unreached: "offline",
  waiting: "upload",
  behind: "download",
  all: "tick",
};
const TONES: Readonly<Partial<Record<Headline, Tone>>> = { busy: "info", all: "ok" };

interface StandingProps {
  readonly props: SyncProps;
}

/** The two facts, sent up to and data as of, under one headline; and the button that tries now. */
function Standing({ props }: StandingProps) {
  const lang = useLang();
  const headline = headlineOf(props);
  const { sentUpTo, dataAsOf, frame, link } = props;
  return (
    <div class="card stack">
      <div class="row">
        <Tile icon={ICONS[headline]} tone={TONES[headline] ?? "plain"} round />
        <div class="grow">
          <h2>{headlineWords(props, headline, lang)}</h2>
          <p class="small muted">{underWords(props, headline, lang)}</p>
        </div>
      </div>
      {link.link === "busy" && link.all > 0 ? (
        <Progress
          label={say(lang, WORDS, "sync.sending", { done: link.done, all: link.all })}
          done={link.allBytes ? (link.bytes ?? 0) : link.done}
          all={link.allBytes || link.all}
          tone="info"
        />
      ) : null}
      <Facts
        facts={[
          { label: say(lang, WORDS, "sync.sent_up_to"), value: at(sentUpTo, frame.now, lang) },
          { label: say(lang, WORDS, "sync.data_as_of"), value: at(dataAsOf, frame.now, lang) },
        ]}
      />
      <OldBanner props={props} />
      <button
        type="button"
        class="btn main wide"
        disabled={link.link === "busy"}
        onClick={props.onTry}
      >
        <Icon name="sync" />
        {tryWords(props, lang)}
      </button>
    </div>
  );
}

function headlineWords(props: SyncProps, headline: Headline, lang: Lang): string {
  const { link, waiting } = props;
  switch (headline) {
    case "busy":
      if (link.link !== "busy" || link.all === 0) return say(lang, WORDS, "sync.receiving");
      return say(lang, WORDS, "sync.sending", { done: link.done, all: link.all });
    case "offline":
      return say(lang, WORDS, "sync.offline");
    case "unreached":
      return say(lang, WORDS, "sync.unreached");
    case "waiting":
      return say(lang, WORDS, "sync.waiting", { n: waiting });
    case "behind":
      return say(lang, WORDS, "sync.behind");
    case "all":
      return say(lang, WORDS, "sync.all");
  }
}

function underWords(props: SyncProps, headline: Headline, lang: Lang): string {
  const { link, waiting } = props;
  switch (headline) {
    case "busy": {
      const known = link.link === "busy" && link.allBytes !== null && link.bytes !== null;
      const bytes = known
        ? `${say(lang, WORDS, "sync.bytes", { done: size(link.bytes), all: size(link.allBytes) })} · `
        : "";
      return `${bytes}${say(lang, WORDS, "sync.leave")}`;
    }
    case "offline":
    case "unreached":
    case "waiting":
      return waiting > 0
        ? say(lang, WORDS, "sync.waiting.what", { n: waiting })
        : say(lang, WORDS, "sync.none.what");
    case "behind":
      return say(lang, WORDS, "sync.behind.what");
    case "all":
      return say(lang, WORDS, "sync.all.what");
  }
}

function tryWords(props: SyncProps, lang: Lang): string {
  if (props.link.link === "busy") return say(lang, WORDS, "sync.trying");
  if (!props.toSendBytes) return say(lang, WORDS, "sync.try");
  return say(lang, WORDS, "sync.try.bytes", { size: size(props.toSendBytes) });
}

function at(instant: string | null, now: number, lang: Lang): string {
  return instant === null ? say(lang, WORDS, "sync.never") : dayAndTime(instant, lang, now);
}

/** From a day on, the age of the data is worth a word; it never bars anybody from working. */
function OldBanner({ props }: StandingProps) {
  const lang = useLang();
  const age = ageOf(props.frame.sync.syncedAt, props.frame.now);
  if (age === null || !age.old || props.link.link === "busy") return null;
  const title = say(lang, WORDS, "old.hours", { span: duration(age.ms, lang) });
  return (
    <Banner tone="warn" icon="clock" title={title}>
      {say(lang, WORDS, age.veryOld ? "old.days.what" : "old.what")}
    </Banner>
  );
}

// --------------------------------------------------------------------------------------- notices

interface NoticeProps {
  readonly notice: SyncNotice;
  readonly lang: Lang;
}

function NoticeBanner({ notice, lang }: NoticeProps) {
  switch (notice.notice) {
    case "clock": {
      const span = duration(Math.abs(notice.seconds) * 1000, lang);
      const key = notice.seconds > 0 ? "notice.clock.ahead" : "notice.clock.behind";
      return (
        <Banner tone="warn" icon="clock" title={say(lang, WORDS, key, { span })}>
          {say(lang, WORDS, "notice.clock.what")}
        </Banner>
      );
    }
    case "sign_in":
      return (
        <Banner
          tone="warn"
          icon="key"
          title={say(lang, WORDS, "notice.sign_in")}
          action={
            <a class="btn" href={notice.href}>
              {say(lang, WORDS, "notice.sign_in.do")}
            </a>
          }
        >
          {say(lang, WORDS, "notice.sign_in.what")}
        </Banner>
      );
    case "update":
      return (
        <Banner tone="warn" icon="download" title={say(lang, WORDS, "notice.update")}>
          {say(lang, WORDS, "notice.update.what")}
        </Banner>
      );
    case "locked":
      return (
        <Banner tone="late" icon="lock" title={say(lang, WORDS, "notice.locked")}>
          {say(lang, WORDS, "notice.locked.what")}
        </Banner>
      );
    case "full":
      return (
        <Banner tone="late" icon="storage" title={say(lang, WORDS, "notice.full")}>
          {say(lang, WORDS, "notice.full.what")}
        </Banner>
      );
  }
}
