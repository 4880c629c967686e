import { useLang } from "../../i18n/context.ts";
import { date } from "../../i18n/format.ts";
import type { Json } from "../../schemas/declare.ts";
import { Field, type Labelled } from "./Field.tsx";
import { instantOf, localOf } from "./moments.ts";

interface DateInputProps extends Labelled {
  /** A business date, `2026-06-16`, or null. */
  readonly value: Json;
  readonly onChange: (value: string | null) => void;
  readonly min?: string;
  readonly max?: string;
}

/** A day; beside the tablet's own calendar it says the day of the week, which people plan by. */
export function DateInput(props: DateInputProps) {
  const { value, onChange, min, max } = props;
  const lang = useLang();
  const on = typeof value === "string" ? value : "";
  return (
    <Field of={props}>
      {(aria) => (
        <div class="in">
          <input
            {...aria}
            type="date"
            min={min}
            max={max}
            value={on}
            onInput={(event) => onChange(event.currentTarget.value || null)}
          />
          {/^\d{4}-\d{2}-\d{2}$/.test(on) ? <span class="unit">{date(on, lang)}</span> : null}
        </div>
      )}
    </Field>
  );
}

interface MomentInputProps extends Labelled {
  /** An instant, or null. */
  readonly value: Json;
  readonly onChange: (value: string | null) => void;
}

/** A day and a time of day. */
export function MomentInput(props: MomentInputProps) {
  const { value, onChange } = props;
  return (
    <Field of={props}>
      {(aria) => (
        <input
          {...aria}
          class="in"
          type="datetime-local"
          value={localOf(value)}
          onInput={(event) => onChange(instantOf(event.currentTarget.value))}
        />
      )}
    </Field>
  );
}
