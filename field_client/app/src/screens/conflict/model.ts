// What the screen of two versions shows: every conflict of a customer, with what each of them offers.

import type { FrameContext } from "../../components/Frame.tsx";
import type { FieldPart } from "../../components/form/part.ts";
import type { Kept } from "../../components/form/SavedLine.tsx";
import type { Names, ShownLine } from "../../components/form/shown.ts";
import type { Fields, Json } from "../../schemas/declare.ts";
import type { Standing, Way } from "./offer.ts";

export type ConflictKind =
  | "field"
  | "text"
  | "delete"
  | "duplicate"
  | "state"
  | "invalid"
  | "late"
  | "possible_double"
  | "after_signature";

/** Who wrote a version, as people say it. */
export interface Author {
  /** Null: what stands was written since, by nobody in the conflict; or by the branch's system. */
  readonly who: string | null;
  readonly mine: boolean;
  /** "yesterday 17:20" or null. */
  readonly when: string | null;
  /** "this tablet", "tablet T2" or null. */
  readonly where: string | null;
}

/** One version, and the choice that takes it. */
export interface Version {
  readonly key: string;
  /** Null: it can be read, not taken. */
  readonly way: Way | null;
  readonly author: Author;
  readonly stands: boolean;
  /** One line of a field; several of a group, or of a whole change. */
  readonly lines: readonly ShownLine[];
  /** The version is that the record is removed; with the reason, where one was given. */
  readonly removed: { readonly reason: string | null } | null;
}

/** A run of sentences by one author; `author` null: they stand in both. */
export interface TextBlock {
  readonly author: Author | null;
  readonly text: string;
}

/** Two texts, joined for reading. */
export interface JoinedText {
  readonly blocks: readonly TextBlock[];
  readonly originals: readonly { readonly author: Author | null; readonly text: string }[];
}

export interface ConflictCard {
  readonly id: string;
  /** The field, or the kind of record, in the user's language. */
  readonly title: string;
  readonly kind: ConflictKind;
  readonly sensitive: boolean;
  readonly standing: Standing;
  /** Names of those who may decide in the user's place, where he may not. */
  readonly deciders: readonly string[];
  /** Who settled it, where it is settled. */
  readonly settledBy: string | null;
  readonly movedOn: boolean;
  readonly before: readonly ShownLine[] | null;
  readonly versions: readonly Version[];
  readonly text: JoinedText | null;
  /** The inputs for a value of one's own; null: there is none. */
  readonly own: readonly FieldPart[] | null;
  readonly names: Names;

  /** What the user has chosen so far; nothing is chosen from the start. */
  readonly choice: string | null;
  readonly way: Way | null;
  readonly written: Fields;
  readonly comment: string;
  readonly needsComment: boolean;
}

export interface ConflictProps {
  readonly frame: FrameContext;
  readonly back: string;
  /** Whose record it is, or which one. */
  readonly about: string;
  /** Where the record itself can be read. */
  readonly recordHref: string | null;
  readonly cards: readonly ConflictCard[];
  /** What the same sets changed and the branch joined by itself. */
  readonly joined: readonly {
    readonly label: string;
    readonly value: string;
    /** Null: the user. */
    readonly who: string | null;
  }[];
  readonly kept: Kept;
  readonly stage: "choosing" | "saving" | "saved";
  /** The choices could not be saved. */
  readonly notSaved: "full" | "failed" | null;

  readonly onChoose: (conflict: string, key: string) => void;
  readonly onWrite: (conflict: string, path: string, value: Json) => void;
  readonly onComment: (conflict: string, comment: string) => void;
  readonly onSave: () => void;
}
