import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Json, Kind } from "../../schemas/declare.ts";
import { ChipsInput } from "./ChipsInput.tsx";
import { ChoiceInput, FlagInput, RefInput } from "./ChoiceInput.tsx";
import { DateInput, MomentInput } from "./DateInput.tsx";
import { Field, type Labelled } from "./Field.tsx";
import { MoneyInput } from "./MoneyInput.tsx";
import { ListInput, RecordInput } from "./Nested.tsx";
import { NumberInput } from "./NumberInput.tsx";
import type { Option } from "./part.ts";
import { scaleOf } from "./scale.ts";
import { isDigits, type Names, pick, shownValue, unitWord } from "./shown.ts";
import { TextArea } from "./TextArea.tsx";
import { TextInput } from "./TextInput.tsx";
import { WORDS } from "./words.ts";

export interface KindInputProps extends Labelled {
  readonly kind: Kind;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  /** What a reference, or a set of them, can be chosen from. */
  readonly options?: readonly Option[] | undefined;
  readonly names: Names;
  /** A choice that cannot be taken back to nothing: the state of a record. */
  readonly kept?: boolean;
}

/** The input of any kind of value. What a kind has no input for is shown as it stands. */
export function KindInput(props: KindInputProps) {
  const { kind, value, onChange, options, names, kept, ...of } = props;
  const lang = useLang();
  const text = typeof value === "string" ? value : "";
  const setText = (typed: string) => onChange(typed === "" ? null : typed);
  switch (kind.kind) {
    case "text":
      if (kind.lines) return <TextArea {...of} value={text} onChange={setText} />;
      return (
        <TextInput
          {...of}
          sort={isDigits(kind) ? "digits" : "text"}
          value={text}
          onChange={(typed) => setText(isDigits(kind) ? digitsOf(typed) : typed)}
        />
      );
    case "national_id":
      return (
        <TextInput
          {...of}
          sort="code"
          value={text}
          onChange={(typed) => setText(digitsOf(typed).toUpperCase())}
        />
      );
    case "integer":
      if (kind.unit === "fen") return <MoneyInput {...of} value={value} onChange={onChange} />;
      return (
        <NumberInput
          {...of}
          scale={scaleOf(kind.unit)}
          unit={unitWord(kind.unit, lang)}
          value={value}
          onChange={onChange}
        />
      );
    case "flag":
      return (
        <FlagInput {...of} value={typeof value === "boolean" ? value : null} onChange={onChange} />
      );
    case "date":
      return <DateInput {...of} value={value} onChange={onChange} />;
    case "instant":
      return <MomentInput {...of} value={value} onChange={onChange} />;
    case "choice":
      return (
        <ChoiceInput
          {...of}
          options={optionsOf(kind)}
          value={text || null}
          onChange={onChange}
          kept={kept ?? false}
        />
      );
    case "ref":
      return <RefInput {...of} options={options ?? []} value={text || null} onChange={onChange} />;
    case "set":
      return <SetInput {...props} />;
    case "list":
      return <ListInput {...props} of={kind.of} />;
    case "record":
      return <RecordInput {...props} members={kind.members} titles={kind.titles} />;
    case "value":
      return <AnswerInput {...props} />;
    case "id":
    case "object":
    case "any":
      return (
        <Field of={of} many>
          {() => <p>{shownValue(kind, value, lang, names) || say(lang, WORDS, "form.not_set")}</p>}
        </Field>
      );
  }

  function optionsOf(choice: Kind): readonly Option[] {
    if (choice.kind !== "choice") return [];
    return Object.entries(choice.options).map(([key, it]) => ({
      value: key,
      label: pick(it, lang),
    }));
  }
}

/** A set of choices or of references as chips; of texts as chips with words of one's own. */
function SetInput(props: KindInputProps) {
  const { kind, value, onChange, options = [], names: _names, kept: _kept, ...of } = props;
  const lang = useLang();
  if (kind.kind !== "set") return null;
  const element = kind.of;
  if (element.kind !== "choice" && element.kind !== "ref" && element.kind !== "text") {
    return <ListInput {...props} of={element} />;
  }
  const choices =
    element.kind === "choice"
      ? Object.entries(element.options).map(([key, it]) => ({ value: key, label: pick(it, lang) }))
      : options;
  return (
    <ChipsInput
      {...of}
      options={choices}
      values={textsOf(value)}
      onChange={onChange}
      open={element.kind === "text"}
    />
  );
}

/** An answer of a kind that its checklist knows; without the checklist it is asked for as it stands. */
function AnswerInput(props: KindInputProps) {
  const {
    value,
    onChange,
    kind: _kind,
    options: _options,
    names: _names,
    kept: _kept,
    ...of
  } = props;
  if (typeof value === "boolean") return <FlagInput {...of} value={value} onChange={onChange} />;
  if (typeof value === "number") return <NumberInput {...of} value={value} onChange={onChange} />;
  if (Array.isArray(value)) {
    return <ChipsInput {...of} options={[]} values={textsOf(value)} onChange={onChange} open />;
  }
  return (
    <TextInput
      {...of}
      value={typeof value === "string" ? value : ""}
      onChange={(typed) => onChange(typed === "" ? null : typed)}
    />
  );
}

function textsOf(value: Json): readonly string[] {
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === "string") : [];
}

/** Phones and id numbers without the blanks that people group them by. */
function digitsOf(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s-]/g, "");
}
