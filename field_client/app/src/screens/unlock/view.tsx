import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Gate } from "../../components/Gate.tsx";
import { Icon } from "../../components/Icon.tsx";
import { called, initial } from "../../components/names.ts";
import { PinPad, SHORTEST_PIN } from "../../components/PinPad.tsx";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { countdown, time } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { useSecondsLeft } from "./countdown.ts";
import type { UnlockProps, UnlockState } from "./model.ts";
import { WORDS } from "./words.ts";

/** Behind this screen nothing can be read; it needs no network. */
export function UnlockView(props: UnlockProps) {
  const { state } = props;
  switch (state.is) {
    case "locked":
      return <Locked props={props} state={state} />;
    case "opening":
      return (
        <Around props={props}>
          <Opening />
        </Around>
      );
    case "destroyed":
      return (
        <Around props={props}>
          <Destroyed props={props} onSaveSealed={state.onSaveSealed} />
        </Around>
      );
    case "elsewhere":
      return (
        <Gate online={props.online} onLang={props.onLang}>
          <Elsewhere onUseHere={state.onUseHere} />
        </Gate>
      );
  }
}

interface AroundProps {
  readonly props: UnlockProps;
  readonly children: ComponentChildren;
}

/** Who it is, above or beside what is asked of them. */
function Around({ props, children }: AroundProps) {
  const lang = useLang();
  const { person, branch, others } = props;
  return (
    <Gate online={props.online} onLang={props.onLang} wide>
      <div class="stack who">
        <Tile sign={initial(person)} tone="brand" round />
        <div>
          <h1 tabIndex={-1}>{hello(props, lang)}</h1>
          <p class="muted">
            {branch
              ? say(lang, WORDS, "unlock.this", { branch })
              : say(lang, WORDS, "unlock.tablet")}
          </p>
        </div>
        <button type="button" class="btn quiet" onClick={props.onOther}>
          <Icon name={others ? "people" : "person"} size="s" />
          <span>{say(lang, WORDS, "unlock.other")}</span>
        </button>
      </div>
      {children}
    </Gate>
  );
}

function hello({ person, now }: UnlockProps, lang: Lang): string {
  const hour = Number(time(now).slice(0, 2));
  const part = hour < 4 || hour >= 18 ? "evening" : hour < 12 ? "morning" : "afternoon";
  return say(lang, WORDS, `hello.${part}`, { name: called(person, lang) });
}

interface LockedProps {
  readonly props: UnlockProps;
  readonly state: Extract<UnlockState, { is: "locked" }>;
}

/** Below this many tries the price of a further miss is said. */
const FEW_TRIES = 3;

function Locked({ props, state }: LockedProps) {
  const lang = useLang();
  const [pin, setPin] = useState("");
  const wait = useSecondsLeft(state.waitUntil, props.now);
  const isReady = pin.length >= SHORTEST_PIN && wait === 0;
  const open = () => {
    if (!isReady) return;
    state.onUnlock(pin);
    setPin("");
  };
  return (
    <Around props={props}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <PinPad
          label={say(lang, WORDS, "unlock.pin")}
          value={pin}
          onInput={setPin}
          onDone={open}
          disabled={wait > 0}
          corner={
            <button type="button" class="key flat" onClick={props.onForgot}>
              {say(lang, WORDS, "unlock.forgot")}
            </button>
          }
        >
          <Tries state={state} wait={wait} />
        </PinPad>
        <button type="submit" class="btn main wide" disabled={!isReady}>
          {say(lang, WORDS, "unlock.open")}
        </button>
        <p class="small muted row middle">
          <Icon name="lock" size="s" />
          <span>
            {props.waiting > 0
              ? say(lang, WORDS, "unlock.locked", { n: props.waiting })
              : say(lang, WORDS, "unlock.all_locked")}
          </span>
        </p>
      </form>
    </Around>
  );
}

function Tries({ state, wait }: { readonly state: LockedProps["state"]; readonly wait: number }) {
  const lang = useLang();
  const { missed, triesLeft, full } = state;
  return (
    <div class="center small tries">
      {full && (
        <p class="late strong" role="alert">
          {say(lang, WORDS, "unlock.full")}
        </p>
      )}
      {missed ? (
        <p class="late strong" role="alert">
          {say(lang, WORDS, "unlock.missed", { n: triesLeft })}
        </p>
      ) : (
        <p class="muted">{say(lang, WORDS, "unlock.works_left", { n: triesLeft })}</p>
      )}
      {wait > 0 && (
        <p class="muted num" role="timer">
          {say(lang, WORDS, "unlock.wait", { time: countdown(wait) })}
        </p>
      )}
      {triesLeft <= FEW_TRIES && <p class="muted">{say(lang, WORDS, "unlock.last")}</p>}
    </div>
  );
}

function Opening() {
  const lang = useLang();
  return (
    <p class="row middle muted" role="status">
      <span class="turning">
        <Icon name="sync" />
      </span>
      <span>{say(lang, WORDS, "unlock.opening")}</span>
    </p>
  );
}

interface DestroyedProps {
  readonly props: UnlockProps;
  readonly onSaveSealed: (() => void) | null;
}

function Destroyed({ props, onSaveSealed }: DestroyedProps) {
  const lang = useLang();
  return (
    <div class="stack">
      <Banner tone="late" icon="key" title={say(lang, WORDS, "gone.title")} role="alert">
        {say(lang, WORDS, "gone.why")}
      </Banner>
      {props.waiting > 0 && <p>{say(lang, WORDS, "gone.work", { n: props.waiting })}</p>}
      <p>{say(lang, WORDS, "gone.how")}</p>
      <button type="button" class="btn main wide" onClick={props.onForgot}>
        {say(lang, WORDS, "gone.recover")}
      </button>
      {onSaveSealed && (
        <button type="button" class="btn wide" onClick={onSaveSealed}>
          <Icon name="download" size="s" />
          <span>{say(lang, WORDS, "gone.save")}</span>
        </button>
      )}
    </div>
  );
}

function Elsewhere({ onUseHere }: { readonly onUseHere: () => void }) {
  const lang = useLang();
  return (
    <div class="stack">
      <h1 tabIndex={-1}>{say(lang, WORDS, "elsewhere.title")}</h1>
      <p>{say(lang, WORDS, "elsewhere.why")}</p>
      <button type="button" class="btn main wide" onClick={onUseHere}>
        {say(lang, WORDS, "elsewhere.here")}
      </button>
    </div>
  );
}
