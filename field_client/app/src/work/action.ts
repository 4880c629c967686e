// One user action in the making: changes of one or several records, checked here and stored as one set.
//
// The device checks what it can, with the declarations that the server uses, so that little comes
// back; the server still decides. Nothing here looks at the network.

import { fieldFaults, recordFaults } from "../schemas/changes.ts";
import { recordChecks } from "../schemas/checks.ts";
import type { FieldDoc, Fields, Json } from "../schemas/declare.ts";
import type { Change, ChangeSet, Fault } from "../schemas/messages.ts";
import type { RecordType } from "../schemas/registry.ts";
import { jsonEqual, normal } from "../schemas/values.ts";
import { bundleKey } from "../store/bundles.ts";
import { type Base, viewOf } from "../store/meta.ts";
import type { Work } from "../store/work.ts";
import { format, parse, stampAt, tick } from "../sync/clock.ts";
import { overFor, textsSeen, type View } from "../sync/rebase.ts";
import type { OwnSet } from "../sync/sets.ts";
import { type Desk, newId, typeOf } from "./desk.ts";
import { InvalidInputError, NotPossibleError } from "./faults.ts";
import { baseOf, type Newest, newestShown, numbersOf } from "./own_work.ts";
import { sealSet } from "./sealed.ts";
import { recordOf } from "./views.ts";

/** A record as a form showed it: its view, and the own sets (by `seq`) whose values were in it. */
export interface Opened {
  readonly view: View;
  readonly newest: Newest;
  /** Where that view stands; absent: where the action began. */
  readonly base?: Base;
}

/** Open a record as it is now. */
export async function openRecord(
  desk: Desk,
  type: string,
  customer: string | null,
  id: string,
): Promise<Opened> {
  const view = await recordOf(desk.store, desk.registry, bundleKey(customer, type), id);
  if (view === null) throw new NotPossibleError("not-here");
  return { view, newest: newestShown(desk, typeOf(desk, view.type), id), base: baseOf(desk, view) };
}

/**
 * Do a user action: fill it, check it, and store it as one set, with what else belongs to it.
 *
 * Throws InvalidInputError, NotPossibleError, StorageFullError; nothing is stored then.
 */
export function perform(
  desk: Desk,
  name: string,
  fill: (action: Action) => Promise<void> | void,
  also: Work = {},
  began?: Base,
): Promise<OwnSet | null> {
  return desk.store.exclusive(async () => {
    const action = new Action(desk, name, began ?? viewOf(desk.store.meta));
    await fill(action);
    return action.save({ ...also, ...action.also });
  });
}

/** Changes of one user action, in order. */
export class Action {
  readonly desk: Desk;
  readonly name: string;
  /** The view when the action began. */
  private began: Base;
  readonly changes: Change[] = [];
  /** What is stored in the same commit. */
  also: Work = {};
  private readonly seen: Record<string, Fields> = {};

  constructor(desk: Desk, name: string, began: Base) {
    this.desk = desk;
    this.name = name;
    this.began = began;
  }

  /** Count an earlier view as the one on which the action began. */
  goBackTo({ base, epoch }: Base): void {
    if (epoch !== this.began.epoch || base < this.began.base) this.began = { base, epoch };
  }

  /** Add a new record and return its id; absent fields with a default are filled in. */
  create(type: string, customer: string | null, given: Fields, id?: string): string {
    const declared = typeOf(this.desk, type);
    const made = id ?? newId(this.desk);
    const under = type === "customer" ? made : customer;
    if ((under === null) !== (declared.doc.reference !== null)) {
      throw new NotPossibleError("customer-needed");
    }
    const whole = this.withDefaults(declared, normal(given) as Fields);
    const faults = this.mayMake(declared)
      ? [...this.notPermitted(declared, whole, {}), ...recordFaults(declared, whole)]
      : [{ field: null, code: "not-permitted" }];
    if (faults.length > 0) throw new InvalidInputError(type, faults);
    this.changes.push({ op: "create", type, id: made, customer: under, set: whole });
    return made;
  }

  /** Add an edit of a record; what equals the view already is left out, unless `evenIfSame`. */
  async update(opened: Opened, given: Fields, evenIfSame = false): Promise<void> {
    const { view, newest, base } = opened;
    if (base?.epoch === this.began.epoch) this.goBackTo(base);
    const declared = typeOf(this.desk, view.type);
    const edits = asEdits(declared, normal(given) as Fields, view.fields, evenIfSame);
    if (Object.keys(edits).length === 0) return;
    if (declared.doc.create_only) throw new NotPossibleError("create-only");
    const faults = this.updateFaults(declared, edits, view, await this.storedFields(view));
    if (faults.length > 0) throw new InvalidInputError(view.type, faults);
    const over =
      view.type === "conflict" ? {} : overFor(declared, edits, await numbersOf(this.desk, newest));
    this.changes.push({
      op: "update",
      type: view.type,
      id: view.id,
      customer: view.customer,
      set: edits,
      ...(Object.keys(over).length > 0 ? { over } : {}),
    });
    this.seen[view.id] = { ...this.seen[view.id], ...textsSeen(declared, edits, view.fields) };
  }

  /** Add the removal of a record, with the reason why. */
  delete(view: View, reason: string): void {
    if (!typeOf(this.desk, view.type).doc.deletable) throw new NotPossibleError("not-deletable");
    const told = reason.trim().normalize("NFC").slice(0, 200);
    if (told === "") throw new NotPossibleError("reason-needed");
    const { type, id, customer } = view;
    this.changes.push({ op: "delete", type, id, customer, reason: told });
  }

  /**
   * Store the set under the next number, and what belongs to it, in one commit; null: nothing changed.
   * Throws InvalidInputError for what a rule over several records forbids.
   *
   * The sealed copy is on the disk first: no set is ever without one, and of two lines with one number
   * the last counts.
   */
  async save(also: Work = {}): Promise<OwnSet | null> {
    const { store } = this.desk;
    if (this.changes.length === 0) {
      if (Object.keys(also).length > 0) await store.commit(also);
      return null;
    }
    await this.desk.guard?.(this);
    const { meta } = store;
    const now = this.desk.now();
    const number = store.lastNumber + 1;
    const stamp = this.tick(now.getTime());
    const content: ChangeSet = {
      number,
      id: newId(this.desk),
      epoch: this.began.epoch,
      schema: this.desk.registry.schema,
      base: this.began.base,
      action: this.name,
      made_at: now.toISOString(),
      clock: stamp,
      changes: this.changes,
    };
    const set: OwnSet = {
      seq: store.nextSeq(),
      device: meta.device,
      number,
      id: content.id,
      epoch: content.epoch,
      base: content.base,
      action: content.action,
      made_at: content.made_at,
      content,
      seen: this.seen,
      state: "ready",
      result: null,
      answered_at: null,
      covered: false,
      settled: null,
      mended_by: null,
      stand_in: null,
    };
    await sealSet(this.desk, meta.device, content);
    const sets = [...(also.sets ?? []).map((it) => settledBy(it, number)), set];
    await store.commit({ ...also, sets, meta: { ...also.meta, stamp } });
    return set;
  }

  private tick(nowMs: number): string {
    const { stamp, device } = this.desk.store.meta;
    const last = (stamp === null ? null : parse(stamp)) ?? stampAt(0, device);
    return format(tick({ ...last, device }, nowMs));
  }

  // ------------------------------------------------------------------------------------- checks

  private get role(): string {
    return this.desk.store.meta.user.role;
  }

  private mayMake(declared: RecordType): boolean {
    return declared.doc.made_by.includes(this.role);
  }

  /** Fill in what whoever makes the record fills in; `@number` is the server's to give. */
  private withDefaults(declared: RecordType, given: Fields): Fields {
    const filled: Record<string, Json> = {};
    for (const [path, value] of Object.entries(given)) if (value !== null) filled[path] = value;
    const words: Fields = { "@user": this.desk.store.meta.user.id, "@today": this.desk.today() };
    for (const [name, field] of declared.plainFields()) {
      const fallback =
        typeof field.default === "string" ? (words[field.default] ?? field.default) : field.default;
      if (fallback === null || fallback === "@number" || name in filled) continue;
      if (mayWrite(field, this.role, true)) filled[name] = fallback;
    }
    const machine = declared.doc.states;
    const [first] = machine?.initial ?? [];
    if (machine && first !== undefined) filled[machine.field] ??= first;
    return filled;
  }

  private updateFaults(declared: RecordType, edits: Fields, view: View, stored: Fields): Fault[] {
    const faults = [
      ...this.notPermitted(declared, edits, stored),
      ...fieldFaults("update", declared, edits),
    ];
    if (faults.length > 0 || view.type === "conflict") return faults;
    const whole = present({ ...view.fields, ...plain(declared, edits) });
    return [...this.moveFaults(declared, edits, view, whole), ...recordChecks(declared, whole)];
  }

  /** What the server is known to hold: of a field under `once`, whether its first value is taken. */
  private async storedFields({ customer, type, id }: View): Promise<Fields> {
    const held = await this.desk.store.bundle(bundleKey(customer, type));
    return held.find((it) => it.id === id)?.fields ?? {};
  }

  /** A fault for each field that this role may not set; `once` is free until it is stored. */
  private notPermitted(declared: RecordType, given: Fields, stored: Fields): Fault[] {
    const found: Fault[] = [];
    for (const path of Object.keys(given)) {
      const field = declared.field(path);
      if (field === null || mayWrite(field, this.role, isUnset(declared, field, path, stored))) {
        continue;
      }
      found.push({ field: path, code: "not-permitted" });
    }
    return found;
  }

  private moveFaults(declared: RecordType, edits: Fields, view: View, whole: Fields): Fault[] {
    const machine = declared.doc.states;
    if (machine === null || !(machine.field in edits)) return [];
    const moves = declared.moves(view.fields[machine.field], edits[machine.field]);
    const online = this.desk.isOnline?.() ?? false;
    const allowed = moves.filter((it) => it.roles.includes(this.role) && (it.offline || online));
    if (allowed.length === 0) return [{ field: machine.field, code: "invalid-transition" }];
    const names = new Set(allowed.map((it) => it.name));
    return declared
      .plainFields()
      .filter(([name, it]) => it.required_by.some((by) => names.has(by)) && !(name in whole))
      .map(([name]) => ({ field: name, code: "required" }));
  }
}

/** A set that this one mends knows by which number. */
function settledBy(set: OwnSet, number: number): OwnSet {
  return set.settled === "mended" && set.mended_by === null ? { ...set, mended_by: number } : set;
}

/** Whether a role may set a field; `first`: its first value (policy `once`). */
export function mayWrite(field: FieldDoc, role: string, first: boolean): boolean {
  if (field.policy === "state") return true;
  if (field.policy === "authority" || (field.policy === "once" && !first)) {
    return field.authority.includes(role);
  }
  return field.write.includes(role);
}

export function isUnset(
  declared: RecordType,
  field: FieldDoc,
  path: string,
  stored: Fields,
): boolean {
  const names = field.group === null ? [path] : declared.group(field.group);
  return names.every((it) => (stored[it] ?? null) === null);
}

/** What an update sends: changed fields, groups whole, sets as add and remove. */
export function asEdits(
  declared: RecordType,
  given: Fields,
  shown: Fields,
  evenIfSame = false,
): Fields {
  const edits: Record<string, Json> = {};
  for (const [path, value] of Object.entries(given)) {
    const held = shown[path] ?? null;
    if (declared.field(path)?.policy === "set") {
      const edit = setEdit(value, Array.isArray(held) ? held : []);
      if (Object.keys(edit).length > 0) edits[path] = edit;
    } else if (evenIfSame || !jsonEqual(held, value)) {
      edits[path] = value;
    }
  }
  for (const unit of new Set(Object.keys(edits).map((it) => declared.unit(it)))) {
    if (unit in edits) continue;
    for (const member of declared.group(unit)) {
      if (member in edits) continue;
      edits[member] = (member in given ? given[member] : shown[member]) ?? null;
    }
  }
  return edits;
}

/** The add/remove edit for a whole list, or the edit as it was given. */
function setEdit(value: Json, held: readonly Json[]): Record<string, Json> {
  const edit = isEdit(value) ? value : difference(Array.isArray(value) ? value : [], held);
  return Object.fromEntries(
    Object.entries(edit).filter(([, part]) => Array.isArray(part) && part.length > 0),
  );
}

function isEdit(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function difference(wanted: readonly Json[], held: readonly Json[]): Record<string, Json> {
  const has = (list: readonly Json[], one: Json) => list.some((it) => jsonEqual(it, one));
  return {
    add: wanted.filter((it) => !has(held, it)),
    remove: held.filter((it) => !has(wanted, it)),
  };
}

/** Edits as values: of a set, what it adds, which is all that a check can need. */
function plain(declared: RecordType, edits: Fields): Fields {
  return Object.fromEntries(
    Object.entries(edits).map(([path, value]) => {
      if (declared.field(path)?.policy !== "set" || !isEdit(value)) return [path, value];
      const added = value.add;
      return [path, Array.isArray(added) && added.length > 0 ? added : null];
    }),
  );
}

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
