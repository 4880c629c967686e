import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { type Fact, Lines } from "../../components/Facts.tsx";
import { Frame } from "../../components/Frame.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Name } from "../../components/Name.tsx";
import { initial } from "../../components/names.ts";
import { Progress } from "../../components/Progress.tsx";
import { SegmentedControl } from "../../components/SegmentedControl.tsx";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { ChangePin } from "./ChangePin.tsx";
import { Figures } from "./Figures.tsx";
import { Leave } from "./Leave.tsx";
import type { SettingsProps } from "./model.ts";
import { WORDS } from "./words.ts";

/** Below this, a difference of the clocks is of no account. */
const SKEW_S = 120;

/** Each language is named in its own words. */
const LANGS = [
  { value: "zh", words: "中文" },
  { value: "en", words: "English" },
] as const;

/** Who, which tablet, how safe the data are, and the way out. */
export function SettingsView(props: SettingsProps) {
  const { frame } = props;
  const lang = useLang();
  return (
    <Frame context={frame} title={say(lang, WORDS, "me.title")} nav="me">
      <div class="split pad">
        <div class="pad">
          <Who props={props} />
          {props.figures && <Figures find={props.figures} />}
          <Update props={props} />
          <Safety props={props} />
        </div>
        <div class="pad">
          <Look props={props} />
          <ChangePin change={props.pin} />
          <Tablet props={props} />
          <Incidents props={props} />
          <Leave leaving={props.leaving} onRescue={props.onRescue} />
        </div>
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly props: SettingsProps;
}

function Who({ props }: PartProps) {
  const lang = useLang();
  const { person, username, branch } = props;
  return (
    <Card>
      <div class="row wrap">
        <Tile sign={initial(person)} tone="brand" round />
        <div class="grow">
          <h2>
            <Name person={person} />
          </h2>
          <p class="small muted">{[username, branch].filter(Boolean).join(" · ")}</p>
        </div>
      </div>
      <button type="button" class="btn wide" onClick={props.onLock}>
        <Icon name="lock" size="s" />
        <span>{say(lang, WORDS, "me.lock")}</span>
      </button>
    </Card>
  );
}

function Update({ props }: PartProps) {
  const lang = useLang();
  const { update } = props.app;
  if (update === null) return null;
  return (
    <Banner
      tone="info"
      icon="download"
      title={say(lang, WORDS, "app.update")}
      action={
        <button type="button" class="btn" disabled={update.blocked} onClick={update.onUpdate}>
          {say(lang, WORDS, "app.update_now")}
        </button>
      }
    >
      {say(lang, WORDS, update.blocked ? "app.update_blocked" : "app.update_next")}
    </Banner>
  );
}

// ------------------------------------------------------------------------- how safe the data are

function Safety({ props }: PartProps) {
  const lang = useLang();
  const { storage, journal, onRescue, onCourier } = props;
  const { usedBytes, roomBytes } = storage;
  return (
    <Card title={say(lang, WORDS, "safe.title")}>
      <Keeping props={props} />
      {usedBytes !== null && (
        <div class="stack">
          <div class="row between small">
            <span class="muted">{say(lang, WORDS, "safe.used")}</span>
            <span class="num strong">
              {roomBytes === null
                ? format.size(usedBytes)
                : say(lang, WORDS, "safe.used_of", {
                    used: format.size(usedBytes),
                    room: format.size(roomBytes),
                  })}
            </span>
          </div>
          {roomBytes !== null && (
            <Progress
              label={say(lang, WORDS, "safe.used")}
              done={usedBytes}
              all={roomBytes}
              tone={usedBytes > roomBytes * 0.9 ? "late" : undefined}
            />
          )}
        </div>
      )}
      <div class="row between small wrap">
        <span class="muted">{say(lang, WORDS, "safe.copy")}</span>
        <span class={journal === "written" ? "row ok strong" : "row warn strong"}>
          <Icon name={journal === "written" ? "tick" : "warning"} size="s" />
          <span>{say(lang, WORDS, `safe.copy_${journal}`)}</span>
        </span>
      </div>
      {journal !== "written" && onRescue && (
        <p class="small muted">{say(lang, WORDS, "safe.copy_next")}</p>
      )}
      {onRescue && (
        <>
          <button type="button" class="btn wide" onClick={onRescue}>
            <Icon name="download" size="s" />
            <span>{say(lang, WORDS, "safe.rescue")}</span>
          </button>
          <p class="small muted">{say(lang, WORDS, "safe.rescue_next")}</p>
        </>
      )}
      {onCourier && (
        <>
          <button type="button" class="btn wide" onClick={onCourier}>
            <Icon name="download" size="s" />
            <span>{say(lang, WORDS, "safe.courier")}</span>
          </button>
          <p class="small muted">{say(lang, WORDS, "safe.courier_next")}</p>
        </>
      )}
    </Card>
  );
}

function Keeping({ props }: PartProps) {
  const lang = useLang();
  const { persisted, onPersist } = props.storage;
  if (persisted === null) return <Banner icon="storage" title={say(lang, WORDS, "safe.asking")} />;
  if (persisted) {
    return (
      <Banner tone="ok" icon="shield" title={say(lang, WORDS, "safe.kept")}>
        {say(lang, WORDS, "safe.kept_next")}
      </Banner>
    );
  }
  return (
    <Banner
      tone="warn"
      icon="storage"
      title={say(lang, WORDS, "safe.may_clear")}
      action={
        <button type="button" class="btn" onClick={onPersist}>
          {say(lang, WORDS, "safe.ask")}
        </button>
      }
    >
      {say(lang, WORDS, "safe.may_clear_next")}
    </Banner>
  );
}

// ------------------------------------------------------------------------------------- the rest

function Look({ props }: PartProps) {
  const lang = useLang();
  return (
    <Card title={say(lang, WORDS, "look.title")}>
      <div class="field">
        <span class="lab">{say(lang, WORDS, "look.lang")}</span>
        <SegmentedControl
          label={say(lang, WORDS, "look.lang")}
          segments={LANGS}
          value={props.lang}
          onChange={props.frame.onLang}
        />
      </div>
      <div class="field">
        <span class="lab">{say(lang, WORDS, "look.theme")}</span>
        <SegmentedControl
          label={say(lang, WORDS, "look.theme")}
          segments={[
            { value: "light", words: say(lang, WORDS, "look.light") },
            { value: "dark", words: say(lang, WORDS, "look.dark") },
          ]}
          value={props.theme}
          onChange={props.onTheme}
        />
      </div>
    </Card>
  );
}

function Tablet({ props }: PartProps) {
  const lang = useLang();
  const { device, app } = props;
  const skew = device.skewSeconds;
  const isOff = skew !== null && Math.abs(skew) >= SKEW_S;
  const facts: Fact[] = [
    { label: say(lang, WORDS, "tablet.name"), value: device.name },
    {
      label: say(lang, WORDS, "tablet.code"),
      value: device.code ?? say(lang, WORDS, "tablet.no_code"),
    },
  ];
  if (skew !== null) {
    facts.push({ label: say(lang, WORDS, "tablet.clock"), value: clockWords(skew, lang) });
  }
  facts.push({ label: say(lang, WORDS, "app.version"), value: app.version });
  return (
    <Card title={say(lang, WORDS, "tablet.title")}>
      <Lines facts={facts} />
      {isOff && <p class="small muted">{say(lang, WORDS, "tablet.clock_next")}</p>}
      {app.update === null && <p class="small muted">{say(lang, WORDS, "app.newest")}</p>}
    </Card>
  );
}

function clockWords(skewSeconds: number, lang: Lang): string {
  if (Math.abs(skewSeconds) < SKEW_S) return say(lang, WORDS, "tablet.clock_right");
  const span = format.duration(Math.abs(skewSeconds) * 1000, lang);
  return skewSeconds > 0
    ? say(lang, WORDS, "tablet.clock_ahead", { span })
    : say(lang, WORDS, "tablet.clock_behind", { span });
}

function Incidents({ props }: PartProps) {
  const lang = useLang();
  const { incidents, frame } = props;
  if (incidents.length === 0) return null;
  return (
    <Card title={say(lang, WORDS, "incidents.title")}>
      <ul class="stack">
        {incidents.map((it) => (
          <li key={it.id}>
            <p>{it.words[lang]}</p>
            <time class="small muted" dateTime={it.at}>
              {format.dayAndTime(it.at, lang, frame.now)}
            </time>
          </li>
        ))}
      </ul>
    </Card>
  );
}
