// Whether the content of one change is as its type is declared (as schemas/changes.py has it).
//
// Nothing here knows who asks or what is stored: roles, scope and states are decided elsewhere.

import { recordChecks } from "./checks.ts";
import type { FieldDoc, Fields, Json } from "./declare.ts";
import { problem, problemOfEdit } from "./kinds.ts";
import type { Fault } from "./messages.ts";
import type { RecordType } from "./registry.ts";
import { isList } from "./values.ts";

export type ContentOp = "create" | "update";

/**
 * Every fault of the fields that a create or an update sets.
 *
 * Members of a group that a create leaves out count as null; an update carries all of them.
 */
export function fieldFaults(op: ContentOp, declared: RecordType, fields: Fields): Fault[] {
  const found: Fault[] = [];
  for (const [path, value] of Object.entries(fields)) {
    const field = declared.field(path);
    if (field === null) found.push({ field: shown(path), code: "unknown-field" });
    else if (value !== null) found.push(...valueFaults(op, path, field, value));
    else if (field.required && op === "update") found.push({ field: path, code: "required" });
  }
  const rest = op === "create" ? missing(declared, fields) : tornGroups(declared, fields);
  return [...found, ...rest];
}

function valueFaults(op: ContentOp, path: string, field: FieldDoc, value: Json): Fault[] {
  const { kind } = field;
  let reason: string | null;
  if (op === "update" && field.policy === "set" && kind.kind === "set") {
    if (isList(value)) return [{ field: path, code: "bad-change", reason: "not-add-remove" }];
    reason = problemOfEdit(kind, value);
  } else {
    reason = problem(kind, value);
  }
  return reason === null ? [] : [{ field: path, code: "invalid-value", reason }];
}

/** A fault for every field that a new record must have and lacks. */
export function missing(declared: RecordType, fields: Fields): Fault[] {
  return declared
    .plainFields()
    .filter(([name, field]) => field.required && (fields[name] ?? null) === null)
    .map(([name]) => ({ field: name, code: "required" }));
}

/** A fault for every group of which an update carries only a part. */
export function tornGroups(declared: RecordType, fields: Fields): Fault[] {
  const named = new Set(Object.keys(fields).map((it) => declared.unit(it)));
  return [...named]
    .filter((unit) => !Object.hasOwn(fields, unit))
    .filter((unit) => declared.group(unit).some((it) => !Object.hasOwn(fields, it)))
    .sort()
    .map((unit) => ({ field: unit, code: "group-incomplete" }));
}

/** A name that somebody made up, in a form that can be stored and read. */
export function shown(name: string): string {
  return [...name].slice(0, 100).join("").replaceAll("\u0000", "\ufffd");
}

/** Whether a name is a group, or a field that belongs to none: what `over` may name. */
export function isUnit(declared: RecordType, name: string): boolean {
  const field = declared.field(name);
  return field === null ? declared.group(name).length > 0 : field.group === null;
}

/** Every fault of a whole new record: its fields one by one, then its own checks. */
export function recordFaults(declared: RecordType, fields: Fields): Fault[] {
  const found = fieldFaults("create", declared, fields);
  return found.length > 0 ? found : recordChecks(declared, fields);
}
