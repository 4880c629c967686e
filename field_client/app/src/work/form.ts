// A form: a record opened, typed into at leisure, and saved on what it showed when it was opened.
//
// Every keystroke is kept as a draft. A pull may come in between, and other work of the same user:
// neither may change what the user saw, and what he typed may not wipe out what he did not see
// (protocol, section 3).

import type { Fields, Json } from "../schemas/declare.ts";
import { bundleKey } from "../store/bundles.ts";
import { viewOf } from "../store/meta.ts";
import type { Draft } from "../store/work.ts";
import type { View } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import { merge } from "../sync/text.ts";
import { type Action, type Opened, openRecord, perform } from "./action.ts";
import { type Desk, newId, typeOf } from "./desk.ts";
import { laterWork } from "./own_work.ts";
import { recordOf } from "./views.ts";

/** Whether what was typed is on the tablet; `null`: nothing has been typed yet. */
export type Kept =
  | { readonly state: "kept"; readonly at: string }
  | { readonly state: "failed"; readonly error: Error }
  | null;

export interface FormPlace {
  readonly screen: string;
  readonly type: string;
  readonly customer: string | null;
  /** The record; null: a new one. */
  readonly record: string | null;
  /** What a new record begins with. */
  readonly initial?: Fields;
  /** What is typed into it already. */
  readonly typed?: Fields;
}

export class Form {
  draft: Draft;
  kept: Kept = null;
  /** Whether its user has done anything in it, now or before. */
  isTouched: boolean;
  private readonly desk: Desk;
  private readonly changed: () => void;
  private unkept = false;
  private keeping: Promise<void> | null = null;
  private ended = false;

  private constructor(desk: Desk, draft: Draft, changed: () => void) {
    this.desk = desk;
    this.draft = draft;
    this.changed = changed;
    this.isTouched = desk.store.drafts.has(draft.id);
  }

  /** Open a form; where a draft of it is kept, go on with that. `changed` is called for every change. */
  static async open(desk: Desk, place: FormPlace, changed: () => void): Promise<Form> {
    for (const draft of desk.store.drafts.values()) {
      if (isOf(draft, place)) return new Form(desk, draft, changed);
    }
    const opened: Opened =
      place.record === null
        ? { view: emptyView(place, newId(desk)), newest: {} }
        : await openRecord(desk, place.type, place.customer, place.record);
    const draft: Draft = {
      id: newId(desk),
      screen: place.screen,
      type: opened.view.type,
      record: opened.view.id,
      customer: opened.view.customer,
      is_new: place.record === null,
      ...(opened.base ?? viewOf(desk.store.meta)),
      after_seq: desk.store.nextSeq() - 1,
      shown: opened.view.fields,
      newest: opened.newest,
      fields: place.typed ?? {},
      extra: {},
      changed_at: desk.now().toISOString(),
    };
    return new Form(desk, draft, changed);
  }

  /** What the form shows at a path. */
  value(path: string): Json {
    const { fields, shown } = this.draft;
    return (path in fields ? fields[path] : shown[path]) ?? null;
  }

  /** All that the form shows. */
  get values(): Fields {
    return { ...this.draft.shown, ...this.draft.fields };
  }

  extra(name: string): Json {
    return this.draft.extra[name] ?? null;
  }

  set(path: string, value: Json): void {
    this.change({ fields: { ...this.draft.fields, [path]: value } });
  }

  setExtra(name: string, value: Json): void {
    this.change({ extra: { ...this.draft.extra, [name]: value } });
  }

  private change(part: Partial<Draft>): void {
    if (this.ended) return;
    this.draft = { ...this.draft, ...part, changed_at: this.desk.now().toISOString() };
    this.isTouched = true;
    this.unkept = true;
    this.keeping ??= this.keep();
    this.changed();
  }

  /** Write the draft as often as it changes, one write at a time; the last state is always written. */
  private async keep(): Promise<void> {
    while (this.unkept && !this.ended) {
      this.unkept = false;
      const { draft } = this;
      try {
        await this.desk.store.exclusive(async () => {
          if (!this.ended) await this.desk.store.commit({ drafts: [draft] });
        });
        this.kept = { state: "kept", at: draft.changed_at };
      } catch (error) {
        this.kept = {
          state: "failed",
          error: error instanceof Error ? error : new Error(String(error)),
        };
      }
      this.changed();
    }
    this.keeping = null;
  }

  /** Try again to put what was typed on the tablet; tell whether it is there now. */
  async keepAgain(): Promise<boolean> {
    if (this.ended) return false;
    this.unkept = true;
    this.keeping ??= this.keep();
    await this.settled();
    return this.kept?.state === "kept";
  }

  /** Wait until what was typed is on the tablet, or could not be put there. */
  async settled(): Promise<void> {
    while (this.keeping !== null) await this.keeping;
  }

  /** Throw the form away. */
  async drop(): Promise<void> {
    await this.settled();
    await this.desk.store.exclusive(() => this.desk.store.commit({ drop_drafts: [this.draft.id] }));
    this.ended = true;
  }

  /**
   * Finish the form: its changes (and what `more` adds) become a set and its draft ends, in one commit.
   *
   * `fill` makes the record's own changes, where they are more than what was typed.
   *
   * Throws InvalidInputError, NotPossibleError, StorageFullError; the form and its draft stay then.
   */
  async save(
    action: string,
    more: (action: Action) => Promise<void> | void = () => undefined,
    fill: (action: Action) => Promise<void> = (made) => this.fill(made),
  ): Promise<OwnSet | null> {
    await this.settled();
    const { desk, draft } = this;
    const { base, epoch = viewOf(desk.store.meta).epoch } = draft;
    const saved = await perform(
      desk,
      action,
      async (made) => {
        await fill(made);
        await more(made);
      },
      { drop_drafts: [draft.id] },
      { base, epoch },
    );
    this.ended = true;
    return saved;
  }

  private async fill(made: Action): Promise<void> {
    const { draft } = this;
    if (draft.is_new) {
      made.create(draft.type, draft.customer, this.values, draft.record);
      return;
    }
    const { opened, typed } = await this.withLaterWork();
    await made.update(opened, typed);
  }

  /** Lay what was typed over own work that was saved after the form was opened. */
  async withLaterWork(): Promise<{ opened: Opened; typed: Fields }> {
    const { desk, draft } = this;
    const view = newView(draft, draft.shown);
    const opened = { view, newest: draft.newest };
    const later = await laterWork(desk, view, draft.after_seq);
    if (Object.keys(later).length === 0) return { opened, typed: draft.fields };
    const key = bundleKey(draft.customer, draft.type);
    const current = (await recordOf(desk.store, desk.registry, key, view.id))?.fields ?? {};
    const declared = typeOf(desk, draft.type);
    const newest: Record<string, number> = { ...draft.newest };
    const typed: Record<string, Json> = { ...draft.fields };
    const shown: Record<string, Json> = { ...draft.shown };
    for (const [path, value] of Object.entries(draft.fields)) {
      const unit = declared.unit(path);
      const seq = later[unit];
      if (seq === undefined) continue;
      newest[unit] = seq;
      if (declared.field(path)?.policy === "text" && typeof value === "string") {
        const joined = merge(asText(shown[path]), asText(current[path]), value);
        if (joined === null)
          delete newest[unit]; // the server lays both side by side, in a conflict
        else typed[path] = joined;
      }
      shown[path] = current[path] ?? null;
    }
    return { opened: { view: { ...view, fields: shown }, newest }, typed };
  }
}

function isOf(draft: Draft, place: FormPlace): boolean {
  if (draft.screen !== place.screen || draft.type !== place.type) return false;
  return place.record === null
    ? draft.is_new && draft.customer === place.customer
    : draft.record === place.record;
}

function emptyView(place: FormPlace, id: string): View {
  const customer = place.type === "customer" ? id : place.customer;
  return newView({ type: place.type, record: id, customer }, place.initial ?? {});
}

/** A record that is not stored yet, or not as this form shows it. */
export function newView(draft: Pick<Draft, "type" | "record" | "customer">, fields: Fields): View {
  const { type, record: id, customer } = draft;
  return { type, id, customer, version: 0, fields, pending: [], removed: false, gone: false };
}

function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
