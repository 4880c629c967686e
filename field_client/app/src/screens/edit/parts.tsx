// The parts of a form, each shown by its sort.

import { KindInput } from "../../components/form/KindInput.tsx";
import { PlaceInput, type PlaceState } from "../../components/form/PlaceInput.tsx";
import {
  type FieldPart,
  inputId,
  type MapEntry,
  type MapPart,
  type Part,
  type PlacePart,
} from "../../components/form/part.ts";
import { pick, shownValue } from "../../components/form/shown.ts";
import { WORDS as FORM_WORDS } from "../../components/form/words.ts";
import { Icon } from "../../components/Icon.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Json } from "../../schemas/declare.ts";
import { choiceOf } from "./layout.ts";
import type { EditProps } from "./model.ts";
import { WORDS } from "./words.ts";

interface PartProps<P> {
  readonly part: P;
  readonly form: EditProps;
}

/** One part of the form. */
export function PartView({ part, form }: PartProps<Part>) {
  switch (part.part) {
    case "field":
      return <FieldView part={part} form={form} />;
    case "group":
      return (
        <section class="entry" aria-label={useTogether()}>
          {part.fields.map((it) => (
            <FieldView key={it.path} part={it} form={form} />
          ))}
        </section>
      );
    case "place":
      return <PlaceView part={part} form={form} />;
    case "map":
      return <MapView part={part} form={form} />;
  }
}

function useTogether(): string {
  return say(useLang(), WORDS, "edit.together");
}

/** A field: its input, or its value where somebody else fills it in. */
function FieldView({ part, form }: PartProps<FieldPart>) {
  const lang = useLang();
  const { path, kind } = part;
  const value = form.values[path] ?? null;
  const label = pick(part.title, lang);
  if (!part.open) {
    return (
      <div class="field closed">
        <p class="lab">{label}</p>
        <p>{shownValue(kind, value, lang, form.names)}</p>
      </div>
    );
  }
  const before = form.before[path] ?? null;
  const isChanged = JSON.stringify(before) !== JSON.stringify(value);
  return (
    <KindInput
      id={inputId(path)}
      label={label}
      hint={part.hint ? pick(part.hint, lang) : null}
      last={isChanged && form.mode === "edit" ? shownValue(kind, before, lang, form.names) : null}
      error={form.faults.find((it) => it.path === path)?.message ?? null}
      required={part.required}
      below={<MeanwhileLine part={part} form={form} />}
      kind={kind}
      value={value}
      options={form.options[choiceOf(path)]}
      names={form.names}
      kept={form.before[path] !== undefined && kind.kind === "choice" && part.required}
      onChange={(it) => form.onChange(path, it)}
    />
  );
}

/** What somebody else wrote into the same field since the form was opened. */
function MeanwhileLine({ part, form }: PartProps<FieldPart>) {
  const lang = useLang();
  const found = form.meanwhile.filter((it) => it.path === part.path);
  if (found.length === 0) return null;
  const isProse = part.kind.kind === "text" && part.kind.lines;
  const end = say(lang, WORDS, isProse ? "edit.meanwhile.text" : "edit.meanwhile.value");
  return (
    <>
      {found.map(({ who, when, value }) => {
        const text = shownValue(part.kind, value, lang, form.names);
        const words =
          text === ""
            ? say(lang, WORDS, "edit.meanwhile.cleared", { who, when })
            : say(lang, WORDS, "edit.meanwhile", { who, when, value: text });
        return (
          <p class="meanwhile" key={`${who} ${when}`}>
            <Icon name="fork" size="s" />
            <span>
              {words}
              <br />
              {end}
            </span>
          </p>
        );
      })}
    </>
  );
}

// ---------------------------------------------------------------------------------------- places

function PlaceView({ part, form }: PartProps<PlacePart>) {
  const lang = useLang();
  const error = form.faults.find((it) => it.path === part.lat || it.path === part.lon);
  return (
    <section class="entry" aria-label={say(lang, FORM_WORDS, "place.title")}>
      {part.fields.map((it) => (
        <FieldView key={it.path} part={it} form={form} />
      ))}
      {part.open ? (
        <PlaceInput
          id={inputId(part.lat)}
          label={say(lang, FORM_WORDS, "place.title")}
          error={error?.message ?? null}
          place={form.places[part.name] ?? held(part, form)}
          onAsk={() => form.onAskPlace(part.name)}
        />
      ) : null}
    </section>
  );
}

/** The place that the form holds already. */
function held(part: PlacePart, form: EditProps): PlaceState {
  if (typeof form.values[part.lat] !== "number") return { state: "none" };
  const accuracy: Json = part.accuracy === null ? null : (form.values[part.accuracy] ?? null);
  return { state: "had", accM: typeof accuracy === "number" ? accuracy : null, farM: null };
}

// ------------------------------------------------------------------------------------ keyed maps

function MapView({ part, form }: PartProps<MapPart>) {
  const lang = useLang();
  return (
    <fieldset class="field" id={inputId(part.path)} tabIndex={-1}>
      <legend>{pick(part.title, lang)}</legend>
      {part.entries.map((it, at) => (
        <EntryView key={it.key} map={part} entry={it} at={at} form={form} />
      ))}
      {part.open ? (
        <button type="button" class="btn start" onClick={() => form.onAdd(part.path)}>
          <Icon name="plus" size="s" />
          {say(lang, FORM_WORDS, "form.add")}
          <span class="vh">{pick(part.title, lang)}</span>
        </button>
      ) : null}
    </fieldset>
  );
}

interface EntryProps {
  readonly map: MapPart;
  readonly entry: MapEntry;
  readonly at: number;
  readonly form: EditProps;
}

function EntryView({ map, entry, at, form }: EntryProps) {
  const lang = useLang();
  const name = entry.name || say(lang, FORM_WORDS, "form.entry", { n: at + 1 });
  if (entry.removed) {
    const putBack = () => {
      for (const { path } of entry.fields) form.onChange(path, form.before[path] ?? null);
    };
    return (
      <div class="entry">
        <div class="row between wrap">
          <span class="muted">{say(lang, FORM_WORDS, "form.removed", { name })}</span>
          <button type="button" class="btn quiet" onClick={putBack}>
            {say(lang, FORM_WORDS, "form.put_back")}
          </button>
        </div>
      </div>
    );
  }
  return (
    <section class="entry" aria-label={name}>
      {entry.fields.map((it) => (
        <FieldView key={it.path} part={it} form={form} />
      ))}
      {map.open ? (
        <button
          type="button"
          class="btn quiet start"
          onClick={() => form.onRemove(map.path, entry.key)}
        >
          <Icon name="trash" size="s" />
          {say(lang, FORM_WORDS, "form.remove", { name })}
        </button>
      ) : null}
    </section>
  );
}
