// Which choices a conflict offers to whom. Nothing is chosen here: people choose.
// Source: protocol.md, section 5; domain.md, sections 4 (SOD-8) and 6.8; sync/resolutions.py.

import type { Fields, Json, Kind } from "../../schemas/declare.ts";
import type { RecordType } from "../../schemas/registry.ts";

/** One value that somebody wrote, as the conflict's record holds it. */
export interface Entry {
  readonly value: Json;
  /** The user who wrote it; null: the server. */
  readonly by: string | null;
  readonly device: string;
  /** The number of its set; null where the server itself wrote it. */
  readonly number: number | null;
  readonly made_at: string;
}

/** How a conflict can end on a tablet; the rest is decided on the branch's pages. */
export type Way = "keep" | "other" | "custom" | "both_count";

/**
 * Who decides: this user; someone who wrote neither side (SOD-8); the branch, on its pages; nobody any
 * more, because it is settled.
 */
export type Standing = "decide" | "sod8" | "branch" | "settled";

export interface Choice {
  /** Names the choice within its conflict: `keep`, `custom`, or the entry's device and number. */
  readonly key: string;
  /** Null: the value is shown, but this kind of conflict does not end by taking it. */
  readonly way: Way | null;
  /** The value that is taken, or that stands; null with `custom`, and where something newer stands. */
  readonly entry: Entry | null;
  readonly stands: boolean;
  /** Whether this user wrote it. */
  readonly mine: boolean;
}

export interface Offer {
  readonly standing: Standing;
  /** The values, also where this user may not choose between them; what stands comes first. */
  readonly choices: readonly Choice[];
  /** A sensitive field asks for a reason whatever is chosen. */
  readonly needsComment: boolean;
  /** What stands now was written after the values met. */
  readonly movedOn: boolean;
}

const DECIDING_ROLES = ["officer", "supervisor", "reviewer"];
/** Kinds that need a record of another's making, or a look into two files: the branch's pages have both. */
const BRANCH_ONLY = ["duplicate", "after_signature"];

/** What a conflict offers; `standsNow` is what the record holds now, null where the kind has no field. */
export function offerOf(
  conflict: Fields,
  user: string,
  role: string,
  standsNow: Json,
  type: RecordType | null,
): Offer {
  const entries = entriesOf(conflict);
  const unit = fieldOf(conflict);
  const kept = entries[0] ?? null;
  const standing = unit === null ? kept : (entries.find((it) => same(it.value, standsNow)) ?? null);
  const choices = entries
    .filter((it) => it === standing || it.number !== null) // without a number it cannot be named
    .map((it) => choiceOf(conflict, it, it === standing, user));
  if (standing === null) choices.unshift(keeping(conflict, null, false));
  choices.sort((a, b) => Number(b.stands) - Number(a.stands));
  if (canWriteAnother(conflict, type)) {
    choices.push({ key: "custom", way: "custom", entry: null, stands: false, mine: false });
  }
  return {
    standing: standingOf(conflict, user, role),
    choices,
    needsComment: conflict.sensitive === true,
    movedOn: standing !== kept,
  };
}

/** Tells who decides. */
export function standingOf(conflict: Fields, user: string, role: string): Standing {
  const kind = String(conflict.kind);
  if (conflict.status === "resolved") return "settled";
  if (conflict.sensitive === true && authorsOf(conflict).includes(user)) return "sod8";
  return DECIDING_ROLES.includes(role) && !BRANCH_ONLY.includes(kind) ? "decide" : "branch";
}

/** The values of a conflict: the one that was kept, then the others in the order of the log. */
export function entriesOf(conflict: Fields): readonly Entry[] {
  const others = conflict.others;
  return [conflict.kept ?? null, ...(Array.isArray(others) ? others : [])].flatMap(entry);
}

/** Who wrote the values, each once. */
export function authorsOf(conflict: Fields): readonly string[] {
  const named = entriesOf(conflict).flatMap((it) => (it.by === null ? [] : [it.by]));
  return [...new Set(named)];
}

export function fieldOf(conflict: Fields): string | null {
  const field = conflict.field;
  return typeof field === "string" ? field : null;
}

/** Whether a choice says in words what shall stand, and so asks for a reason. */
export function asksForComment(offer: Offer, way: Way): boolean {
  return offer.needsComment || way === "custom";
}

// -------------------------------------------------------------------------------------- choices

function choiceOf(conflict: Fields, entry: Entry, stands: boolean, user: string): Choice {
  const mine = entry.by === user;
  if (stands) return keeping(conflict, entry, mine);
  const way = conflict.kind === "possible_double" ? null : "other";
  return { key: `${entry.device}:${entry.number}`, way, entry, stands, mine };
}

function keeping(conflict: Fields, entry: Entry | null, mine: boolean): Choice {
  const way = conflict.kind === "possible_double" ? "both_count" : "keep";
  return { key: "keep", way, entry, stands: true, mine };
}

/** Another value can be written where the conflict is about one field or group that has an input. */
function canWriteAnother(conflict: Fields, type: RecordType | null): boolean {
  const unit = fieldOf(conflict);
  const kind = conflict.kind;
  if (unit === null || type === null || (kind !== "field" && kind !== "text")) return false;
  const members = type.group(unit).length > 0 ? type.group(unit) : [unit];
  return members.every((it) => {
    const field = type.field(it);
    return field !== null && field.policy !== "state" && canBeTyped(field.kind, conflict);
  });
}

function canBeTyped(kind: Kind, conflict: Fields): boolean {
  switch (kind.kind) {
    case "text":
    case "national_id":
    case "integer":
    case "flag":
    case "date":
    case "choice":
      return true;
    case "value":
      return entriesOf(conflict).every((it) => !Array.isArray(it.value));
    default:
      return false;
  }
}

// --------------------------------------------------------------------------------------- reading

function entry(raw: Json): Entry[] {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return [];
  const it = raw as Fields;
  return [
    {
      value: it.value ?? null,
      by: typeof it.by === "string" ? it.by : null,
      device: String(it.device ?? ""),
      number: typeof it.number === "number" ? it.number : null,
      made_at: String(it.made_at ?? ""),
    },
  ];
}

/** Whether two values are equal as JSON, whatever the order of an object's keys. */
export function same(one: Json, other: Json): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value as Fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, it]) => `${JSON.stringify(key)}:${canonical(it)}`).join()}}`;
}
