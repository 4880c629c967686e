import { useRef } from "preact/hooks";
import { useLang } from "../i18n/context.ts";
import { say } from "../i18n/say.ts";
import { Icon } from "./Icon.tsx";
import { WORDS } from "./words.ts";

interface SearchBoxProps {
  /** What can be searched by; drawn inside the box and read out. */
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

/** Search as one types; it has its own button to clear, of the size of a finger. */
export function SearchBox({ label, value, onInput }: SearchBoxProps) {
  const lang = useLang();
  const box = useRef<HTMLInputElement>(null);
  return (
    <search class="in search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        enterKeyHint="search"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {value && (
        <button
          type="button"
          class="btn quiet icon"
          aria-label={say(lang, WORDS, "search.clear")}
          onClick={() => {
            onInput("");
            box.current?.focus();
          }}
        >
          <Icon name="cross" size="s" />
        </button>
      )}
    </search>
  );
}
