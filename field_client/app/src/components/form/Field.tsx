/// <reference path="../../styles/css.d.ts" />

import type { ComponentChildren } from "preact";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../Icon.tsx";
import { WORDS } from "./words.ts";
import "./form.css";

/** What stands around every input. */
export interface Labelled {
  /** The id of the input; links of the summary of faults lead to it. */
  readonly id: string;
  readonly label: ComponentChildren;
  /** How it is filled in. */
  readonly hint?: string | null;
  /** What stood here before, to compare with. */
  readonly last?: string | null;
  readonly error?: string | null;
  /** What others wrote meanwhile, or anything else that belongs below the input. */
  readonly below?: ComponentChildren;
  readonly required?: boolean;
}

/** What ties an input to its hint and its error for those who cannot see them. */
export interface Aria {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

interface FieldProps {
  readonly of: Labelled;
  /** Several inputs under one legend, instead of one under its label. */
  readonly many?: boolean;
  readonly children: (aria: Aria) => ComponentChildren;
}

/** A label above, a hint, an error between label and input: the frame of every input. */
export function Field({ of, many, children }: FieldProps) {
  const aria = ariaOf(of);
  const kind = of.error ? "field bad" : "field";
  const notes = <Notes of={of} />;
  if (many) {
    return (
      <fieldset class={kind} id={of.id} tabIndex={-1} aria-describedby={aria["aria-describedby"]}>
        <legend>
          <Name of={of} />
        </legend>
        {notes}
        {children(aria)}
        {of.below}
      </fieldset>
    );
  }
  return (
    <div class={kind}>
      <label for={of.id}>
        <Name of={of} />
      </label>
      {notes}
      {children(aria)}
      {of.below}
    </div>
  );
}

function Name({ of }: { readonly of: Labelled }) {
  const lang = useLang();
  return (
    <>
      {of.label}{" "}
      {of.required ? <span class="needed">{say(lang, WORDS, "form.needed")}</span> : null}
    </>
  );
}

function Notes({ of }: { readonly of: Labelled }) {
  const lang = useLang();
  const last = of.last ? say(lang, WORDS, "form.last", { value: of.last }) : null;
  return (
    <>
      {of.hint || last ? (
        <p class="hint" id={`${of.id}-hint`}>
          {of.hint}
          {of.hint && last ? <br /> : null}
          {last}
        </p>
      ) : null}
      {of.error ? (
        <p class="err" id={`${of.id}-err`}>
          <Icon name="warning" size="s" />
          <span>{of.error}</span>
        </p>
      ) : null}
    </>
  );
}

function ariaOf(of: Labelled): Aria {
  const described = [of.hint || of.last ? `${of.id}-hint` : "", of.error ? `${of.id}-err` : ""];
  return {
    id: of.id,
    "aria-describedby": described.filter((it) => it !== "").join(" ") || undefined,
    "aria-invalid": of.error ? "true" : undefined,
  };
}
