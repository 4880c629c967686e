// Which fields a role may set in a form, and which moves of a state machine are open to it there.

import type { Fields, MoveDoc } from "../../schemas/declare.ts";
import type { RecordType } from "../../schemas/registry.ts";
import { isUnset, mayWrite } from "../../work/action.ts";

/**
 * Whether a role may set the field at a path, given what the branch has stored of the record. A group
 * is written whole or not at all.
 */
export function mayWritePath(
  type: RecordType,
  path: string,
  role: string,
  stored: Fields,
): boolean {
  const group = type.field(path)?.group ?? null;
  const members = group === null ? [path] : type.group(group);
  return members.every((it) => {
    const field = type.field(it);
    return field !== null && mayWrite(field, role, isUnset(type, field, it, stored));
  });
}

/** The moves that a role may make from where a record stands; some of them with a network only. */
export function movesOf(
  type: RecordType,
  state: unknown,
  role: string,
  online = false,
): readonly MoveDoc[] {
  const machine = type.doc.states;
  if (machine === null || typeof state !== "string") return [];
  return machine.transitions.filter(
    (it) => (it.offline || online) && it.from.includes(state) && it.roles.includes(role),
  );
}
