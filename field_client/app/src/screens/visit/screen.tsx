import { useEffect, useState } from "preact/hooks";
import type { PlaceState } from "../../components/form/PlaceInput.tsx";
import { shownValue } from "../../components/form/shown.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Fields, Json } from "../../schemas/declare.ts";
import { isObject } from "../../schemas/values.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { go, path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { type OpenForm, useForm } from "../../shell/use_form.ts";
import type { View } from "../../sync/rebase.ts";
import { duties } from "../../work/day.ts";
import { askPlace, metresBetween, placeStateOf } from "../../work/place.ts";
import { standingOf } from "../../work/standing.ts";
import { choiceLabel, personOf } from "../../work/titles.ts";
import { recordsOf, text, textOr } from "../../work/views.ts";
import { dueVisit, finish, newestChecklist, noteKind } from "../../work/visits.ts";
import { picturesOf } from "../customer/pictures.ts";
import { choicesOf } from "../repayment/screen.tsx";
import { questionsOf } from "./checklist.ts";
import { missingOf, stepsOf } from "./missing.ts";
import type { NoteForm, VisitForm } from "./model.ts";
import { usePhotos } from "./use_photos.ts";
import { VisitView } from "./view.tsx";
import { WORDS } from "./words.ts";

type Shared = Pick<ScreenProps<"visit">, "officer" | "frame" | "onBusy">;

/** The visit that is due at a customer's, an unplanned one, or one that has been finished. */
export function VisitScreen({ officer, frame, route, onBusy }: ScreenProps<"visit">) {
  const { desk } = officer;
  const { customer, id } = route;
  // Which visit it is is decided once, when the screen is opened.
  const [which, setWhich] = useState<{ readonly visit: View | null } | null>(null);
  useEffect(() => {
    let current = true;
    void decide().then((visit) => {
      if (current) setWhich({ visit });
    });
    return () => {
      current = false;
    };
    async function decide(): Promise<View | null> {
      if (id === null) return dueVisit(desk, customer);
      const records = await recordsOf(desk.store, desk.registry, customer);
      return records.find((it) => it.type === "visit" && it.id === id) ?? null;
    }
  }, [officer, customer, id]);
  if (which === null) return null;
  const shared = { officer, frame, onBusy, customer };
  const state = text(which.visit?.fields.state);
  if (which.visit !== null && !OPEN_STATES.includes(state)) {
    return <Finished {...shared} visit={which.visit.id} />;
  }
  return <Under {...shared} visit={which.visit} onFinished={(visit) => setWhich({ visit })} />;
}

const OPEN_STATES = ["planned", "missed", "in_progress"];

// ------------------------------------------------------------------------------------ under way

interface UnderProps extends Shared {
  readonly customer: string;
  readonly visit: View | null;
  readonly onFinished: (visit: View) => void;
}

function Under({ officer, frame, onBusy, customer, visit, onFinished }: UnderProps) {
  const { desk, book } = officer;
  const [arrived] = useState(() => desk.now().toISOString());
  const place = {
    screen: "visit",
    type: "visit",
    customer,
    record: visit?.id ?? null,
    initial: { purposes: ["routine"], state: "in_progress" },
    ...arrivalOf(visit, arrived),
  };
  const opened = useForm(officer, place, onBusy);
  const records = useRead(officer, () => recordsOf(desk.store, desk.registry, customer), [
    customer,
  ]);
  if (opened === "missing") {
    go({ screen: "customer", id: customer, from: null }, { instead: true });
    return null;
  }
  if (opened === null || records === null) return null;
  const done = async () => {
    const after = await recordsOf(desk.store, desk.registry, customer);
    const found = after.find((it) => it.id === opened.form.draft.record);
    if (found) onFinished(found);
  };
  return (
    <Form
      officer={officer}
      frame={frame}
      opened={opened}
      records={records}
      person={personOf(book, customer)}
      onDone={() => void done()}
    />
  );
}

interface FormProps extends Pick<Shared, "officer" | "frame"> {
  readonly opened: OpenForm;
  readonly records: readonly View[];
  readonly person: ReturnType<typeof personOf>;
  readonly onDone: () => void;
}

function Form({ officer, frame, opened, records, person, onDone }: FormProps) {
  const { desk, book } = officer;
  const lang = useLang();
  const { form } = opened;
  const customer = form.draft.customer ?? "";
  const [attempt, setAttempt] = useState(0);
  const [asked, setAsked] = useState<PlaceState | null>(null);
  const photos = usePhotos(officer, form, lang);
  const type = desk.registry.get("visit");
  const own = records.find((it) => it.id === customer);
  const kind = noteKind(form.value("purposes"));
  const checklist = kind === null ? null : newestChecklist(book, kind);
  const questions = checklist === null ? [] : questionsOf(checklist.fields);
  const noteValues = noteOf(form.extra("note"));
  const setNote = (at: string, value: Json) =>
    form.setExtra("note", { ...noteValues, [at]: value });
  const notePart: NoteForm | null =
    checklist === null
      ? null
      : {
          values: noteValues,
          questions,
          last: lastAnswers(records, kind),
          conclusions: choicesOf(desk.registry.get("inspection_note"), "conclusion", lang),
          returned: null,
          onChange: setNote,
        };
  const save = () => {
    setAttempt((count) => count + 1);
    const done = form.value("outcome") === "done";
    const steps = stepsOf(form.values, noteValues, done ? questions : []);
    if (missingOf(steps).length > 0) return;
    const note =
      checklist === null || !done
        ? null
        : {
            kind: text(checklist.fields.kind),
            checklist_code: text(checklist.fields.code),
            checklist_version: Number(checklist.fields.version ?? 1),
            loan_id: activeLoan(records),
            fields: noteValues,
          };
    const title = say(lang, WORDS, "visit.promise_task");
    void opened
      .finish((it) => finish(desk, it, note, title))
      .then((saved) => {
        if (saved) onDone();
      });
  };
  const stage: VisitForm = {
    stage: "form",
    values: form.values,
    purposes: choicesOf(type, "purposes", lang),
    outcomes: choicesOf(type, "outcome", lang),
    people: peopleOf(records, own),
    note: notePart,
    place: asked ?? placeOf(form.values, own),
    photos,
    faults: opened.faults,
    attempt: Math.max(attempt, opened.attempt),
    kept: opened.refused === "full" ? { state: "failed", full: true } : opened.kept,
    finishing: opened.finishing,
    onChange: (at, value) => form.set(at, value),
    onAskPlace: () => {
      setAsked({ state: "asking" });
      void askPlace().then((found) => {
        setAsked(found.state === "had" ? null : placeStateOf(found));
        if (found.state !== "had") return;
        form.set("arrive_lat_e6", found.place.lat_e6);
        form.set("arrive_lon_e6", found.place.lon_e6);
        form.set("arrive_acc_m", found.place.acc_m);
      });
    },
    onFinish: save,
    onLater: () => go({ screen: "customer", id: customer, from: null }, { instead: true }),
  };
  return (
    <VisitView
      frame={frame}
      back={path({ screen: "customer", id: customer, from: null })}
      customer={person}
      about={aboutOf(officer, own)}
      title={titleOf(officer, form.values, kind, lang)}
      stage={stage}
    />
  );
}

/** Who opens a visit has arrived, as far as the tablet knows; the time can be put right in the form. */
function arrivalOf(visit: View | null, arrived: string) {
  return visit?.fields.arrived_at ? {} : { typed: { arrived_at: arrived } };
}

function noteOf(value: Json): Fields {
  return isObject(value) ? value : {};
}

function peopleOf(records: readonly View[], own: View | undefined): string[] {
  const members = records
    .filter((it) => it.type === "household_member")
    .map((it) => text(it.fields.name));
  return [text(own?.fields.name), ...members].filter((it) => it !== "");
}

function activeLoan(records: readonly View[]): string | null {
  const active = records.filter((it) => it.type === "loan" && it.fields.state === "active");
  return active.length === 1 ? (active[0]?.id ?? null) : null;
}

/** The answers of the newest note of a kind, to compare with. */
function lastAnswers(records: readonly View[], kind: string | null): Fields {
  const notes = records.filter((it) => it.type === "inspection_note" && it.fields.kind === kind);
  return notes.sort((a, b) => (a.id < b.id ? 1 : -1))[0]?.fields ?? {};
}

function placeOf(values: Fields, own: View | undefined): PlaceState {
  const lat_e6 = values.arrive_lat_e6;
  const lon_e6 = values.arrive_lon_e6;
  if (typeof lat_e6 !== "number" || typeof lon_e6 !== "number") return { state: "none" };
  const accM = typeof values.arrive_acc_m === "number" ? values.arrive_acc_m : null;
  const home = own?.fields ?? {};
  const known = typeof home.home_lat_e6 === "number" && typeof home.home_lon_e6 === "number";
  const farM = known
    ? metresBetween(
        { lat_e6, lon_e6 },
        { lat_e6: Number(home.home_lat_e6), lon_e6: Number(home.home_lon_e6) },
      )
    : null;
  return { state: "had", accM, farM };
}

function aboutOf({ book }: Officer, own: View | undefined): string | null {
  return textOr(own?.fields.main_activity) ?? (book.nameOf(textOr(own?.fields.village_id)) || null);
}

function titleOf({ desk }: Officer, values: Fields, kind: string | null, lang: Lang): string {
  const type = desk.registry.get("visit");
  const [first] = Array.isArray(values.purposes) ? values.purposes : [];
  return choiceLabel(type, "purposes", kind ?? first ?? "routine")[lang];
}

// ------------------------------------------------------------------------------------- finished

interface FinishedProps extends Shared {
  readonly customer: string;
  readonly visit: string;
}

function Finished({ officer, frame, customer, visit: id }: FinishedProps) {
  const { desk, book } = officer;
  const lang = useLang();
  const today = desk.today();
  const records = useRead(officer, () => recordsOf(desk.store, desk.registry, customer), [
    customer,
  ]);
  const visit = records?.find((it) => it.id === id) ?? null;
  if (records === null || visit === null) return null;
  const note = records.find((it) => it.type === "inspection_note" && it.fields.visit_id === id);
  const next = duties(book, today).find((it) => it.card.id !== customer) ?? null;
  const own = records.find((it) => it.id === customer);
  return (
    <VisitView
      frame={frame}
      back={path({ screen: "customer", id: customer, from: null })}
      customer={personOf(book, customer)}
      about={aboutOf(officer, own)}
      title={titleOf(officer, visit.fields, null, lang)}
      stage={{
        stage: "finished",
        state: standingOf(book, id).state ?? "accepted",
        photos: picturesOf(desk.registry, records, id),
        facts: [...factsOf(officer, visit, lang), ...(note ? factsOf(officer, note, lang) : [])],
        next:
          next === null
            ? null
            : {
                who: lang === "en" && next.card.latin ? next.card.latin : next.card.name,
                href: path({ screen: "customer", id: next.card.id, from: "today" }),
              },
      }}
    />
  );
}

const TOLD: Readonly<Record<string, readonly string[]>> = {
  visit: ["outcome", "met_with", "summary", "reason", "promise_amount_fen", "promise_on"],
  inspection_note: ["kind", "narrative", "conclusion"],
};
const LONG: readonly string[] = ["summary", "narrative", "reason"];

function factsOf({ desk }: Officer, view: View, lang: Lang) {
  const type = desk.registry.get(view.type);
  return (TOLD[view.type] ?? []).flatMap((at) => {
    const field = type?.field(at);
    const value = view.fields[at] ?? null;
    if (!field || value === null) return [];
    const shown = shownValue(field.kind, value, lang, {});
    return shown === ""
      ? []
      : [{ label: field.title[lang], value: shown, long: LONG.includes(at) }];
  });
}
