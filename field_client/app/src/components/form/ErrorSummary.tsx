import { useEffect, useRef } from "preact/hooks";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { type FieldFault, inputId } from "./part.ts";
import { WORDS } from "./words.ts";

interface ErrorSummaryProps {
  readonly faults: readonly FieldFault[];
  /** Something is there but does not fit; otherwise something is missing. */
  readonly wrong?: boolean;
  /** Counts the attempts to finish: each moves the focus here. 0: it was here from the start. */
  readonly attempt: number;
}

/** What stands in the way of finishing, with a link to each; the same words stand at the inputs. */
export function ErrorSummary({ faults, wrong = false, attempt }: ErrorSummaryProps) {
  const lang = useLang();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (faults.length === 0) return null;
  return (
    <div class="errsum" role="alert" tabIndex={-1} ref={box}>
      <h2>{say(lang, WORDS, wrong ? "form.to_mend" : "form.missing", { n: faults.length })}</h2>
      <ul>
        {faults.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            {path === null ? (
              <p class="err">{message}</p>
            ) : (
              <a
                href={`#${inputId(path)}`}
                onClick={(event) => {
                  event.preventDefault(); // the address belongs to the screens
                  goTo(path);
                }}
              >
                {message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Moves the focus to the input of a path; under a legend, to the first of its inputs. */
function goTo(path: string): void {
  const found = document.getElementById(inputId(path));
  if (found === null) return;
  const input = found instanceof HTMLFieldSetElement ? found.querySelector("input") : found;
  const target = input ?? found;
  target.focus({ preventScroll: true });
  (target.closest(".field") ?? target).scrollIntoView({ block: "center" });
}
