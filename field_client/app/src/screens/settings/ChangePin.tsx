import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { SecretInput } from "../../components/SecretInput.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { NewPin } from "../signin/NewPin.tsx";
import { pinFault } from "../signin/pins.ts";
import type { PinChange } from "./model.ts";
import { WORDS } from "./words.ts";

/** A new PIN for an old one; folded away until it is asked for. */
export function ChangePin({ change }: { readonly change: PinChange }) {
  const lang = useLang();
  const [open, setOpen] = useState(change.triesLeft !== null);
  return (
    <Card title={say(lang, WORDS, "pin.title")}>
      {change.state === "done" && (
        <Banner tone="ok" icon="tick" title={say(lang, WORDS, "pin.done")} role="status" />
      )}
      {open && change.state !== "done" ? (
        <Asking change={change} onCancel={() => setOpen(false)} />
      ) : (
        <button type="button" class="btn" onClick={() => setOpen(true)}>
          {say(lang, WORDS, "pin.change")}
        </button>
      )}
    </Card>
  );
}

interface AskingProps {
  readonly change: PinChange;
  readonly onCancel: () => void;
}

function Asking({ change, onCancel }: AskingProps) {
  const lang = useLang();
  const [old, setOld] = useState("");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const isBusy = change.state === "busy";
  const fault = tried ? pinFault(pin, again) : null;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isBusy && old && pinFault(pin, again) === null) change.onChange(old, pin);
      }}
    >
      {change.triesLeft !== null && (
        <Banner
          tone="late"
          icon="warning"
          title={say(lang, WORDS, "pin.missed", { n: change.triesLeft })}
          role="alert"
        />
      )}
      <SecretInput
        id="pin-old"
        label={say(lang, WORDS, "pin.old")}
        value={old}
        onChange={setOld}
        autoComplete="current-password"
        error={tried && !old ? say(lang, WORDS, "pin.need_old") : null}
        digits
      />
      <NewPin pin={pin} again={again} fault={fault} onPin={setPin} onAgain={setAgain} />
      <div class="row wrap">
        <button type="submit" class="btn main" disabled={isBusy}>
          {say(lang, WORDS, isBusy ? "pin.busy" : "pin.save")}
        </button>
        <button type="button" class="btn quiet" onClick={onCancel}>
          {say(lang, WORDS, "pin.cancel")}
        </button>
      </div>
    </form>
  );
}
