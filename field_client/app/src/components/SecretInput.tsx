import { useState } from "preact/hooks";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Field, type Labelled } from "./form/Field.tsx";
import { Icon } from "./Icon.tsx";
import { WORDS } from "./words.ts";

interface SecretInputProps extends Labelled {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** For the password manager: what this is. */
  readonly autoComplete: "current-password" | "new-password" | "one-time-code" | "off";
  /** Digits bring up the number keys. */
  readonly digits?: boolean | undefined;
}

// The two types have different attributes, so each is written out.
const TEXT = { type: "text" } as const;
const SECRET = { type: "password" } as const;

/** A password or PIN; it can be shown, pasted, and filled in by a password manager. */
export function SecretInput(props: SecretInputProps) {
  const { value, onChange, autoComplete, digits = false } = props;
  const lang = useLang();
  const [shown, setShown] = useState(false);
  return (
    <Field of={props}>
      {(aria) => (
        <div class="in">
          <input
            {...aria}
            {...(shown ? TEXT : SECRET)}
            inputMode={digits ? "numeric" : "text"}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellcheck={false}
            value={value}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          <button
            type="button"
            class="btn quiet icon"
            aria-pressed={shown}
            aria-label={say(lang, WORDS, "secret.show")}
            onClick={() => setShown(!shown)}
          >
            <Icon name={shown ? "eye_off" : "eye"} />
          </button>
        </div>
      )}
    </Field>
  );
}
