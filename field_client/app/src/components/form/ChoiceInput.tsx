import { useId } from "preact/hooks";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { Icon, type IconName } from "../Icon.tsx";
import { Field, type Labelled } from "./Field.tsx";
import type { Option } from "./part.ts";
import { WORDS } from "./words.ts";

/** An option; what it means gives it its colour when it is chosen, and an icon with it. */
export interface Meaning extends Option {
  readonly tone?: "ok" | "warn";
}

interface ChoiceInputProps extends Labelled {
  readonly options: readonly Meaning[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** Nothing can be chosen here in place of something: the choice can only be changed. */
  readonly kept?: boolean;
}

const MOST_SEGMENTS = 4;
/** How many letters of a label fit, with a tick beside it, when so many stand side by side on a phone. */
const ROOM: readonly number[] = [0, 30, 17, 10, 6];

/** One of a few: 2 to 4 side by side, more in a list. */
export function ChoiceInput(props: ChoiceInputProps) {
  const isShort = props.options.length <= MOST_SEGMENTS;
  return isShort ? <Segments {...props} /> : <Select {...props} />;
}

function Segments(props: ChoiceInputProps) {
  const { options, value, onChange, kept, required } = props;
  const lang = useLang();
  const name = useId();
  return (
    <Field of={props} many>
      {() => (
        <>
          <div class={isWide(options) ? "seg tall" : "seg"}>
            {options.map((it) => {
              const on = it.value === value;
              return (
                <label key={it.value} class={on ? `on ${CLASSES[it.tone ?? "plain"]}` : undefined}>
                  <input
                    class="vh"
                    type="radio"
                    name={name}
                    value={it.value}
                    checked={on}
                    onChange={() => onChange(it.value)}
                  />
                  {on ? <Icon name={ICONS[it.tone ?? "plain"]} size="s" /> : null}
                  <span>{it.label}</span>
                </label>
              );
            })}
          </div>
          {value !== null && !required && !kept ? (
            <button type="button" class="btn quiet start" onClick={() => onChange(null)}>
              {say(lang, WORDS, "form.clear")}
            </button>
          ) : null}
        </>
      )}
    </Field>
  );
}

const CLASSES = { plain: "", ok: "okk", warn: "warn" } as const;
const ICONS: Readonly<Record<"plain" | "ok" | "warn", IconName>> = {
  plain: "tick",
  ok: "tick",
  warn: "warning",
};

/** Whether the labels need a line each; a Chinese character is as wide as two letters. */
export function isWide(options: readonly Option[]): boolean {
  const width = (text: string) => [...text].reduce((sum, it) => sum + (it > "\u2e7f" ? 2 : 1), 0);
  return options.some((it) => width(it.label) > (ROOM[options.length] ?? 0));
}

function Select(props: ChoiceInputProps) {
  const { options, value, onChange, kept } = props;
  const lang = useLang();
  return (
    <Field of={props}>
      {(aria) => (
        <select
          {...aria}
          class="in"
          value={value ?? ""}
          onInput={(event) => onChange(event.currentTarget.value || null)}
        >
          {kept && value !== null ? null : (
            <option value="">{say(lang, WORDS, "form.choose")}</option>
          )}
          {options.map((it) => (
            <option key={it.value} value={it.value}>
              {it.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A record among those on the tablet. */
export function RefInput(props: Omit<ChoiceInputProps, "kept">) {
  return <Select {...props} />;
}

interface FlagInputProps extends Labelled {
  readonly value: boolean | null;
  readonly onChange: (value: boolean | null) => void;
}

/** Yes or no; neither, as long as nobody has said so. */
export function FlagInput({ value, onChange, ...props }: FlagInputProps) {
  const lang = useLang();
  const options = [
    { value: "yes", label: say(lang, WORDS, "form.yes") },
    { value: "no", label: say(lang, WORDS, "form.no") },
  ];
  return (
    <Segments
      {...props}
      options={options}
      value={value === null ? null : value ? "yes" : "no"}
      onChange={(it) => onChange(it === null ? null : it === "yes")}
    />
  );
}
