import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { Frame } from "../../components/Frame.tsx";
import { ErrorSummary } from "../../components/form/ErrorSummary.tsx";
import type { FieldPart, Part } from "../../components/form/part.ts";
import { NotSaved, SavedLine } from "../../components/form/SavedLine.tsx";
import { pick } from "../../components/form/shown.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { EditProps } from "./model.ts";
import { PartView } from "./parts.tsx";
import { WORDS } from "./words.ts";

/** The form of any record. */
export function EditView(form: EditProps) {
  const lang = useLang();
  const what = pick(form.what, lang);
  const title = say(lang, WORDS, form.mode === "create" ? "edit.new" : "edit.change", { what });
  const canWrite = form.parts.some(isOpen);
  return (
    <Frame
      context={form.frame}
      title={title}
      sub={form.about}
      back={form.back}
      nav={null}
      actions={canWrite ? <Actions form={form} /> : undefined}
    >
      <div class="pad form-col">
        <NotSaved kept={form.kept} />
        <ErrorSummary faults={form.faults} wrong attempt={form.attempt} />
        <OthersWrote form={form} />
        {canWrite ? (
          <SavedLine kept={form.kept} />
        ) : (
          <EmptyState
            icon="lock"
            title={say(lang, WORDS, "edit.nothing")}
            action={
              <a class="btn" href={form.back}>
                {say(lang, WORDS, "edit.nothing.back")}
              </a>
            }
          >
            {say(lang, WORDS, "edit.nothing.what")}
          </EmptyState>
        )}
        {cardsOf(form.parts).map((parts) => (
          <div class="card stack wide-gap" key={nameOf(parts)}>
            {parts.map((it) => (
              <PartView key={nameOf([it])} part={it} form={form} />
            ))}
          </div>
        ))}
        {form.worked}
        {form.touched ? <Drop onDrop={form.onDrop} /> : null}
      </div>
    </Frame>
  );
}

function Actions({ form }: { readonly form: EditProps }) {
  const lang = useLang();
  const idle = !form.touched && form.mode === "edit";
  const words = form.finishing ? "edit.finishing" : idle ? "edit.unchanged" : "edit.finish";
  return (
    <>
      <button type="button" class="btn" onClick={form.onLater}>
        {say(lang, WORDS, "edit.later")}
      </button>
      <button
        type="button"
        class="btn main"
        disabled={form.finishing || idle}
        onClick={form.onFinish}
      >
        {say(lang, WORDS, words)}
      </button>
    </>
  );
}

/** Says at the top that the record moved under the form; what was written stands at the fields. */
function OthersWrote({ form }: { readonly form: EditProps }) {
  const lang = useLang();
  if (form.meanwhile.length === 0) return null;
  const titles = form.meanwhile.map((it) => {
    const part = fieldsOf(form.parts).find((field) => field.path === it.path);
    return part ? pick(part.title, lang) : it.path;
  });
  const fields = [...new Set(titles)].join(lang === "zh" ? "、" : ", ");
  return (
    <Banner tone="clash" icon="fork" title={say(lang, WORDS, "edit.meanwhile.title")}>
      {say(lang, WORDS, "edit.meanwhile.fields", { fields })}
    </Banner>
  );
}

/** Throwing a draft away takes two taps. */
function Drop({ onDrop }: { readonly onDrop: () => void }) {
  const lang = useLang();
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" class="btn quiet danger-text start" onClick={() => setAsked(true)}>
        {say(lang, WORDS, "edit.drop")}
      </button>
    );
  }
  return (
    <div class="card stack">
      <p>{say(lang, WORDS, "edit.drop.sure")}</p>
      <div class="row wrap">
        <button type="button" class="btn danger" onClick={onDrop}>
          {say(lang, WORDS, "edit.drop.yes")}
        </button>
        <button type="button" class="btn" onClick={() => setAsked(false)}>
          {say(lang, WORDS, "edit.drop.no")}
        </button>
      </div>
    </div>
  );
}

function isOpen(part: Part): boolean {
  return part.part === "group" ? part.fields.some((it) => it.open) : part.open;
}

/** Runs of single fields share a card; what is a whole of its own gets one. */
function cardsOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const cards: Part[][] = [];
  for (const part of parts) {
    const last = cards.at(-1);
    if (part.part !== "map" && last !== undefined && last[0]?.part !== "map") last.push(part);
    else cards.push([part]);
  }
  return cards;
}

function nameOf(parts: readonly Part[]): string {
  const [first] = parts;
  if (first === undefined) return "";
  return first.part === "group" || first.part === "place" ? first.name : first.path;
}

function fieldsOf(parts: readonly Part[]): readonly FieldPart[] {
  return parts.flatMap(fieldsIn);
}

function fieldsIn(part: Part): readonly FieldPart[] {
  switch (part.part) {
    case "field":
      return [part];
    case "group":
    case "place":
      return part.fields;
    case "map":
      return part.entries.flatMap((entry) => entry.fields);
  }
}
