import { useEffect, useState } from "preact/hooks";
import type { Lang } from "../../i18n/catalogue.ts";
import { useNow } from "../../shell/hooks.ts";
import { rescueOf } from "../../shell/rescue.ts";
import type { LockReason, Tablet } from "../../shell/tablet.ts";
import { waitingOf } from "../../shell/waiting.ts";
import { StorageFullError } from "../../store/faults.ts";
import { MOST_MISSES, secondsLeft } from "../../store/misses.ts";
import type { VaultRow } from "../../store/vault.ts";
import { KeyDestroyedError, PinWaitError, WrongPinError } from "../../store/vault_faults.ts";
import type { UnlockState } from "./model.ts";
import { UnlockView } from "./view.tsx";

interface Props {
  readonly tablet: Tablet;
  readonly rows: readonly VaultRow[];
  readonly row: VaultRow;
  readonly why: LockReason;
  readonly onLang: (lang: Lang) => void;
}

export function UnlockScreen({ tablet, rows, row, onLang }: Props) {
  const now = useNow(tablet.tools.now);
  const [missed, setMissed] = useState(false);
  const [full, setFull] = useState(false);
  const [opening, setOpening] = useState(false);
  const [sealed, setSealed] = useState<(() => void) | null>(null);
  useEffect(() => {
    if (!row.destroyed) return;
    void rescueOf(row.store).then((save) => setSealed(() => save));
  }, [row.store, row.destroyed]);
  const unlock = (pin: string) => {
    setOpening(true);
    tablet
      .unlock(row, pin)
      .catch((error: unknown) => {
        if (!isExpected(error)) throw error;
        setMissed(error instanceof WrongPinError);
        setFull(error instanceof StorageFullError);
      })
      .finally(() => setOpening(false));
  };
  const left = secondsLeft(row, tablet.tools.now().getTime());
  const state: UnlockState = row.destroyed
    ? { is: "destroyed", onSaveSealed: sealed }
    : opening
      ? { is: "opening" }
      : {
          is: "locked",
          missed,
          full,
          triesLeft: MOST_MISSES - row.misses,
          waitUntil: left > 0 ? tablet.tools.now().getTime() + left * 1000 : null,
          onUnlock: unlock,
        };
  return (
    <UnlockView
      person={{ name: row.name, latin: null }}
      branch={null}
      online={tablet.tools.isOnline()}
      now={now}
      waiting={waitingOf(row.store)}
      others={rows.length > 1}
      state={state}
      onLang={onLang}
      onOther={() => {
        const other = rows.find((it) => it.store !== row.store);
        if (rows.length === 2 && other) void tablet.choose(other);
        else void tablet.chooseSignIn();
      }}
      onForgot={() => void tablet.forgot(row)}
    />
  );
}

/** Another window has the tablet's stores open. */
export function ElsewhereScreen({ tablet, onLang }: Pick<Props, "tablet" | "onLang">) {
  const now = useNow(tablet.tools.now);
  return (
    <UnlockView
      person={{ name: "", latin: null }}
      branch={null}
      online={tablet.tools.isOnline()}
      now={now}
      waiting={0}
      others={false}
      state={{ is: "elsewhere", onUseHere: () => void tablet.takeOver() }}
      onLang={onLang}
      onOther={() => undefined}
      onForgot={() => undefined}
    />
  );
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof WrongPinError ||
    error instanceof PinWaitError ||
    error instanceof KeyDestroyedError ||
    error instanceof StorageFullError
  );
}
