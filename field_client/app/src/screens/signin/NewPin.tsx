import { SHORTEST_PIN } from "../../components/PinPad.tsx";
import { SecretInput } from "../../components/SecretInput.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { PinFault } from "./pins.ts";
import { WORDS } from "./words.ts";

interface NewPinProps {
  readonly pin: string;
  readonly again: string;
  readonly fault: PinFault | null;
  readonly onPin: (pin: string) => void;
  readonly onAgain: (again: string) => void;
}

/** A new PIN, typed twice; it can be shown, so that nobody is locked out by a slip of the finger. */
export function NewPin({ pin, again, fault, onPin, onAgain }: NewPinProps) {
  const lang = useLang();
  return (
    <>
      <SecretInput
        id="pin-new"
        label={say(lang, WORDS, "pin.first", { n: SHORTEST_PIN })}
        value={pin}
        onChange={onPin}
        autoComplete="new-password"
        error={
          fault === "short"
            ? say(lang, WORDS, "need.pin", { n: SHORTEST_PIN })
            : fault === "easy"
              ? say(lang, WORDS, "need.easy")
              : null
        }
        digits
      />
      <SecretInput
        id="pin-again"
        label={say(lang, WORDS, "pin.again")}
        value={again}
        onChange={onAgain}
        autoComplete="new-password"
        error={fault === "differs" ? say(lang, WORDS, "need.same") : null}
        digits
      />
    </>
  );
}
