import { useEffect, useState } from "preact/hooks";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { courierOf } from "../../shell/courier.ts";
import type { Theme } from "../../shell/frame.tsx";
import { useRead } from "../../shell/hooks.ts";
import { rescueFrom } from "../../shell/rescue.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import type { Tablet } from "../../shell/tablet.ts";
import { askPersistence, type StorageRoom, storageEstimate } from "../../store/persistence.ts";
import { WrongPinError } from "../../store/vault_faults.ts";
import { status } from "../../work/day.ts";
import { figuresOf } from "../../work/figures.ts";
import { text } from "../../work/views.ts";
import type { PinChange, Update } from "./model.ts";
import { SettingsView } from "./view.tsx";
import { WORDS } from "./words.ts";

interface Props extends Pick<ScreenProps<"settings">, "officer" | "frame"> {
  readonly tablet: Tablet;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly update: Update | null;
  readonly version: string;
}

export function SettingsScreen({ officer, frame, tablet, theme, onTheme, update, version }: Props) {
  const { desk, book } = officer;
  const lang: Lang = useLang();
  const { meta } = desk.store;
  const [room, setRoom] = useState<StorageRoom | null>(null);
  const [persisted, setPersisted] = useState<boolean | null>(null);
  const [pin, setPin] = useState<Omit<PinChange, "onChange">>({ state: "idle", triesLeft: null });
  useEffect(() => void storageEstimate().then(setRoom), []);
  const rescue = useRead(
    officer,
    async () => (officer.journal === null ? null : rescueFrom(officer.journal)),
    [],
  );
  const courier = courierOf(officer);
  const facts = status(book, desk.now(), false);
  const device = desk.store.reference("device").find((it) => it.id === meta.device);
  const onChange = (old: string, next: string) => {
    setPin({ state: "busy", triesLeft: null });
    tablet
      .changePin(officer, old, next)
      .then(() => setPin({ state: "done", triesLeft: null }))
      .catch((error: unknown) => {
        setPin({ state: "idle", triesLeft: error instanceof WrongPinError ? error.left : 0 });
      });
  };
  return (
    <SettingsView
      frame={frame}
      person={{ name: meta.user.name, latin: null }}
      username={meta.user.username}
      branch={branchOf(book.nameOf(meta.user.branch), meta.user.branch)}
      device={{
        name: meta.name,
        code: text(device?.fields.code) || null,
        skewSeconds: meta.skew_seconds,
      }}
      lang={lang}
      theme={theme}
      onTheme={onTheme}
      storage={{
        persisted: persisted ?? officer.persisted(),
        usedBytes: room?.usedBytes ?? null,
        roomBytes: room === null ? null : room.quotaBytes - room.usedBytes,
        onPersist: () => void askPersistence().then(setPersisted),
      }}
      app={{ version, update }}
      pin={{ ...pin, onChange }}
      onLock={() => void tablet.lock()}
      leaving={{
        unsent: facts.waiting,
        drafts: facts.states.draft,
        onSignOut: () => void tablet.signOut(officer),
      }}
      onRescue={facts.waiting > 0 ? rescue : null}
      onCourier={courier === null ? null : () => void courier()}
      figures={
        meta.user.role === "officer"
          ? () => figuresOf(book, desk.today().slice(0, 7), desk.today())
          : null
      }
      journal={officer.journalState()}
      incidents={desk.store.incidents.map((it, at) => ({
        id: `${at} ${it.at}`,
        at: it.at,
        words: WORDS["incidents.digest"],
      }))}
    />
  );
}

function branchOf(name: string, branch: string | null): string | null {
  return name || branch;
}
