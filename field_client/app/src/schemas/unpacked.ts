// The declarations as they are used, from the short form in which the first load carries them.
//
// schemas/packing.py leaves out what is usual, and puts the words into one list a language; both walk
// the declarations in the same order.

import type {
  CheckDoc,
  FieldDoc,
  Json,
  Kind,
  Label,
  MapDoc,
  StatesDoc,
  TypeDoc,
} from "./declare.ts";

type Words = Json;
type KindName = Kind["kind"];

export type PackedKind =
  | KindName
  | {
      readonly kind: KindName;
      readonly options?: readonly string[];
      readonly of?: PackedKind;
      readonly members?: Readonly<Record<string, PackedKind>>;
      readonly titles?: readonly string[];
      readonly [usual: string]: unknown;
    };

export type PackedField = Partial<Omit<FieldDoc, "title" | "hint" | "kind">> & {
  readonly hint?: 1;
  readonly kind: PackedKind;
};

export interface PackedMap {
  readonly key_pattern: string;
  readonly leaves: Readonly<Record<string, PackedField>>;
}

export interface PackedMove {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly title?: null;
  readonly roles?: readonly string[];
  readonly offline?: boolean;
}

export type PackedType = Partial<Omit<TypeDoc, "title" | "fields" | "states">> & {
  readonly made_by: readonly string[];
  readonly fields: Readonly<Record<string, PackedField | PackedMap>>;
  readonly states?: Omit<StatesDoc, "transitions"> & {
    readonly transitions: readonly PackedMove[];
  };
};

const TYPE = {
  title_field: null,
  parent: null,
  reference: null,
  users: [],
  create_only: false,
  deletable: false,
  late_fact: false,
  checks: [] as readonly CheckDoc[],
} as const;
const FIELD = {
  policy: "manual",
  group: null,
  sensitive: false,
  required: false,
  required_by: [],
  default: null,
  write: ["officer", "supervisor"],
  authority: [],
} as const;
const LIST = { most: 500, least: 0 };
const KINDS: Partial<Record<KindName, Readonly<Record<string, Words>>>> = {
  text: { longest: 4000, shortest: 0, pattern: null, lines: false },
  integer: { least: -Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER, unit: null },
  ref: { to: null, scope: null },
  list: LIST,
  set: LIST,
  record: { required: [] },
};

/** A label whose words come later than the declaration. */
export type Spoken = { -readonly [Lang in keyof Label]: Label[Lang] };

/** Every type at its full length; `next` gives the label that comes next in the walk. */
export function unpacked(
  packed: Readonly<Record<string, PackedType>>,
  next: () => Label,
): Readonly<Record<string, TypeDoc>> {
  const types: Record<string, TypeDoc> = {};
  for (const [name, it] of Object.entries(packed)) types[name] = typeOf(it, next);
  return types;
}

function typeOf({ fields, states, ...rest }: PackedType, next: () => Label): TypeDoc {
  const title = next();
  const entries = entriesOf(fields, (it) => entryOf(it, next));
  const machine = states && {
    ...states,
    transitions: states.transitions.map((it) => ({
      roles: [],
      offline: false,
      ...it,
      title: it.title === null ? null : next(),
    })),
  };
  return { ...TYPE, ...rest, title, fields: entries, states: machine ?? null };
}

function entryOf(it: PackedField | PackedMap, next: () => Label): FieldDoc | MapDoc {
  if (!("leaves" in it)) return fieldOf(it, next);
  const title = next();
  return { ...it, title, leaves: entriesOf(it.leaves, (leaf) => fieldOf(leaf, next)) };
}

function fieldOf({ hint, kind, ...rest }: PackedField, next: () => Label): FieldDoc {
  const title = next();
  const said = hint === undefined ? null : next();
  return { ...FIELD, ...rest, title, hint: said, kind: kindOf(kind, next) };
}

function kindOf(packed: PackedKind, next: () => Label): Kind {
  const { kind, options, of, members, titles, ...rest } =
    typeof packed === "string" ? { kind: packed } : packed;
  return {
    ...KINDS[kind],
    ...rest,
    kind,
    ...(options && { options: Object.fromEntries(options.map((it) => [it, next()])) }),
    ...(of && { of: kindOf(of, next) }),
    ...(members && { members: entriesOf(members, (it) => kindOf(it, next)) }),
    ...(titles && { titles: Object.fromEntries(titles.map((it) => [it, next()])) }),
  } as Kind;
}

function entriesOf<From, To>(
  from: Readonly<Record<string, From>>,
  to: (it: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([name, it]) => [name, to(it)]));
}
