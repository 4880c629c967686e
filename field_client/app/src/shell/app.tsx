// The app as a person sees it: one stage of the tablet after the other, and while it is open one screen.

import { useEffect, useState } from "preact/hooks";
import type { Lang } from "../i18n/catalogue.ts";
import { DamagedView, NoticeView, useOnce } from "../screens/notice/view.tsx";
import { ForgotScreen, SigninScreen } from "../screens/signin/screen.tsx";
import { ElsewhereScreen, UnlockScreen } from "../screens/unlock/screen.tsx";
import { ShellFrame, type Theme } from "./frame.tsx";
import { useChanges } from "./hooks.ts";
import { lazily } from "./lazily.tsx";
import { rescueOf, rescueOfAll } from "./rescue.ts";
import { follow, HOME, path, type Route } from "./router.ts";
import type { Stage, Tablet } from "./tablet.ts";
import type { Update } from "./update.ts";

const Open = lazily(async () => (await import("./opened.ts")).Open);

/** What the app remembers of its user between starts, outside the encrypted store: how it looks. */
export interface Looks {
  readonly lang: Lang;
  readonly theme: Theme;
}

interface AppProps {
  readonly tablet: Tablet;
  readonly looks: Looks;
  readonly onLooks: (looks: Looks) => void;
  readonly version: string;
  /** Calls back when a new version lies ready. */
  readonly onUpdate: (offer: (update: Update) => void) => void;
}

export function App({ tablet, looks, onLooks, version, onUpdate }: AppProps) {
  useChanges(tablet);
  const [{ lang, theme }, setLooks] = useState(looks);
  const [route, setRoute] = useState<Route>(HOME);
  const [update, setUpdate] = useState<Update | null>(null);
  useEffect(() => follow(setRoute), []);
  useEffect(() => onUpdate(setUpdate), []);
  const change = (part: Partial<Looks>) => {
    const now = { lang, theme, ...part };
    setLooks(now);
    onLooks(now);
    if (part.lang) void tablet.rememberLang(part.lang);
  };
  const { stage } = tablet;
  // An open store shows records: it turns to a language once their words are there.
  const onLang = (wanted: Lang) => {
    const turn = () => change({ lang: wanted });
    if (stage.kind === "open")
      void tablet
        .speak(wanted)
        .catch(() => undefined)
        .then(turn);
    else turn();
  };
  const place =
    stage.kind === "open" ? placeOf(route) : GATES.has(stage.kind) ? "gate" : stage.kind;
  return (
    <ShellFrame lang={lang} theme={theme} place={place}>
      {stage.kind === "open" ? (
        <Open
          key={stage.officer.row.store}
          tablet={tablet}
          stage={stage}
          route={route}
          theme={theme}
          onTheme={(wanted) => change({ theme: wanted })}
          onLang={onLang}
          update={update}
          version={version}
        />
      ) : (
        <Closed tablet={tablet} stage={stage} onLang={onLang} />
      )}
    </ShellFrame>
  );
}

interface UnsupportedProps {
  readonly looks: Looks;
  readonly why: "unsupported" | "full";
  readonly online: boolean;
}

/** A browser without a place for the data, such as a private window; or one that has lost its own. */
export function Unsupported({ looks, why, online }: UnsupportedProps) {
  const [lang, setLang] = useState(looks.lang);
  const save = useOnce(rescueOfAll);
  return (
    <ShellFrame lang={lang} theme={looks.theme} place="gate">
      {why === "full" || save === null ? (
        <NoticeView what={why} online={online} onLang={setLang} />
      ) : (
        <DamagedView online={online} onLang={setLang} onSignIn={null} onSave={save} />
      )}
    </ShellFrame>
  );
}

/** Stages that are no step of the user's: the focus stays with the PIN. */
const GATES: ReadonlySet<Stage["kind"]> = new Set(["starting", "unlock"]);

/** The address without what only filters it: a step to another screen changes it. */
function placeOf(route: Route): string {
  return path(route).replace(/\?.*$/, "");
}

// ------------------------------------------------------------------------------- before the lock

interface ClosedProps {
  readonly tablet: Tablet;
  readonly stage: Exclude<Stage, { readonly kind: "open" }>;
  readonly onLang: (lang: Lang) => void;
}

function Closed({ tablet, stage, onLang }: ClosedProps) {
  const online = tablet.tools.isOnline();
  switch (stage.kind) {
    case "starting":
      return <NoticeView what="starting" online={online} onLang={onLang} />;
    case "elsewhere":
      return <ElsewhereScreen tablet={tablet} onLang={onLang} />;
    case "sign_in":
      return <SigninScreen tablet={tablet} rows={stage.rows} why={stage.why} onLang={onLang} />;
    case "forgot":
      return <ForgotScreen tablet={tablet} rows={[]} row={stage.row} onLang={onLang} />;
    case "unlock":
      return (
        <UnlockScreen
          key={stage.row.store}
          tablet={tablet}
          rows={stage.rows}
          row={stage.row}
          why={stage.why}
          onLang={onLang}
        />
      );
    case "damaged":
      return <Damaged tablet={tablet} stage={stage} onLang={onLang} />;
  }
}

function Damaged({
  tablet,
  stage,
  onLang,
}: Omit<ClosedProps, "stage"> & { readonly stage: Extract<Stage, { kind: "damaged" }> }) {
  const save = useOnce(() => rescueOf(stage.row.store));
  return (
    <DamagedView
      online={tablet.tools.isOnline()}
      onLang={onLang}
      onSignIn={() => void tablet.leaveDamaged(stage.row)}
      onSave={save}
    />
  );
}
