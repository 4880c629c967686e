// A visit with its note as one gesture (domain.md, sections 5.6, 6.3 and 6.4).

import type { Fields, Json } from "../schemas/declare.ts";
import type { View } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import { type Action, openRecord, perform } from "./action.ts";
import type { Book } from "./book.ts";
import { type Desk, newId } from "./desk.ts";
import { NotPossibleError } from "./faults.ts";
import { type Form, newView } from "./form.ts";
import { attachPhotos } from "./photos.ts";
import { recordsOf, referencesOf, text } from "./views.ts";

/** Where the device is: micro-degrees (WGS-84) and metres. */
export interface Place {
  readonly lat_e6: number;
  readonly lon_e6: number;
  readonly acc_m: number;
}

/** What a visit's screen holds beside the visit's own fields. */
export interface NoteInput {
  readonly kind: string;
  readonly checklist_code: string;
  readonly checklist_version: number;
  readonly loan_id: string | null;
  /** Leaves of the note: `answers.R01.value`, `narrative`, `conclusion`, … */
  readonly fields: Fields;
}

/** The visit to a customer that is due: under way, or planned for today or before, the oldest first. */
export async function dueVisit(desk: Desk, customer: string): Promise<View | null> {
  const today = desk.today();
  const visits = (await recordsOf(desk.store, desk.registry, customer)).filter(
    (it) => it.type === "visit",
  );
  const under = visits.find((it) => it.fields.state === "in_progress");
  if (under) return under;
  const due = visits.filter((it) => {
    const state = text(it.fields.state);
    const planned = state === "planned" || state === "missed";
    return planned && text(it.fields.planned_on) <= today;
  });
  const order = (it: View) => `${text(it.fields.planned_on)} ${it.id}`;
  return due.sort((a, b) => (order(a) < order(b) ? -1 : 1))[0] ?? null;
}

/** The fields that say who arrived when, and where if that is known. */
export function arrivalFields(now: Date, place: Place | null): Fields {
  return {
    arrived_at: now.toISOString(),
    arrive_lat_e6: place?.lat_e6 ?? null,
    arrive_lon_e6: place?.lon_e6 ?? null,
    arrive_acc_m: place?.acc_m ?? null,
  };
}

/** Start a planned visit, or an unplanned one where `visit` is null; returns the visit's id. */
export async function start(
  desk: Desk,
  customer: string,
  visit: View | null,
  purposes: readonly string[],
  place: Place | null,
): Promise<string> {
  const arrival = arrivalFields(desk.now(), place);
  const made = visit?.id ?? newId(desk);
  await perform(desk, "visit.start", async (action) => {
    if (visit === null) {
      const fields = { ...arrival, purposes: purposes.length > 0 ? purposes : ["routine"] };
      action.create("visit", customer, { ...fields, state: "in_progress" }, made);
    } else {
      const opened = await openRecord(desk, "visit", customer, visit.id);
      await action.update(opened, { state: "in_progress", ...arrival });
    }
  });
  return made;
}

/** Finish a visit from its form: the visit itself, its note, a promise's task, the last contact. */
export function finish(
  desk: Desk,
  form: Form,
  note: NoteInput | null,
  promiseTitle: string,
): Promise<OwnSet | null> {
  const { record, customer } = form.draft;
  if (customer === null) throw new NotPossibleError("not-here");
  const ended = { state: "completed", left_at: desk.now().toISOString() };
  return form.save(
    "visit.finish",
    async (action) => {
      if (note !== null) writeNote(desk, action, customer, record, note);
      attachPhotos(desk, action, form, { type: "visit", id: record, customer });
      const promised = form.value("promise_on");
      if (typeof promised === "string") {
        const source = { source: "promise", record_type: "visit", record } as const;
        action.create("task", customer, { title: promiseTitle, due_on: promised, ...source });
      }
      if (form.value("outcome") === "done") await noteContact(desk, action, customer);
    },
    (action) => visited(action, form, ended),
  );
}

const ARRIVAL = ["arrived_at", "arrive_lat_e6", "arrive_lon_e6", "arrive_acc_m", "purposes"];

/**
 * The visit's own changes: it was started and it was completed, one after the other.
 *
 * A state machine is walked step by step, so a visit that was not under way yet takes both moves in
 * one set; the second is made over what the first shows.
 */
async function visited(action: Action, form: Form, ended: Fields): Promise<void> {
  const { draft } = form;
  const values = withoutNulls(form.values);
  if (draft.is_new) {
    const begun = pick(values, ARRIVAL);
    action.create("visit", draft.customer, { ...begun, state: "in_progress" }, draft.record);
    const view = newView(draft, { ...begun, state: "in_progress" });
    await action.update({ view, newest: {} }, { ...values, ...ended });
    return;
  }
  const { opened, typed } = await form.withLaterWork();
  if (opened.view.fields.state === "in_progress") {
    await action.update(opened, { ...typed, ...ended });
    return;
  }
  const begun = { ...pick(typed, ARRIVAL), state: "in_progress" };
  await action.update(opened, begun);
  const fields = { ...opened.view.fields, ...begun };
  const rest = Object.fromEntries(Object.entries(typed).filter(([at]) => !(at in begun)));
  await action.update({ ...opened, view: { ...opened.view, fields } }, { ...rest, ...ended });
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([at]) => names.includes(at)));
}

async function noteContact(desk: Desk, action: Action, customer: string): Promise<void> {
  const opened = await openRecord(desk, "customer", customer, customer);
  await action.update(opened, { last_contact_on: desk.today() });
}

function writeNote(
  desk: Desk,
  action: Action,
  customer: string,
  visit: string,
  note: NoteInput,
): void {
  action.create("inspection_note", customer, {
    kind: note.kind,
    checklist_code: note.checklist_code,
    checklist_version: note.checklist_version,
    inspector_ids: [desk.store.meta.user.id],
    visit_id: visit,
    loan_id: note.loan_id,
    ...withoutNulls(note.fields),
  });
}

function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** Which kind of note belongs to a visit, by its purposes; null: none does. */
export function noteKind(purposes: Json): string | null {
  const wanted = Array.isArray(purposes) ? purposes : [];
  const kinds = ["pre_loan", "first_followup", "supervisory", "routine"];
  return kinds.find((it) => wanted.includes(it)) ?? null;
}

/** The newest published checklist of a kind, or null. */
export function newestChecklist(book: Book, kind: string): View | null {
  const found = referencesOf(book.store, book.registry, "checklist").filter(
    (it) => it.fields.kind === kind,
  );
  const version = (it: View) => Number(it.fields.version ?? 0);
  return found.sort((a, b) => version(b) - version(a))[0] ?? null;
}
