// Rules over a whole record: the declared ones, evaluated as schemas/checks.py evaluates them.

import type { CheckDoc, Fields, Json, When } from "./declare.ts";
import type { Fault } from "./messages.ts";
import type { RecordType } from "./registry.ts";
import { isList, isObject } from "./values.ts";

/** Every fault of a whole record whose fields are good one by one. */
export function recordChecks(declared: RecordType, fields: Fields): Fault[] {
  return declared.doc.checks.map((it) => checkFault(it, fields)).filter((it) => it !== null);
}

/** The fault of one rule, or null. */
export function checkFault(check: CheckDoc, fields: Fields): Fault | null {
  switch (check.check) {
    case "needs": {
      if (!holds(check.when, fields)) return null;
      const missing = check.fields.find((it) => !isThere(valueAt(fields, it)));
      return missing === undefined ? null : fault(missing, "required", check.reason);
    }
    case "one_of": {
      const there = check.fields.filter((it) => isThere(valueAt(fields, it)));
      return there.length === 1 ? null : fault(check.at, "invalid-value", check.reason);
    }
    case "before": {
      const [earlier, later] = [valueAt(fields, check.first), valueAt(fields, check.then)];
      if (typeof earlier !== "string" || typeof later !== "string" || earlier < later) return null;
      return fault(check.then, "invalid-value", check.reason);
    }
    case "within": {
      const [first, then] = [valueAt(fields, check.first), valueAt(fields, check.then)];
      if (typeof first !== "string" || typeof then !== "string") return null;
      return isWithin(first, then, check.months) ? null : fault(check.then, BAD, check.reason);
    }
    case "adds": {
      const [rows, total] = [valueAt(fields, check.of), valueAt(fields, check.total)];
      if (!isList(rows) || rows.length === 0 || typeof total !== "number") return null;
      const sum = rows.reduce<number>((so, it) => so + numberOf(it, check.member), 0);
      return sum === total ? null : fault(check.of, BAD, check.reason);
    }
    case "differ": {
      const twin = check.fields.find((it, place) => {
        const value = valueAt(fields, it);
        const before = check.fields.slice(0, place).map((one) => valueAt(fields, one));
        return value !== null && before.includes(value);
      });
      if (twin === undefined) return null;
      const found = fault(twin, check.rule === null ? BAD : "not-permitted", check.reason);
      return check.rule === null ? found : { ...found, rule: check.rule };
    }
    default:
      return check satisfies never;
  }
}

const BAD = "invalid-value";

/** Whether a date is at most so many months after another; a day that the last month lacks is its last. */
function isWithin(first: string, then: string, months: number): boolean {
  const pages = (it: string) => Number(it.slice(0, 4)) * 12 + Number(it.slice(5, 7));
  const between = pages(then) - pages(first);
  return between < months || (between === months && then.slice(8) <= first.slice(8));
}

function numberOf(row: Json, member: string): number {
  const value = isObject(row) ? row[member] : null;
  return typeof value === "number" ? value : 0;
}

/** Whether a rule applies to a record of these fields. */
export function holds(when: When, fields: Fields): boolean {
  return (
    Object.entries(when.is ?? {}).every(([name, those]) => those.includes(valueAt(fields, name))) &&
    (when.has ?? []).every((it) => isThere(valueAt(fields, it))) &&
    !(when.lacks ?? []).some((it) => isThere(valueAt(fields, it)))
  );
}

/** Whether a field holds anything: not null, not false, no empty text, list or object; 0 is something. */
export function isThere(value: Json): boolean {
  if (value === null || value === false || value === "") return false;
  if (isList(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

function valueAt(fields: Fields, name: string): Json {
  return fields[name] ?? null;
}

function fault(field: string, code: string, reason: string | null): Fault {
  return reason === null ? { field, code } : { field, code, reason };
}
