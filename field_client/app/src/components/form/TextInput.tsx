import { Field, type Labelled } from "./Field.tsx";

interface TextInputProps extends Labelled {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Which keyboard comes up, and how the tablet may help. */
  readonly sort?: "text" | "digits" | "code";
}

/** One line of text; `digits` brings up the number keys, `code` keeps the tablet from correcting it. */
export function TextInput(props: TextInputProps) {
  const { value, onChange, sort = "text" } = props;
  return (
    <Field of={props}>
      {(aria) => (
        <input
          {...aria}
          class="in"
          type="text"
          inputMode={sort === "digits" ? "tel" : "text"}
          autoComplete="off"
          autoCapitalize={sort === "text" ? "sentences" : "off"}
          spellcheck={sort === "text"}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
