import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Gate } from "../../components/Gate.tsx";
import { Icon } from "../../components/Icon.tsx";
import { called, initial } from "../../components/names.ts";
import { SecretInput } from "../../components/SecretInput.tsx";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { number } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { LineInput } from "./LineInput.tsx";
import type { KnownUser, SigninFault, SigninProps, SigninStep } from "./model.ts";
import { NewPin } from "./NewPin.tsx";
import { type PinFault, pinFault } from "./pins.ts";
import { WORDS } from "./words.ts";

/** The way onto a tablet: once with a network, afterwards by PIN alone. */
export function SigninView(props: SigninProps) {
  return (
    <Gate online={props.online} onLang={props.onLang}>
      <Step props={props} />
    </Gate>
  );
}

function Step({ props }: { readonly props: SigninProps }) {
  const { step } = props;
  switch (step.is) {
    case "password":
      return <Password props={props} step={step} />;
    case "pin":
      return <ChoosePin step={step} />;
    case "download":
      return <Download step={step} />;
    case "forgot":
      return <Forgot step={step} />;
  }
}

type StepOf<Is extends SigninStep["is"]> = Extract<SigninStep, { is: Is }>;

interface FormProps {
  readonly fault: SigninFault | null;
  readonly busy: boolean;
  readonly words: string;
  readonly busyWords: string;
  readonly onDone: () => void;
  readonly children: ComponentChildren;
}

/** A form whose one button says what it does, and what it is doing. */
function Form({ fault, busy, words, busyWords, onDone, children }: FormProps) {
  const lang = useLang();
  const box = useRef<HTMLFormElement>(null);
  const tried = useRef(false);
  useEffect(() => {
    // after a try, to the first that is missing; there is nothing to see of it otherwise on a phone
    if (!tried.current) return;
    tried.current = false;
    box.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  });
  return (
    <form
      ref={box}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        tried.current = true;
        if (!busy) onDone();
      }}
    >
      {fault && <Banner tone="late" icon="warning" title={faultWords(fault, lang)} role="alert" />}
      {children}
      <button type="submit" class="btn main wide" disabled={busy}>
        {busy && (
          <span class="turning">
            <Icon name="sync" size="s" />
          </span>
        )}
        <span>{busy ? busyWords : words}</span>
      </button>
    </form>
  );
}

function faultWords(fault: SigninFault, lang: Lang): string {
  switch (fault.why) {
    case "other_user":
      return say(lang, WORDS, "fault.other_user", { name: fault.name });
    case "wait":
      return say(lang, WORDS, "fault.wait", { n: fault.seconds });
    case "password":
    case "offline":
    case "not_field":
    case "device_locked":
    case "wiped":
    case "code":
    case "storage":
    case "server":
      return say(lang, WORDS, `fault.${fault.why}`);
  }
}

// -------------------------------------------------------------------------------------- who

interface PasswordProps {
  readonly props: SigninProps;
  readonly step: StepOf<"password">;
}

function Password({ props, step }: PasswordProps) {
  const lang = useLang();
  const [username, setUsername] = useState(step.username);
  const [password, setPassword] = useState("");
  const [deviceName, setDeviceName] = useState(step.deviceName);
  const [tried, setTried] = useState(false);
  const done = () => {
    setTried(true);
    if (username.trim() && password) step.onSignin(username.trim(), password, deviceName.trim());
  };
  return (
    <div class="stack">
      <Head
        title={say(lang, WORDS, "signin.title")}
        sub={say(lang, WORDS, "signin.app", { server: props.server })}
      />
      {props.users.length > 0 && <Users users={props.users} />}
      <p class="muted">{say(lang, WORDS, step.later === null ? "signin.once" : "signin.again")}</p>
      <Form
        fault={step.fault}
        busy={step.busy}
        words={say(lang, WORDS, "signin.next")}
        busyWords={say(lang, WORDS, "signin.busy")}
        onDone={done}
      >
        <LineInput
          id="username"
          label={say(lang, WORDS, "signin.username")}
          value={username}
          onChange={setUsername}
          autoComplete="username"
          error={tried && !username.trim() ? say(lang, WORDS, "need.username") : null}
        />
        <SecretInput
          id="password"
          label={say(lang, WORDS, "signin.password")}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={tried && !password ? say(lang, WORDS, "need.password") : null}
        />
        {step.later === null ? (
          <LineInput
            id="device-name"
            label={say(lang, WORDS, "signin.device")}
            hint={say(lang, WORDS, "signin.device_hint")}
            value={deviceName}
            onChange={setDeviceName}
            autoComplete="off"
          />
        ) : null}
      </Form>
      {step.later === null ? null : (
        <a class="btn quiet wide" href={step.later}>
          {say(lang, WORDS, "signin.later")}
        </a>
      )}
    </div>
  );
}

function Users({ users }: { readonly users: readonly KnownUser[] }) {
  const lang = useLang();
  return (
    <section aria-label={say(lang, WORDS, "signin.here")} class="stack">
      <h2 class="lab">{say(lang, WORDS, "signin.here")}</h2>
      <ul class="card flush">
        {users.map((it) => (
          <li key={it.username}>
            <button type="button" class="item flat" onClick={it.onOpen}>
              <Tile sign={initial(it.name)} tone="brand" />
              <span class="grow">
                <span class="t">{called(it.name, lang)}</span>
                <span class="d">{say(lang, WORDS, "signin.open")}</span>
              </span>
              <Icon name="next" size="s" />
            </button>
          </li>
        ))}
      </ul>
      <h2 class="lab">{say(lang, WORDS, "signin.new")}</h2>
    </section>
  );
}

function Head({ title, sub }: { readonly title: string; readonly sub: string }) {
  return (
    <div>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="muted">{sub}</p>
    </div>
  );
}

// -------------------------------------------------------------------------------------- a PIN

function ChoosePin({ step }: { readonly step: StepOf<"pin"> }) {
  const lang = useLang();
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [fault, setFault] = useState<PinFault | null>(null);
  const done = () => {
    const found = pinFault(pin, again);
    setFault(found);
    if (found === null) step.onPin(pin);
  };
  return (
    <div class="stack">
      <Head title={say(lang, WORDS, "pin.title")} sub={called(step.name, lang)} />
      <p class="muted">{say(lang, WORDS, "pin.why")}</p>
      <Form
        fault={step.fault}
        busy={step.busy}
        words={say(lang, WORDS, "pin.set")}
        busyWords={say(lang, WORDS, "pin.busy")}
        onDone={done}
      >
        <NewPin pin={pin} again={again} fault={fault} onPin={setPin} onAgain={setAgain} />
      </Form>
    </div>
  );
}

// --------------------------------------------------------------------------- the first download

function Download({ step }: { readonly step: StepOf<"download"> }) {
  const lang = useLang();
  return (
    <div class="stack">
      <h1 tabIndex={-1}>{say(lang, WORDS, "download.title")}</h1>
      <div class="card stack">
        <div class="row">
          <span class={step.paused ? "tile" : "tile info"} aria-hidden="true">
            <span class={step.paused ? undefined : "turning"}>
              <Icon name={step.paused ? "offline" : "sync"} />
            </span>
          </span>
          <div class="grow">
            <p class="strong num" role="status">
              {say(lang, WORDS, "download.so_far", { n: step.customers })}
            </p>
            <p class="small muted num">
              {say(lang, WORDS, "download.records", { n: number(step.records) })}
            </p>
          </div>
        </div>
        <p class="small muted">
          {say(lang, WORDS, step.paused ? "download.paused" : "download.leave")}
        </p>
      </div>
      {step.customers > 0 && (
        <button type="button" class="btn wide" onClick={step.onStart}>
          {say(lang, WORDS, "download.start")}
        </button>
      )}
    </div>
  );
}

// ------------------------------------------------------------------------------- a forgotten PIN

function Forgot({ step }: { readonly step: StepOf<"forgot"> }) {
  const lang = useLang();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const fault = tried ? pinFault(pin, again) : null;
  const done = () => {
    setTried(true);
    if (password && code.trim() && pinFault(pin, again) === null) {
      step.onRecover(password, code.trim(), pin);
    }
  };
  return (
    <div class="stack">
      <Head
        title={say(lang, WORDS, "forgot.title")}
        sub={`${called(step.name, lang)} · ${step.username}`}
      />
      <p class="muted">{say(lang, WORDS, "forgot.why")}</p>
      <Form
        fault={step.fault}
        busy={step.busy}
        words={say(lang, WORDS, "forgot.set")}
        busyWords={say(lang, WORDS, "pin.busy")}
        onDone={done}
      >
        <input
          class="vh"
          type="text"
          autocomplete="username"
          value={step.username}
          readOnly
          hidden
        />
        <SecretInput
          id="password"
          label={say(lang, WORDS, "signin.password")}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={tried && !password ? say(lang, WORDS, "need.password") : null}
        />
        <LineInput
          id="code"
          label={say(lang, WORDS, "forgot.code")}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          error={tried && !code.trim() ? say(lang, WORDS, "need.code") : null}
        />
        <NewPin pin={pin} again={again} fault={fault} onPin={setPin} onAgain={setAgain} />
      </Form>
      <button type="button" class="btn quiet wide" onClick={step.onBack}>
        {say(lang, WORDS, "forgot.back")}
      </button>
    </div>
  );
}
