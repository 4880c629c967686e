// What the form of any record shows.

import type { ComponentChildren } from "preact";
import type { FrameContext } from "../../components/Frame.tsx";
import type { PlaceState } from "../../components/form/PlaceInput.tsx";
import type { FieldFault, OnChange, Option, Part } from "../../components/form/part.ts";
import type { Kept } from "../../components/form/SavedLine.tsx";
import type { Names } from "../../components/form/shown.ts";
import type { Fields, Json, Label } from "../../schemas/declare.ts";

/** What somebody else wrote into the record since the form was opened. */
export interface Meanwhile {
  readonly path: string;
  readonly value: Json;
  readonly who: string;
  /** "yesterday 17:20", in the user's language. */
  readonly when: string;
}

export interface EditProps {
  readonly frame: FrameContext;
  /** Where "back" leads. */
  readonly back: string;
  readonly mode: "create" | "edit";
  /** What people call the type of record. */
  readonly what: Label;
  /** Whose record it is, or which one: the second line of the title. */
  readonly about: string | null;
  readonly parts: readonly Part[];
  /** What the form holds, by path: what stood, with what was typed over it. */
  readonly values: Fields;
  /** What stood when the form was opened. */
  readonly before: Fields;
  /** What the references can be chosen from, by path. */
  readonly options: Readonly<Record<string, readonly Option[]>>;
  readonly names: Names;
  readonly meanwhile: readonly Meanwhile[];
  readonly faults: readonly FieldFault[];
  /** How often the user tried to finish: each time the focus goes to what is missing. */
  readonly attempt: number;
  readonly kept: Kept;
  /** Something was typed that can be finished. */
  readonly touched: boolean;
  readonly finishing: boolean;
  /** By group, how it stands with a place that was asked for. */
  readonly places: Readonly<Record<string, PlaceState>>;

  /** What the tablet works out from what is typed. */
  readonly worked?: ComponentChildren;

  readonly onChange: OnChange;
  /** Adds an entry to a keyed map, under a new key. */
  readonly onAdd: (map: string) => void;
  /** Takes an entry out of a keyed map. */
  readonly onRemove: (map: string, key: string) => void;
  readonly onAskPlace: (group: string) => void;
  readonly onFinish: () => void;
  readonly onLater: () => void;
  readonly onDrop: () => void;
}
