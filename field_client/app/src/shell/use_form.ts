// A form on a screen: opened from its draft or afresh, kept with every keystroke, finished or thrown away.

import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { FieldFault } from "../components/form/part.ts";
import type { Kept } from "../components/form/SavedLine.tsx";
import { useLang } from "../i18n/context.ts";
import { describe } from "../schemas/words.ts";
import { StorageFullError } from "../store/faults.ts";
import { InvalidInputError, NotPossibleError } from "../work/faults.ts";
import { Form, type FormPlace } from "../work/form.ts";
import type { Officer } from "./officer.ts";

/** How often a form that could not be kept is tried again: its user has been told to make room. */
const AGAIN_MS = 3_000;

export interface OpenForm {
  readonly form: Form;
  readonly kept: Kept;
  readonly faults: readonly FieldFault[];
  readonly attempt: number;
  readonly finishing: boolean;
  /** Why it could not be saved, where that is not a fault of a field. */
  readonly refused: "full" | NotPossibleError | Error | null;
  /** Finish it; faults and refusals are shown, whatever else goes wrong is thrown. */
  readonly finish: (save: (form: Form) => Promise<unknown>) => Promise<boolean>;
}

/** Open a form; null until it is open, "missing" where its record is not on this tablet. */
export function useForm(
  officer: Officer,
  place: FormPlace,
  onBusy: (busy: boolean) => void,
): OpenForm | "missing" | null {
  const lang = useLang();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const [opened, setOpened] = useState<Form | "missing" | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [finishing, setFinishing] = useState(false);
  const [invalid, setInvalid] = useState<InvalidInputError | null>(null);
  const [refused, setRefused] = useState<OpenForm["refused"]>(null);
  const busy = useRef(onBusy);
  busy.current = onBusy;
  const key = `${place.screen} ${place.type} ${place.record ?? ""} ${place.customer ?? ""}`;

  useEffect(() => {
    let current = true;
    setOpened(null);
    setInvalid(null);
    setRefused(null);
    setAttempt(0);
    const changed = () => {
      if (current) draw(undefined);
    };
    Form.open(officer.desk, place, changed)
      .then((form) => {
        if (!current) return;
        setOpened(form);
      })
      .catch((error: unknown) => {
        if (current) setOpened("missing");
        if (!(error instanceof NotPossibleError)) throw error;
      });
    return () => {
      current = false;
      busy.current(false);
    };
  }, [officer, key]);

  const touched = opened !== null && opened !== "missing" && opened.isTouched;
  useEffect(() => busy.current(touched), [touched]);

  const form = opened === "missing" ? null : opened;
  const stuck = form?.kept?.state === "failed" || refused === "full";
  useEffect(() => {
    if (form === null || !stuck) return;
    const again = () => {
      void form.keepAgain().then((kept) => {
        if (kept) setRefused((why) => (why === "full" ? null : why));
      });
    };
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [form, stuck]);

  if (opened === null || opened === "missing") return opened;
  const faults = (invalid?.faults ?? []).map((it): FieldFault => {
    const type = officer.desk.registry.get(invalid?.type ?? "");
    return { path: it.field, message: describe(it, type, lang) };
  });
  const finish = async (save: (form: Form) => Promise<unknown>): Promise<boolean> => {
    setFinishing(true);
    setRefused(null);
    try {
      await save(opened);
      return true;
    } catch (error) {
      setAttempt((count) => count + 1);
      setInvalid(error instanceof InvalidInputError ? error : null);
      if (error instanceof StorageFullError) setRefused("full");
      else if (!(error instanceof InvalidInputError)) setRefused(asError(error));
      return false;
    } finally {
      setFinishing(false);
    }
  };
  return { form: opened, kept: keptOf(opened), faults, attempt, finishing, refused, finish };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function keptOf(form: Form): Kept {
  const { kept } = form;
  if (kept?.state !== "failed") return kept;
  return { state: "failed", full: kept.error instanceof StorageFullError };
}
