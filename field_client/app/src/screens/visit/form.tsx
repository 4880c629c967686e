// The form of a visit: arrival, what came of it, the questions of the note, and words of one's own.

import { Card } from "../../components/Card.tsx";
import { ChipsInput } from "../../components/form/ChipsInput.tsx";
import { ChoiceInput } from "../../components/form/ChoiceInput.tsx";
import { DateInput, MomentInput } from "../../components/form/DateInput.tsx";
import { ErrorSummary } from "../../components/form/ErrorSummary.tsx";
import { MoneyInput } from "../../components/form/MoneyInput.tsx";
import { PlaceInput } from "../../components/form/PlaceInput.tsx";
import { type FieldFault, inputId } from "../../components/form/part.ts";
import { NotSaved, SavedLine } from "../../components/form/SavedLine.tsx";
import { TextArea } from "../../components/form/TextArea.tsx";
import { Progress } from "../../components/Progress.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Json } from "../../schemas/declare.ts";
import type { Question } from "./checklist.ts";
import { missingOf, type Step, stepsOf } from "./missing.ts";
import type { NoteForm, VisitForm } from "./model.ts";
import { NoteBody, Returned } from "./note.tsx";
import { Photos } from "./photos.tsx";
import { WORDS } from "./words.ts";

/** The form, with what is said at each of its inputs. */
export interface Said {
  readonly form: VisitForm;
  readonly faults: readonly FieldFault[];
}

export function VisitBody({ form }: { readonly form: VisitForm }) {
  const lang = useLang();
  const questions = form.note?.questions ?? [];
  const steps = stepsOf(form.values, form.note?.values ?? {}, questions);
  const missing = missingOf(steps).map((it) => ({
    path: it.path,
    message: needWords(it, questions, lang),
  }));
  const faults = form.attempt === 0 ? form.faults : [...missing, ...form.faults];
  const said: Said = { form, faults };
  const met = form.values.outcome === "done";
  return (
    <>
      <Header form={form} steps={steps} />
      <NotSaved kept={form.kept} />
      <ErrorSummary faults={faults} wrong={missing.length === 0} attempt={form.attempt} />
      {form.note === null ? null : <Returned note={form.note} />}
      <Arrival said={said} />
      <Outcome said={said} />
      {met && form.note !== null ? <NoteBody note={form.note} faults={faults} /> : null}
      {met ? <Closing said={said} note={form.note} /> : null}
      <Photos form={form.photos} />
      {form.values.outcome ? <PromiseCard said={said} /> : null}
    </>
  );
}

/** How much is done, and that it is kept. */
function Header({ form, steps }: { readonly form: VisitForm; readonly steps: readonly Step[] }) {
  const lang = useLang();
  const done = steps.filter((it) => it.done).length;
  return (
    <div class="stack tight-gap">
      <div class="row between small wrap">
        <span class="strong">{say(lang, WORDS, "visit.done", { done, all: steps.length })}</span>
        <SavedLine kept={form.kept} />
      </div>
      <Progress label={say(lang, WORDS, "visit.progress")} done={done} all={steps.length} />
    </div>
  );
}

// --------------------------------------------------------------------------------------- arrival

function Arrival({ said: { form, faults } }: { readonly said: Said }) {
  const lang = useLang();
  const { values, onChange } = form;
  const hasPlace = typeof values.arrive_lat_e6 === "number";
  const wasNotDone =
    values.outcome !== null && values.outcome !== undefined && values.outcome !== "done";
  return (
    <Card title={say(lang, WORDS, "visit.arrival")}>
      <MomentInput
        id={inputId("arrived_at")}
        label={say(lang, WORDS, "visit.arrived_at")}
        error={errorAt(faults, "arrived_at")}
        required
        value={values.arrived_at ?? null}
        onChange={(it) => onChange("arrived_at", it)}
      />
      <PlaceInput
        id={inputId("place")}
        label={say(lang, WORDS, "visit.place")}
        hint={hasPlace ? null : say(lang, WORDS, "visit.place.hint")}
        error={errorAt(faults, "place")}
        place={form.place}
        final
        onAsk={form.onAskPlace}
      />
      {!hasPlace && !wasNotDone && form.place.state !== "none" && form.place.state !== "asking" ? (
        <TextArea
          id={inputId("reason")}
          label={say(lang, WORDS, "visit.place.reason")}
          value={text(values.reason)}
          onChange={(it) => onChange("reason", it || null)}
        />
      ) : null}
      <ChipsInput
        id={inputId("purposes")}
        label={say(lang, WORDS, "visit.purposes")}
        error={errorAt(faults, "purposes")}
        required
        options={form.purposes}
        values={texts(values.purposes)}
        onChange={(it) => onChange("purposes", it)}
      />
    </Card>
  );
}

// --------------------------------------------------------------------------------------- outcome

function Outcome({ said: { form, faults } }: { readonly said: Said }) {
  const lang = useLang();
  const { values, onChange } = form;
  const outcome = text(values.outcome) || null;
  const noPlace = typeof values.arrive_lat_e6 !== "number";
  return (
    <div class="card stack">
      <ChoiceInput
        id={inputId("outcome")}
        label={say(lang, WORDS, "visit.outcome")}
        error={errorAt(faults, "outcome")}
        required
        options={form.outcomes}
        value={outcome}
        onChange={(it) => onChange("outcome", it)}
      />
      {outcome !== null && outcome !== "done" ? (
        <TextArea
          id={inputId("reason")}
          label={say(lang, WORDS, "visit.reason")}
          hint={say(lang, WORDS, noPlace ? "visit.reason.also_place" : "visit.reason.hint")}
          error={errorAt(faults, "reason")}
          required
          value={text(values.reason)}
          onChange={(it) => onChange("reason", it || null)}
        />
      ) : null}
      {outcome === "done" ? (
        <ChipsInput
          id={inputId("met_with")}
          label={say(lang, WORDS, "visit.met")}
          error={errorAt(faults, "met_with")}
          required
          options={form.people.map((it) => ({ value: it, label: it }))}
          values={texts(values.met_with)}
          onChange={(it) => onChange("met_with", it)}
          open
        />
      ) : null}
    </div>
  );
}

// --------------------------------------------------------------------------------- summary, promise

function Closing({ said, note }: { readonly said: Said; readonly note: NoteForm | null }) {
  const lang = useLang();
  const { form, faults } = said;
  return (
    <div class="card stack">
      {note === null ? null : (
        <>
          <TextArea
            id={inputId("narrative")}
            label={say(lang, WORDS, "visit.narrative")}
            hint={say(lang, WORDS, "visit.narrative.hint")}
            error={errorAt(faults, "narrative")}
            value={text(note.values.narrative)}
            onChange={(it) => note.onChange("narrative", it || null)}
          />
          <ChoiceInput
            id={inputId("conclusion")}
            label={say(lang, WORDS, "visit.conclusion")}
            error={errorAt(faults, "conclusion")}
            options={note.conclusions}
            value={text(note.values.conclusion) || null}
            onChange={(it) => note.onChange("conclusion", it)}
          />
        </>
      )}
      <TextArea
        id={inputId("summary")}
        label={say(lang, WORDS, "visit.summary")}
        error={errorAt(faults, "summary")}
        required
        value={text(form.values.summary)}
        onChange={(it) => form.onChange("summary", it || null)}
      />
    </div>
  );
}

function PromiseCard({ said: { form, faults } }: { readonly said: Said }) {
  const lang = useLang();
  const { values, onChange } = form;
  return (
    <Card title={say(lang, WORDS, "visit.promise")}>
      <p class="hint">{say(lang, WORDS, "visit.promise.hint")}</p>
      <MoneyInput
        id={inputId("promise_amount_fen")}
        label={say(lang, WORDS, "visit.promise.amount")}
        error={errorAt(faults, "promise_amount_fen")}
        value={values.promise_amount_fen ?? null}
        onChange={(it) => onChange("promise_amount_fen", it)}
      />
      <DateInput
        id={inputId("promise_on")}
        label={say(lang, WORDS, "visit.promise.day")}
        error={errorAt(faults, "promise_on")}
        value={values.promise_on ?? null}
        onChange={(it) => onChange("promise_on", it)}
      />
    </Card>
  );
}

// ----------------------------------------------------------------------------------------- words

function needWords(step: Step, questions: readonly Question[], lang: Lang): string {
  if (step.need !== "answer" || step.question === null) {
    return say(lang, WORDS, `need.${step.need === "answer" ? "summary" : step.need}`);
  }
  const question = questions[step.question - 1]?.text[lang] ?? "";
  return say(lang, WORDS, "need.answer", { n: step.question, question });
}

export function errorAt(faults: readonly FieldFault[], path: string): string | null {
  return faults.find((it) => it.path === path)?.message ?? null;
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === "string") : [];
}
