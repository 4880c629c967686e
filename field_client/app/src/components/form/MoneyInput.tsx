import { useLang } from "../../i18n/context.ts";
import { moneyInWords } from "../../i18n/format.ts";
import type { Json } from "../../schemas/declare.ts";
import { Field, type Labelled } from "./Field.tsx";
import { keptNumber, writtenNumber, YUAN } from "./scale.ts";
import { useTyped } from "./typed.ts";

interface MoneyInputProps extends Labelled {
  /** Fen, null, or text that could not be read as an amount. */
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  /** The one amount that the screen is about. */
  readonly big?: boolean;
}

/** An amount: typed in yuan, kept in fen; in Chinese also said in words, which shows a nought too many. */
export function MoneyInput(props: MoneyInputProps) {
  const { value, onChange, big } = props;
  const lang = useLang();
  const typed = useTyped(
    value,
    (text) => keptNumber(text, YUAN),
    (kept) => writtenNumber(kept, YUAN),
    onChange,
  );
  const isAmount = typeof value === "number" && value > 0;
  return (
    <Field of={props}>
      {(aria) => (
        <>
          <div class={big ? "in number big" : "in number"}>
            <span aria-hidden="true">¥</span>
            <input
              {...aria}
              class="num right"
              type="text"
              inputMode="decimal"
              autoComplete="off"
              value={typed.text}
              onInput={(event) => typed.type(event.currentTarget.value)}
              onBlur={typed.end}
            />
          </div>
          {lang === "zh" && isAmount ? (
            <p class="small muted right">{moneyInWords(value)}</p>
          ) : null}
        </>
      )}
    </Field>
  );
}
