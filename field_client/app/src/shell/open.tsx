// The app while a store is open: one screen after the other, and what is offered above them.

import { useEffect, useMemo, useState } from "preact/hooks";
import { Banner } from "../components/Banner.tsx";
import type { FrameContext } from "../components/Frame.tsx";
import { PhotoContext } from "../components/photo_source.ts";
import type { Lang } from "../i18n/catalogue.ts";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { CustomersScreen } from "../screens/customers/screen.tsx";
import { WORDS } from "../screens/notice/words.ts";
import { DownloadScreen, SignInAgainScreen } from "../screens/signin/screen.tsx";
import { TodayScreen } from "../screens/today/screen.tsx";
import { status } from "../work/day.ts";
import type { Theme } from "./frame.tsx";
import { useChanges, useNow } from "./hooks.ts";
import { lazily } from "./lazily.tsx";
import { everyType, type Officer } from "./officer.ts";
import { go, path, type Route } from "./router.ts";
import type { Stage, Tablet } from "./tablet.ts";
import type { Update } from "./update.ts";
import { noteWaiting } from "./waiting.ts";

/** Screens on which work is done, and every type: fetched behind Today, so that Today is there sooner. */
const working = async () => (await Promise.all([import("../screens/working.ts"), everyType()]))[0];
const ConflictScreen = lazily(async () => (await working()).ConflictScreen);
const CustomerScreen = lazily(async () => (await working()).CustomerScreen);
const EditScreen = lazily(async () => (await working()).EditScreen);
const HandoverScreen = lazily(async () => (await working()).HandoverScreen);
const MendScreen = lazily(async () => (await working()).MendScreen);
const NewScreen = lazily(async () => (await working()).NewScreen);
const ReceiptScreen = lazily(async () => (await working()).ReceiptScreen);
const RecordScreen = lazily(async () => (await working()).RecordScreen);
const RepaymentScreen = lazily(async () => (await working()).RepaymentScreen);
const SettingsScreen = lazily(async () => (await working()).SettingsScreen);
const SyncScreen = lazily(async () => (await working()).SyncScreen);
const TakeBackScreen = lazily(async () => (await working()).TakeBackView);
const VisitScreen = lazily(async () => (await working()).VisitScreen);

export interface OpenProps {
  readonly tablet: Tablet;
  readonly stage: Extract<Stage, { readonly kind: "open" }>;
  readonly route: Route;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onLang: (lang: Lang) => void;
  readonly update: Update | null;
  readonly version: string;
}

export function Open({ tablet, stage, route, theme, onTheme, onLang, update, version }: OpenProps) {
  const { officer } = stage;
  useChanges(officer);
  const now = useNow(officer.desk.now);
  const [busy, setBusy] = useState(false);
  const [begun, setBegun] = useState(officer.desk.store.meta.whole);
  const frame = useFrame(officer, now, onLang);
  const photos = useMemo(() => async () => (await working()).photoSource(officer), [officer]);
  useEffect(() => {
    if (officer.desk.store.meta.whole) setBegun(true);
  }, [officer.desk.store.meta.whole]);
  useEffect(() => {
    const awake = () => tablet.awake();
    addEventListener("pointerdown", awake);
    addEventListener("keydown", awake);
    return () => {
      removeEventListener("pointerdown", awake);
      removeEventListener("keydown", awake);
    };
  }, [tablet]);
  useEffect(() => {
    void working().then(
      () => officer.book.tell(),
      () => undefined,
    );
  }, [officer]);
  if (!begun) {
    const start = () => setBegun(true);
    const shared = { tablet, rows: [], onLang, officer };
    return <DownloadScreen {...shared} onStart={start} />;
  }
  const offered = update && { blocked: busy, onUpdate: update.apply };
  const shared = { officer, frame, onBusy: setBusy };
  return (
    <>
      <Offers tablet={tablet} stage={stage} update={busy ? null : update} route={route} />
      <PhotoContext.Provider value={photos}>{screenOf()}</PhotoContext.Provider>
    </>
  );

  function screenOf() {
    switch (route.screen) {
      case "today":
        return <TodayScreen {...shared} customer={null} />;
      case "customers":
        return <CustomersScreen {...shared} customer={null} />;
      case "customer":
        return <Customer {...shared} route={route} />;
      case "record":
        return <RecordScreen {...shared} route={route} />;
      case "new":
        return <NewScreen key={path(route)} {...shared} route={route} />;
      case "edit":
        return <EditScreen key={route.id} {...shared} route={route} />;
      case "mend":
        return <MendScreen key={route.number} {...shared} route={route} />;
      case "visit":
        return <VisitScreen key={path(route)} {...shared} route={route} />;
      case "repayment":
        return <RepaymentScreen key={route.loan} {...shared} route={route} />;
      case "receipt":
        return <ReceiptScreen {...shared} route={route} />;
      case "conflict":
        return <ConflictScreen key={route.id} {...shared} route={route} />;
      case "handover":
        return <HandoverScreen key={route.id} {...shared} route={route} />;
      case "sync":
        return <SyncScreen {...shared} onSignIn={path({ screen: "sign_in" })} />;
      case "settings":
        return (
          <SettingsScreen
            {...shared}
            tablet={tablet}
            theme={theme}
            onTheme={onTheme}
            update={offered}
            version={version}
          />
        );
      case "sign_in":
        return (
          <SignInAgainScreen
            tablet={tablet}
            rows={[]}
            onLang={onLang}
            officer={officer}
            onDone={() => go({ screen: "sync" }, { instead: true })}
          />
        );
      case "take_back":
        return (
          <TakeBackScreen frame={frame} onTakeBack={(code) => tablet.takeBack(officer, code)} />
        );
    }
  }
}

/** From 840 px on a customer stands beside the list that he was opened from; on a phone alone. */
const WIDE = "(min-width: 840px)";

type Shared = {
  readonly officer: Officer;
  readonly frame: FrameContext;
  readonly onBusy: (busy: boolean) => void;
};

function Customer({
  route,
  ...shared
}: Shared & { route: Extract<Route, { screen: "customer" }> }) {
  const wide = useWide();
  if (wide && route.from === "today") return <TodayScreen {...shared} customer={route.id} />;
  if (wide && route.from === "customers")
    return <CustomersScreen {...shared} customer={route.id} />;
  return <CustomerScreen {...shared} route={route} />;
}

function useWide(): boolean {
  const query = useMemo(() => matchMedia(WIDE), []);
  const [wide, setWide] = useState(query.matches);
  useEffect(() => {
    const look = () => setWide(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return wide;
}

/** What every screen's frame says: how much waits, how old the data is. */
function useFrame(officer: Officer, now: number, onLang: (lang: Lang) => void): FrameContext {
  const { desk, book, sync } = officer;
  const { running, report } = sync.state;
  const facts = status(book, new Date(now), running);
  const { waiting } = facts;
  useEffect(() => noteWaiting(officer.row.store, waiting), [officer, waiting]);
  const sending = running
    ? { done: report?.sent ?? 0, all: report?.toSend ?? 0, bytes: 0, allBytes: 0 }
    : null;
  return {
    sync: {
      attention: facts.attention,
      waiting,
      sending,
      online: navigator.onLine,
      syncedAt: facts.synced_at,
      caughtUp: desk.store.meta.caught_up && facts.states.needs_attention === 0,
    },
    now,
    onLang,
  };
}

interface OffersProps extends Pick<OpenProps, "tablet" | "stage" | "route"> {
  readonly update: Update | null;
}

/** What is offered above the screen, never over a half-filled form. */
function Offers({ stage, update, route }: OffersProps) {
  const lang = useLang();
  const quiet = route.screen !== "today" && route.screen !== "settings";
  if (quiet || (update === null && stage.orphans.length === 0)) return null;
  return (
    <aside class="offers pad" aria-label={say(lang, WORDS, "update.title")}>
      {update === null ? null : (
        <Banner
          tone="info"
          icon="download"
          title={say(lang, WORDS, "update.title")}
          action={
            <button type="button" class="btn" onClick={update.apply}>
              {say(lang, WORDS, "update.do")}
            </button>
          }
        >
          {say(lang, WORDS, "update.what")}
        </Banner>
      )}
      {stage.orphans.length === 0 ? null : (
        <Banner
          tone="warn"
          icon="about"
          title={say(lang, WORDS, "orphan.title")}
          href={path({ screen: "take_back" })}
        >
          {say(lang, WORDS, "orphan.what")}
        </Banner>
      )}
    </aside>
  );
}
