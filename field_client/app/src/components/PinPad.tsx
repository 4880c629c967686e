import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Icon } from "./Icon.tsx";
import { WORDS } from "./words.ts";

interface PinPadProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (digits: string) => void;
  /** Enter on a keyboard; the screen has its own button for it. */
  readonly onDone: () => void;
  readonly disabled?: boolean | undefined;
  /** At the lower left: a way out for who has forgotten the PIN. */
  readonly corner?: ComponentChildren | undefined;
  /** What is read out below the dots: tries left, how long to wait. */
  readonly children?: ComponentChildren | undefined;
}

export const SHORTEST_PIN = 6;
const LONGEST_PIN = 12;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** What may be part of a PIN out of what was typed or pasted. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "").slice(0, LONGEST_PIN);
}

/**
 * A PIN by keys of the size of a thumb, by a keyboard, by pasting or by a password manager.
 *
 * The input is a real one; it lies unseen over the dots and asks for no screen keyboard.
 */
export function PinPad(props: PinPadProps) {
  const lang = useLang();
  const { label, value, disabled = false } = props;
  const box = useRef<HTMLInputElement>(null);
  // It asks for no screen keyboard, so it may have the focus from the start.
  useEffect(() => {
    if (!disabled) box.current?.focus({ preventScroll: true });
  }, [disabled]);
  const dots = Math.max(SHORTEST_PIN, value.length);
  const press = (next: string) => {
    props.onInput(digitsOf(next));
    box.current?.focus({ preventScroll: true });
  };
  return (
    <div class="stack pinpad">
      <p class="strong center" aria-hidden="true">
        {label}
      </p>
      <div class="pin">
        <input
          ref={box}
          class="pin-input"
          type="password"
          inputMode="none"
          autoComplete="current-password"
          aria-label={label}
          value={value}
          disabled={disabled}
          onInput={(event) => {
            const digits = digitsOf(event.currentTarget.value);
            event.currentTarget.value = digits;
            props.onInput(digits);
          }}
          onKeyDown={(event) => event.key === "Enter" && props.onDone()}
        />
        <div class="dots" aria-hidden="true">
          {Array.from({ length: dots }, (_, at) => (
            <i key={at} class={at < value.length ? "f" : undefined} />
          ))}
        </div>
      </div>
      <span class="vh" role="status">
        {value.length > 0 && say(lang, WORDS, "pin.entered", { n: value.length })}
      </span>
      {props.children}
      <fieldset class="keys">
        <legend class="vh">{say(lang, WORDS, "pin.keys")}</legend>
        {KEYS.map((it) => (
          <button
            type="button"
            class="key"
            key={it}
            disabled={disabled}
            onClick={() => press(value + it)}
          >
            {it}
          </button>
        ))}
        {props.corner ?? <span />}
        <button type="button" class="key" disabled={disabled} onClick={() => press(`${value}0`)}>
          0
        </button>
        <button
          type="button"
          class="key flat"
          disabled={disabled}
          aria-label={say(lang, WORDS, "pin.erase")}
          onClick={() => press(value.slice(0, -1))}
        >
          <Icon name="erase" />
        </button>
      </fieldset>
    </div>
  );
}
