// The parts that a form is made of, as data: a layout builds them, a view shows them.

import type { Json, Kind, Label } from "../../schemas/declare.ts";

/** What a set, a choice or a reference can be chosen from. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One field of a record. */
export interface FieldPart {
  readonly part: "field";
  readonly path: string;
  readonly title: Label;
  readonly hint: Label | null;
  readonly kind: Kind;
  readonly required: boolean;
  /** Whether this user may set it here; otherwise it is shown as plain text. */
  readonly open: boolean;
  readonly sensitive: boolean;
}

/** Fields that only make sense together and are stored as one. */
export interface GroupPart {
  readonly part: "group";
  readonly name: string;
  readonly fields: readonly FieldPart[];
}

/** A group that says where something is; the tablet's position fills it. */
export interface PlacePart {
  readonly part: "place";
  readonly name: string;
  readonly lat: string;
  readonly lon: string;
  readonly accuracy: string | null;
  /** Further members of the group. */
  readonly fields: readonly FieldPart[];
  readonly open: boolean;
}

export interface MapEntry {
  readonly key: string;
  /** What people recognise the entry by; the key where it has nothing. */
  readonly name: string;
  readonly fields: readonly FieldPart[];
  /** It stood when the form was opened and has been taken out in it. */
  readonly removed: boolean;
}

/** A keyed map: entries that come and go, each with the same fields. */
export interface MapPart {
  readonly part: "map";
  readonly path: string;
  readonly title: Label;
  readonly entries: readonly MapEntry[];
  readonly open: boolean;
}

export type Part = FieldPart | GroupPart | PlacePart | MapPart;

/** What is wrong with a field, in the user's language; no path: with the record as a whole. */
export interface FieldFault {
  readonly path: string | null;
  readonly message: string;
}

/** A change of one field; an empty field is null, text that is no number is kept as it was typed. */
export type OnChange = (path: string, value: Json) => void;

/** The id of the input of a path, where a link in the summary of faults leads. */
export function inputId(path: string): string {
  return `in-${path}`;
}
