// Record types looked up by name, and what their declarations say of a path.

import type { FieldDoc, MapDoc, MoveDoc, TypeDoc } from "./declare.ts";

export function isMap(entry: FieldDoc | MapDoc): entry is MapDoc {
  return "leaves" in entry;
}

/** One declared record type. */
export class RecordType {
  readonly name: string;
  readonly doc: TypeDoc;
  private readonly groups = new Map<string, string[]>();

  constructor(name: string, doc: TypeDoc) {
    this.name = name;
    this.doc = doc;
    for (const [path, field] of this.plainFields()) {
      if (field.group === null) continue;
      this.groups.set(field.group, [...(this.groups.get(field.group) ?? []), path]);
    }
  }

  /** The declared fields that are no maps, in their order. */
  plainFields(): [string, FieldDoc][] {
    const found: [string, FieldDoc][] = [];
    for (const [path, entry] of Object.entries(this.doc.fields)) {
      if (!isMap(entry)) found.push([path, entry]);
    }
    return found;
  }

  /** The keyed maps, in their order. */
  maps(): [string, MapDoc][] {
    const found: [string, MapDoc][] = [];
    for (const [path, entry] of Object.entries(this.doc.fields)) {
      if (isMap(entry)) found.push([path, entry]);
    }
    return found;
  }

  /** The declaration of the field or map leaf at a dotted path, or null. */
  field(path: string): FieldDoc | null {
    const found = Object.hasOwn(this.doc.fields, path) ? this.doc.fields[path] : undefined;
    if (found && !isMap(found)) return found;
    const [name = "", key, ...rest] = path.split(".");
    const held = Object.hasOwn(this.doc.fields, name) ? this.doc.fields[name] : undefined;
    if (key === undefined || rest.length > 1 || !held || !isMap(held)) return null;
    const leaf = rest[0];
    if (leaf === "" || !new RegExp(`^(?:${held.key_pattern})$`).test(key)) return null;
    return Object.hasOwn(held.leaves, leaf ?? "") ? (held.leaves[leaf ?? ""] ?? null) : null;
  }

  /** The names of the members of a group; none when there is no such group. */
  group(name: string): readonly string[] {
    return this.groups.get(name) ?? [];
  }

  /** The name under which a path is decided: its group's, or its own. */
  unit(path: string): string {
    return this.field(path)?.group ?? path;
  }

  /** The moves of the state machine that lead from one state to another. */
  moves(source: unknown, target: unknown): readonly MoveDoc[] {
    const machine = this.doc.states;
    if (machine === null || typeof source !== "string") return [];
    return machine.transitions.filter((it) => it.from.includes(source) && it.to === target);
  }
}

/** Every record type, looked up by name. */
export class Registry {
  readonly schema: number;
  private readonly byName: Map<string, RecordType>;

  constructor(types: Readonly<Record<string, TypeDoc>>, schema: number) {
    this.schema = schema;
    this.byName = new Map(
      Object.entries(types).map(([name, doc]) => [name, new RecordType(name, doc)]),
    );
  }

  /** Add types that came later; known ones stay as they are. */
  add(types: Readonly<Record<string, TypeDoc>>): void {
    for (const [name, doc] of Object.entries(types)) {
      if (!this.byName.has(name)) this.byName.set(name, new RecordType(name, doc));
    }
  }

  get(name: string): RecordType | null {
    return this.byName.get(name) ?? null;
  }

  types(): RecordType[] {
    return [...this.byName.values()];
  }
}
