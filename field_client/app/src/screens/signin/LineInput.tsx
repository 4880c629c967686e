import { Field, type Labelled } from "../../components/form/Field.tsx";

interface LineInputProps extends Labelled {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** For the password manager: what this is. */
  readonly autoComplete: "username" | "one-time-code" | "off";
}

/** A line that the tablet neither corrects nor capitalises: a username, a code. */
export function LineInput(props: LineInputProps) {
  return (
    <Field of={props}>
      {(aria) => (
        <input
          {...aria}
          class="in"
          type="text"
          autoComplete={props.autoComplete}
          autoCapitalize="none"
          spellcheck={false}
          value={props.value}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
