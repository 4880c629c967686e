import { useLayoutEffect, useRef } from "preact/hooks";
import { Field, type Labelled } from "./Field.tsx";

interface TextAreaProps extends Labelled {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Several lines of text; it grows with what is written, so that all of it can be read. */
export function TextArea(props: TextAreaProps) {
  const { value, onChange } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(area.current), [value]);
  return (
    <Field of={props}>
      {(aria) => (
        <textarea
          {...aria}
          ref={area}
          class="in area"
          rows={2}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function grow(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 3}px`;
}
