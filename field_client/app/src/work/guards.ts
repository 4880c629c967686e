// The rules over several records, asked before a set is stored: what they forbid is said at once
// (domain.md, sections 4 and 6). Only what this tablet knows counts; the server asks again.

import { isAsked, type Known, refusalOf, signedByAll } from "../lending/guards/asked.ts";
import { Sight, textOf } from "../lending/guards/sight.ts";
import type { Fields } from "../schemas/declare.ts";
import type { Change } from "../schemas/messages.ts";
import { bundleKey } from "../store/bundles.ts";
import { watchlistHash } from "../store/slow_hash.ts";
import { type Held, type View, view } from "../sync/rebase.ts";
import { type Action, openRecord } from "./action.ts";
import type { Desk } from "./desk.ts";
import { InvalidInputError } from "./faults.ts";
import { openCases } from "./troubles.ts";
import { recordsOf, referencesOf } from "./views.ts";

const REFERENCES = ["org_unit", "user", "product", "parameter", "group", "watchlist_entry"];
/** Own work that no log has yet lies behind everything that has a position. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Adds what belongs to a set. Throws InvalidInputError where a rule forbids a set of changes, as far as this tablet can tell. */
export async function guardSet(action: Action): Promise<void> {
  const { desk, changes } = action;
  openCases(action);
  if (!changes.some(isAsked)) return;
  const shown = await shownFor(desk, changes);
  await lockSurveys(action, shown);
  const before: Record<string, Fields> = {};
  for (const { id } of changes) {
    const known = shown.get(id);
    if (known !== undefined) before[id] = known.fields;
  }
  const after = await leftBy(desk, changes, shown);
  const { id: user, role } = desk.store.meta.user;
  const today = desk.today();
  const watched = { hash: await hashOf(changes, new Sight(after, today)) };
  const found = refusalOf({ actor: { user, role }, changes, before, after, today, watched });
  const type = found === null ? undefined : changes[found.change]?.type;
  if (found !== null && type !== undefined) throw new InvalidInputError(type, [found.why]);
}

/** Lock, in the set that submits an application, the survey on which it rests (6.9). */
async function lockSurveys(action: Action, shown: ReadonlyMap<string, View>): Promise<void> {
  const sent = action.changes.filter(
    (it) => it.type === "loan_application" && it.op === "update" && isSubmit(it),
  );
  const named = new Set(action.changes.map((it) => it.id));
  for (const it of sent.length > 0 ? shown.values() : []) {
    const { type, fields, customer, id } = it;
    const rests = sent.some((one) => one.id === fields.application_id);
    if (type !== "cashflow_survey" || !rests || fields.state !== "draft" || named.has(id)) continue;
    await action.update(await openRecord(action.desk, type, customer, id), { state: "locked" });
  }
}

function isSubmit({ set }: Change): boolean {
  return set?.state === "submitted";
}

/** What the tablet shows now and the rules may look at, by id. */
async function shownFor(
  desk: Desk,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, View>> {
  const { store, registry } = desk;
  const found = new Map<string, View>();
  const add = (views: readonly View[]) => {
    for (const it of views) if (!it.gone) found.set(it.id, it);
  };
  for (const type of REFERENCES) if (registry.get(type)) add(referencesOf(store, registry, type));
  const circle = new Set(changes.map((it) => bundleKey(it.customer, it.type)));
  for (const key of circle) {
    const views = await recordsOf(store, registry, key);
    add(views);
    // A set grows while it is walked: those who are tied to a customer are looked at as well.
    if (changes.some((it) => it.customer === key)) for (const it of tiedTo(views)) circle.add(it);
  }
  return found;
}

/** The customers to whom a customer's records tie: related ones and guarantors. */
function tiedTo(views: readonly View[]): readonly string[] {
  return views.flatMap(({ type, fields }) => {
    const field = { relationship: "to_customer_id", guarantor: "guarantor_customer_id" }[type];
    const other = field === undefined ? null : textOf(fields, field);
    return other === null ? [] : [other];
  });
}

/** The records as the set leaves them, the oldest first. */
async function leftBy(
  desk: Desk,
  changes: readonly Change[],
  shown: ReadonlyMap<string, View>,
): Promise<readonly Known[]> {
  const left = new Map<string, View>(shown);
  for (const change of changes) {
    const below = left.get(change.id);
    const held: Held | null = below === undefined ? null : { ...below, gone: false };
    const number = desk.store.lastNumber + 1;
    const one = view(held, [{ number, change, seen: {} }], desk.registry);
    if (one !== null) left.set(change.id, { ...one, pending: [number] });
  }
  const living = [...left.values()].filter((it) => !it.removed || changes.some(isOf(it)));
  const order = (it: View) => (it.pending.length > 0 || it.version === 0 ? NEWEST : it.version);
  const sorted = living.sort((one, other) => order(one) - order(other));
  return Promise.all(sorted.map((it) => asTheServerWill(desk, it)));
}

function isOf({ id }: View): (change: Change) => boolean {
  return (change) => change.id === id;
}

/** A note that all have signed here is one that the server will call signed. */
async function asTheServerWill(desk: Desk, it: View): Promise<Known> {
  const { type, id, customer, fields } = it;
  if (type !== "inspection_note") return { type, id, customer, fields };
  const held = (await desk.store.bundle(bundleKey(customer, type))).find((one) => one.id === id);
  const signed = signedByAll(fields, held?.fields ?? {});
  return { type, id, customer, fields: signed ? { ...fields, state: "signed" } : fields };
}

/** The hash of the customer's number, where something is submitted and there is a list to look into. */
async function hashOf(changes: readonly Change[], sight: Sight): Promise<string | null> {
  const sent = changes.find(isSubmit);
  if (sent === undefined || sight.of("watchlist_entry").length === 0) return null;
  const key = sight.parameter("watchlist_key", null);
  const idNo = textOf(sight.record(sent.customer)?.fields ?? {}, "id_no");
  return typeof key === "string" && idNo !== null ? watchlistHash(key, idNo) : null;
}
