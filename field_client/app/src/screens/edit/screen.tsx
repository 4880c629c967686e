import { useMemo, useState } from "preact/hooks";
import type { PlaceState } from "../../components/form/PlaceInput.tsx";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import type { Fields } from "../../schemas/declare.ts";
import type { FaultDoc } from "../../schemas/messages.ts";
import { describe } from "../../schemas/words.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { go, path, type Route } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { useForm } from "../../shell/use_form.ts";
import { bundleKey } from "../../store/bundles.ts";
import type { View } from "../../sync/rebase.ts";
import { errorsOf, type OwnSet } from "../../sync/sets.ts";
import { appraisalOf } from "../../work/appraisal.ts";
import { mend } from "../../work/decisions.ts";
import { newId } from "../../work/desk.ts";
import type { Form } from "../../work/form.ts";
import { askPlace, placeStateOf } from "../../work/place.ts";
import { choiceLabel, personOf, titleLabel, typeLabel } from "../../work/titles.ts";
import { recordsOf } from "../../work/views.ts";
import { namesIn } from "../record/detail.ts";
import { partsAsked, questionsOfNote, withPlaces } from "../visit/questions.ts";
import { Appraisal } from "./Appraisal.tsx";
import { optionsOf } from "./choices.ts";
import { layoutOf, leafPath, newKey } from "./layout.ts";
import { meanwhileOf } from "./meanwhile.ts";
import { EditView } from "./view.tsx";

type Shared = Pick<ScreenProps<"edit">, "officer" | "frame" | "onBusy">;

export function EditScreen({ officer, frame, route, onBusy }: ScreenProps<"edit">) {
  const { type, id, customer } = route;
  const back = placeOf(type, id, customer);
  return (
    <FormScreen
      officer={officer}
      frame={frame}
      onBusy={onBusy}
      type={type}
      record={id}
      customer={customer}
      back={back}
      save={(form) => form.save("edit")}
    />
  );
}

export function NewScreen({
  officer,
  frame,
  onBusy,
  type,
  customer,
}: Shared & { readonly type: string; readonly customer: string | null }) {
  const back: Route =
    customer === null ? { screen: "customers" } : { screen: "customer", id: customer, from: null };
  return (
    <FormScreen
      officer={officer}
      frame={frame}
      onBusy={onBusy}
      type={type}
      record={null}
      customer={customer}
      back={back}
      save={(form) => form.save("create")}
    />
  );
}

/** Put a rejected set right: its first change that did not fit, in the form of its record. */
export function MendScreen({ officer, frame, route, onBusy }: ScreenProps<"mend">) {
  const set = officer.desk.store.sets.find((it) => it.number === route.number);
  const faulty = set === undefined ? null : faultyChange(set);
  if (set === undefined || faulty === null) {
    go({ screen: "sync" }, { instead: true });
    return null;
  }
  const { change, faults } = faulty;
  const isNew = change.op === "create";
  return (
    <FormScreen
      officer={officer}
      frame={frame}
      onBusy={onBusy}
      screen={`mend ${set.number}`}
      type={change.type}
      record={isNew ? null : change.id}
      customer={change.customer}
      typed={change.set ?? {}}
      told={faults}
      back={{ screen: "sync" }}
      save={async (form) => {
        await mend(officer.desk, set, { [change.id]: form.draft.fields }, form.draft.id);
      }}
    />
  );
}

function faultyChange(set: OwnSet) {
  const faults = errorsOf(set);
  const at = faults.find((it) => it.change !== undefined)?.change ?? 0;
  const change = set.content?.changes[at];
  return change === undefined || change.op === "delete" ? null : { change, faults };
}

interface FormProps extends Shared {
  readonly screen?: string;
  readonly type: string;
  readonly record: string | null;
  readonly customer: string | null;
  /** What a rejected set had in it. */
  readonly typed?: Fields;
  /** What the branch said about it. */
  readonly told?: readonly FaultDoc[];
  readonly back: Route;
  readonly save: (form: Form) => Promise<unknown>;
}

function FormScreen(props: FormProps) {
  const { officer, frame, type, customer, typed, told = [], back, save } = props;
  const { desk, book } = officer;
  const lang = useLang();
  const declared = desk.registry.get(type);
  const place = {
    screen: props.screen ?? (props.record === null ? "new" : "edit"),
    type,
    customer,
    record: props.record,
    ...(typed && props.record === null ? { initial: typed } : {}),
    ...(typed && props.record !== null ? { typed } : {}),
  };
  const opened = useForm(officer, place, props.onBusy);
  const [places, setPlaces] = useState<Record<string, PlaceState>>({});
  const under = useRead(
    officer,
    () => recordsOf(book.store, book.registry, bundleKey(customer, type)),
    [customer, type],
  );
  const stored = useStored(officer, type, customer, props.record);
  const draft = opened !== null && opened !== "missing" ? opened.form.draft : null;
  const meanwhile = useRead(
    officer,
    async () => (draft === null ? [] : meanwhileOf(book, draft, lang, frame.now)),
    [draft?.id, lang],
  );
  const options = useMemo(
    () => (declared === null ? {} : optionsOf(book, declared, under ?? [], lang)),
    [book.version, declared, under, lang],
  );
  if (opened === "missing") {
    go(back, { instead: true });
    return null;
  }
  if (opened === null || declared === null || under === null || draft === null) return null;
  const { form } = opened;
  const { values } = form;
  const before = draft.is_new ? {} : draft.shown;
  const questions = questionsOfNote(desk, values);
  const laidOut = layoutOf({
    type: declared,
    role: desk.store.meta.user.role,
    online: desk.isOnline?.() ?? false,
    mode: draft.is_new ? "create" : "edit",
    values: withPlaces(values, questions),
    before,
    ...(stored === null ? {} : { stored }),
    choosable: new Set(Object.keys(options)),
  });
  const parts = partsAsked(laidOut, questions, lang);
  const own: View | undefined = under.find((it) => it.id === draft.record);
  const faults =
    opened.attempt === 0
      ? told.map((it) => ({
          path: it.field ?? null,
          message: it.message ?? describe(it, declared, lang),
        }))
      : opened.faults;
  const appraisal =
    type === "loan_application"
      ? appraisalOf(book, { id: draft.record, values }, under, desk.today())
      : null;
  const done = () => go(back, { instead: true });
  return (
    <EditView
      frame={frame}
      back={path(back)}
      mode={draft.is_new ? "create" : "edit"}
      what={typeLabel(declared, type)}
      about={aboutOf(officer, customer, own, type, lang)}
      parts={parts}
      values={values}
      before={before}
      options={options}
      names={namesIn(book, { fields: values }, under, lang)}
      meanwhile={meanwhile ?? []}
      faults={faults}
      attempt={opened.attempt}
      kept={opened.refused === "full" ? { state: "failed", full: true } : opened.kept}
      touched={form.isTouched}
      finishing={opened.finishing}
      places={places}
      worked={
        appraisal && (
          <Appraisal
            appraisal={appraisal}
            methods={(method) => choiceLabel(declared, "method", method)}
          />
        )
      }
      onChange={(at, value) => form.set(at, value)}
      onAdd={(map) => {
        const entry = declared.maps().find(([name]) => name === map)?.[1];
        if (entry === undefined) return;
        const [leaf = ""] = Object.keys(entry.leaves);
        form.set(leafPath(map, newKey(entry, newId(desk)), leaf), null);
      }}
      onRemove={(map, key) => {
        const entry = declared.maps().find(([name]) => name === map)?.[1];
        for (const leaf of Object.keys(entry?.leaves ?? {}))
          form.set(leafPath(map, key, leaf), null);
      }}
      onAskPlace={(group) => {
        const part = parts.find((it) => it.part === "place" && it.name === group);
        if (part?.part !== "place") return;
        setPlaces((known) => ({ ...known, [group]: { state: "asking" } }));
        void askPlace().then((found) => {
          setPlaces((known) => ({ ...known, [group]: placeStateOf(found) }));
          if (found.state !== "had") return;
          form.set(part.lat, found.place.lat_e6);
          form.set(part.lon, found.place.lon_e6);
          if (part.accuracy !== null) form.set(part.accuracy, found.place.acc_m);
        });
      }}
      onFinish={() => {
        void opened.finish(save).then((saved) => {
          if (saved) done();
        });
      }}
      onLater={done}
      onDrop={() => void form.drop().then(done)}
    />
  );
}

function useStored(
  officer: Officer,
  type: string,
  customer: string | null,
  record: string | null,
): Fields | null {
  return useRead(officer, async () => {
    if (record === null) return null;
    const held = await officer.book.store.bundle(bundleKey(customer, type));
    return held.find((it) => it.id === record)?.fields ?? null;
  }, [type, customer, record]);
}

function aboutOf(
  { book }: Officer,
  customer: string | null,
  own: View | undefined,
  type: string,
  lang: "en" | "zh",
): string | null {
  const who =
    customer === null || type === "customer" ? null : called(personOf(book, customer), lang);
  const title = own ? titleLabel(book, own)[lang] : "";
  return [who, title].filter(Boolean).join(" · ") || null;
}

function placeOf(type: string, id: string, customer: string | null): Route {
  if (type === "customer") return { screen: "customer", id, from: null };
  return { screen: "record", type, id, customer };
}
