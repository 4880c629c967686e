import type { Json } from "../../schemas/declare.ts";
import { Field, type Labelled } from "./Field.tsx";
import { keptNumber, PLAIN, type Scale, writtenNumber } from "./scale.ts";
import { useTyped } from "./typed.ts";

interface NumberInputProps extends Labelled {
  /** A whole number in stored units, null, or text that could not be read as one. */
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  readonly scale?: Scale;
  /** The word behind the number: mu, %, m. */
  readonly unit?: string | null;
}

/** A number: the number keys, right-aligned, its unit behind it. */
export function NumberInput(props: NumberInputProps) {
  const { value, onChange, scale = PLAIN, unit } = props;
  const typed = useTyped(
    value,
    (text) => keptNumber(text, scale),
    (kept) => writtenNumber(kept, scale),
    onChange,
  );
  return (
    <Field of={props}>
      {(aria) => (
        <div class="in number">
          <input
            {...aria}
            class="num right"
            type="text"
            inputMode={scale.places > 0 ? "decimal" : "numeric"}
            autoComplete="off"
            value={typed.text}
            onInput={(event) => typed.type(event.currentTarget.value)}
            onBlur={typed.end}
          />
          {unit ? <span class="unit">{unit}</span> : null}
        </div>
      )}
    </Field>
  );
}
