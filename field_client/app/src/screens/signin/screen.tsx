import { useState } from "preact/hooks";
import type { Lang } from "../../i18n/catalogue.ts";
import { useChanges } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { path } from "../../shell/router.ts";
import type { LockReason, Tablet } from "../../shell/tablet.ts";
import { signinFault } from "../../shell/told.ts";
import type { VaultRow } from "../../store/vault.ts";
import type { Beginning } from "../../work/account.ts";
import type { SigninFault, SigninStep } from "./model.ts";
import { SigninView } from "./view.tsx";

interface Props {
  readonly tablet: Tablet;
  readonly rows: readonly VaultRow[];
  readonly onLang: (lang: Lang) => void;
}

function personOf(name: string) {
  return { name, latin: null };
}

function Gate({ tablet, rows, onLang, step }: Props & { readonly step: SigninStep }) {
  const users = rows.map((row) => ({
    username: row.username,
    name: personOf(row.name),
    onOpen: () => void tablet.choose(row),
  }));
  return (
    <SigninView
      online={tablet.tools.isOnline()}
      server={location.host}
      users={users}
      step={step}
      onLang={onLang}
    />
  );
}

/** The first sign-in on this tablet: who, then a PIN. *why*: what has become of the one before. */
export function SigninScreen(props: Props & { readonly why: LockReason }) {
  const { tablet, why } = props;
  const [username, setUsername] = useState("");
  const [begun, setBegun] = useState<Beginning | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<SigninFault | null>(why === "wiped" ? { why } : null);
  const attempt = async (what: () => Promise<void>, who: string) => {
    setBusy(true);
    setFault(null);
    try {
      await what();
    } catch (error) {
      setFault(signinFault(error, who));
    } finally {
      setBusy(false);
    }
  };
  const step: SigninStep =
    begun === null
      ? {
          is: "password",
          username,
          deviceName: "",
          busy,
          fault,
          later: null,
          onSignin: (who, password, deviceName) => {
            setUsername(who);
            void attempt(async () => setBegun(await tablet.signIn(who, password, deviceName)), who);
          },
        }
      : {
          is: "pin",
          name: personOf(begun.given.user.name),
          busy,
          fault,
          onPin: (pin) => void attempt(() => tablet.settleIn(begun, pin), begun.username),
        };
  return <Gate {...props} step={step} />;
}

/** A forgotten PIN: password and the supervisor's code give a new one. */
export function ForgotScreen(props: Props & { readonly row: VaultRow }) {
  const { tablet, row } = props;
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<SigninFault | null>(null);
  const step: SigninStep = {
    is: "forgot",
    username: row.username,
    name: personOf(row.name),
    busy,
    fault,
    onRecover: (password, code, pin) => {
      setBusy(true);
      setFault(null);
      tablet
        .recover(row, password, code, pin)
        .catch((error: unknown) => setFault(signinFault(error, row.username)))
        .finally(() => setBusy(false));
    },
    onBack: () => void tablet.choose(row),
  };
  return <Gate {...props} step={step} />;
}

/** The first download; one may begin to work with what is there so far. */
export function DownloadScreen({
  officer,
  onStart,
  ...props
}: Props & { readonly officer: Officer; readonly onStart: () => void }) {
  useChanges(officer);
  const { running, report } = officer.sync.state;
  const step: SigninStep = {
    is: "download",
    customers: officer.book.cards().length,
    records: report?.records ?? 0,
    paused: !running,
    onStart,
  };
  return <Gate {...props} step={step} />;
}

/** The sign-in has ended: the password once more; everything stays. */
export function SignInAgainScreen({
  officer,
  onDone,
  ...props
}: Props & { readonly officer: Officer; readonly onDone: () => void }) {
  const { tablet } = props;
  const { username } = officer.row;
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<SigninFault | null>(null);
  const step: SigninStep = {
    is: "password",
    username,
    deviceName: officer.desk.store.meta.name,
    busy,
    fault,
    later: path({ screen: "sync" }),
    onSignin: (who, password) => {
      if (who.trim() !== username) {
        setFault({ why: "other_user", name: officer.row.name });
        return;
      }
      setBusy(true);
      setFault(null);
      tablet
        .signInAgain(officer, password)
        .then(onDone)
        .catch((error: unknown) => setFault(signinFault(error, officer.row.name)))
        .finally(() => setBusy(false));
    },
  };
  return <Gate {...props} rows={[]} step={step} />;
}
