import { useId, useState } from "preact/hooks";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../Icon.tsx";
import { Field, type Labelled } from "./Field.tsx";
import type { Option } from "./part.ts";
import { WORDS } from "./words.ts";

interface ChipsInputProps extends Labelled {
  /** What can be chosen with a tap. */
  readonly options: readonly Option[];
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  /** Whether words of one's own can be added. */
  readonly open?: boolean;
}

/** Several of a few, or words of one's own: a chip for each, chosen or not. */
export function ChipsInput(props: ChipsInputProps) {
  const { options, values, onChange, open = false } = props;
  // What was chosen once stays in reach, so that a slip of the finger can be taken back.
  const [seen, setSeen] = useState<readonly string[]>(values);
  const chips = chipsOf(options, values, seen);
  const set = (value: string, on: boolean) => {
    setSeen([...new Set([...seen, ...values, value])]);
    onChange(on ? [...values, value] : values.filter((it) => it !== value));
  };
  return (
    <Field of={props} many>
      {() => (
        <>
          <div class="pillset">
            {chips.map((it) => {
              const on = values.includes(it.value);
              return (
                <label key={it.value} class={on ? "pill on" : "pill"}>
                  <input
                    class="vh"
                    type="checkbox"
                    checked={on}
                    onChange={() => set(it.value, !on)}
                  />
                  {on ? <Icon name="tick" size="xs" /> : null}
                  <span>{it.label}</span>
                </label>
              );
            })}
          </div>
          {open ? <Adder onAdd={(it) => values.includes(it) || set(it, true)} /> : null}
        </>
      )}
    </Field>
  );
}

/** Words of one's own; leaving the input adds them, for nobody remembers the button. */
function Adder({ onAdd }: { readonly onAdd: (value: string) => void }) {
  const lang = useLang();
  const id = useId();
  const [text, setText] = useState("");
  const add = () => {
    const value = text.normalize("NFC").trim();
    if (value !== "") onAdd(value);
    setText("");
  };
  return (
    <div class="adder">
      <label class="hint" for={id}>
        {say(lang, WORDS, "form.another")}
      </label>
      <input
        class="in"
        id={id}
        type="text"
        autoComplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      <button type="button" class="btn" onClick={add}>
        {say(lang, WORDS, "form.add")}
      </button>
    </div>
  );
}

function chipsOf(
  options: readonly Option[],
  values: readonly string[],
  seen: readonly string[],
): readonly Option[] {
  const offered = new Set(options.map((it) => it.value));
  const own = [...new Set([...values, ...seen])].filter((it) => !offered.has(it));
  return [...options, ...own.map((it) => ({ value: it, label: it }))];
}
