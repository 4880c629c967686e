// The questions of the inspection note, one card each, in the order of the checklist.

import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Chip } from "../../components/Chip.tsx";
import { ChoiceInput, type Meaning } from "../../components/form/ChoiceInput.tsx";
import { DateInput } from "../../components/form/DateInput.tsx";
import type { Labelled } from "../../components/form/Field.tsx";
import { MoneyInput } from "../../components/form/MoneyInput.tsx";
import { NumberInput } from "../../components/form/NumberInput.tsx";
import { type FieldFault, inputId } from "../../components/form/part.ts";
import { shownValue } from "../../components/form/shown.ts";
import { TextArea } from "../../components/form/TextArea.tsx";
import { TextInput } from "../../components/form/TextInput.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Json } from "../../schemas/declare.ts";
import { answerKind, isAnswered, isFlagged, type Question } from "./checklist.ts";
import { answerNotePath, answerPath } from "./missing.ts";
import type { NoteForm } from "./model.ts";
import { WORDS } from "./words.ts";

interface NoteProps {
  readonly note: NoteForm;
  readonly faults: readonly FieldFault[];
}

/** What a supervisor said who returned the note: before anything that is to be mended. */
export function Returned({ note }: { readonly note: NoteForm }) {
  const lang = useLang();
  if (note.returned === null) return null;
  const { who, comment } = note.returned;
  return (
    <Banner tone="late" icon="cross" title={say(lang, WORDS, "visit.returned", { who })}>
      {comment}
    </Banner>
  );
}

export function NoteBody({ note, faults }: NoteProps) {
  return (
    <>
      {note.questions.map((it, at) => (
        <QuestionCard key={it.qid} question={it} n={at + 1} note={note} faults={faults} />
      ))}
    </>
  );
}

interface QuestionProps extends NoteProps {
  readonly question: Question;
  readonly n: number;
}

function QuestionCard({ question, n, note, faults }: QuestionProps) {
  const lang = useLang();
  const path = answerPath(question.qid);
  const value = note.values[path] ?? null;
  const flagged = isFlagged(question, value);
  const last = note.last[path] ?? null;
  return (
    <div class="card stack">
      <Answer
        question={question}
        value={value}
        onChange={(it) => note.onChange(path, it)}
        of={{
          id: inputId(path),
          label: `${n}. ${question.text[lang]}`,
          hint: hintOf(question, last, lang),
          error: faults.find((it) => it.path === path)?.message ?? null,
          required: question.required && question.answer !== "photo",
        }}
      />
      {flagged && question.severity !== null ? (
        <div class="row">
          <Chip tone="warn" icon="warning">
            {say(lang, WORDS, `visit.flag.${question.severity}`)}
          </Chip>
        </div>
      ) : null}
      <NoteOnAnswer
        question={question}
        note={note}
        wanted={flagged}
        isAnswered={isAnswered(value)}
      />
    </div>
  );
}

function hintOf(question: Question, last: Json, lang: Lang): string | null {
  if (question.answer === "photo") return say(lang, WORDS, "visit.answer.photo");
  const words = shownValue(answerKind(question), last, lang, {});
  return words === "" ? null : say(lang, WORDS, "visit.answer.hint_last", { value: words });
}

// --------------------------------------------------------------------------------------- answers

interface AnswerProps {
  readonly question: Question;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  readonly of: Labelled;
}

function Answer({ question, value, onChange, of }: AnswerProps) {
  const lang = useLang();
  const written = typeof value === "string" ? value : "";
  switch (question.answer) {
    case "yes_no":
    case "choice":
      return (
        <ChoiceInput
          {...of}
          options={meaningsOf(question, lang)}
          value={written || null}
          onChange={onChange}
        />
      );
    case "number":
      return <NumberInput {...of} value={value} onChange={onChange} />;
    case "money":
      return <MoneyInput {...of} value={value} onChange={onChange} />;
    case "date":
      return <DateInput {...of} value={value} onChange={onChange} />;
    case "photo":
      return <TextInput {...of} value={written} onChange={(it) => onChange(it || null)} />;
    case "text":
      return <TextArea {...of} value={written} onChange={(it) => onChange(it || null)} />;
  }
}

/** The answers to choose from; one that opens a finding looks like it once it is chosen. */
function meaningsOf(question: Question, lang: Lang): readonly Meaning[] {
  const kind = answerKind(question);
  const options = kind.kind === "choice" ? Object.entries(kind.options) : [];
  const offered = options.map(([value, label]) => ({ value, label: label[lang] }));
  if (question.flag_if === null) return offered;
  return offered.map((it) => ({ ...it, tone: isFlagged(question, it.value) ? "warn" : "ok" }));
}

interface NoteOnAnswerProps {
  readonly question: Question;
  readonly note: NoteForm;
  /** The answer is one that people will ask about. */
  readonly wanted: boolean;
  readonly isAnswered: boolean;
}

/** Words about an answer: asked for where it is out of the ordinary, a button away where it is not. */
function NoteOnAnswer({ question, note, wanted, isAnswered: answered }: NoteOnAnswerProps) {
  const lang = useLang();
  const path = answerNotePath(question.qid);
  const value = note.values[path] ?? null;
  const [opened, setOpened] = useState(false);
  if (question.answer === "text" || question.answer === "photo") return null;
  if (wanted || opened || value !== null) {
    return (
      <TextArea
        id={inputId(path)}
        label={say(lang, WORDS, "visit.answer.note")}
        value={typeof value === "string" ? value : ""}
        onChange={(it) => note.onChange(path, it || null)}
      />
    );
  }
  if (!answered) return null;
  return (
    <button type="button" class="btn quiet start" onClick={() => setOpened(true)}>
      {say(lang, WORDS, "visit.answer.add_note")}
      <span class="vh">{question.text[lang]}</span>
    </button>
  );
}
