import { useState } from "preact/hooks";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Icon } from "./Icon.tsx";
import { groupPhone, mask, maskPhone } from "./masks.ts";
import { WORDS } from "./words.ts";

interface MaskedValueProps {
  /** What it is, for the button's name: "the phone number". */
  readonly label: string;
  readonly kind: "phone" | "number";
  readonly value: string;
  /** Told each time that the value is shown: it goes to the audit trail. */
  readonly onShow: () => void;
}

/** A number that identifies a person: the last figures, and the rest after a tap. */
export function MaskedValue({ label, kind, value, onShow }: MaskedValueProps) {
  const lang = useLang();
  const [shown, setShown] = useState(false);
  const whole = kind === "phone" ? groupPhone(value) : value;
  return (
    <button
      type="button"
      class="masked"
      aria-expanded={shown}
      onClick={() => {
        if (!shown) onShow();
        setShown(!shown);
      }}
    >
      <span class="num">{shown ? whole : kind === "phone" ? maskPhone(value) : mask(value)}</span>
      <span class="vh">
        {say(lang, WORDS, shown ? "masked.hide" : "masked.show", { what: label })}
      </span>
      <Icon name={shown ? "eye_off" : "eye"} size="s" />
    </button>
  );
}
