// What the screen of a visit shows: the visit that is under way with its note, or the one just finished.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PlaceState } from "../../components/form/PlaceInput.tsx";
import type { FieldFault, OnChange, Option } from "../../components/form/part.ts";
import type { Kept } from "../../components/form/SavedLine.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Photo } from "../../components/photo_source.ts";
import type { SetState } from "../../components/state.ts";
import type { Fields } from "../../schemas/declare.ts";
import type { Question } from "./checklist.ts";

export interface VisitProps {
  readonly frame: FrameContext;
  readonly back: string;
  readonly customer: PersonName;
  /** What they live by, or where: the rest of the second line. */
  readonly about: string | null;
  /** What the visit is, in the user's language: its note's kind, or its first purpose. */
  readonly title: string;
  readonly stage: VisitForm | VisitFinished;
}

/** The inspection note that is written with the visit. */
export interface NoteForm {
  /** By path: `answers.R01.value`, `narrative`, `conclusion`. */
  readonly values: Fields;
  readonly questions: readonly Question[];
  /** Answers of the last note of this kind, by path, to compare with. */
  readonly last: Fields;
  readonly conclusions: readonly Option[];
  /** What a supervisor said who returned it. */
  readonly returned: { readonly who: string; readonly comment: string } | null;
  readonly onChange: OnChange;
}

/** The photos that are taken on the visit. */
export interface PhotoForm {
  readonly taken: readonly Photo[];
  /** What the next one shows, of these. */
  readonly kinds: readonly Option[];
  /** Why the last one could not be kept. */
  readonly refused: "unreadable" | "full" | null;
  /** One is being made small. */
  readonly busy: boolean;
  readonly onTake: (picture: Blob, kind: string) => void;
  readonly onRemove: (id: string) => void;
}

export interface VisitForm {
  readonly stage: "form";
  /** The visit, by path: what stands, with what was typed over it. */
  readonly values: Fields;
  readonly purposes: readonly Option[];
  readonly outcomes: readonly Option[];
  /** Whom one may have met: the members of the household, by name. */
  readonly people: readonly string[];
  /** Null where the purposes ask for no note. */
  readonly note: NoteForm | null;
  readonly place: PlaceState;
  readonly photos: PhotoForm;
  /** What the tablet found wrong with what is filled in, by path; what is missing the view finds itself. */
  readonly faults: readonly FieldFault[];
  /** Counts the attempts to finish; until the first, nothing is said to be missing. */
  readonly attempt: number;
  readonly kept: Kept;
  readonly finishing: boolean;

  readonly onChange: OnChange;
  readonly onAskPlace: () => void;
  readonly onFinish: () => void;
  readonly onLater: () => void;
}

export interface VisitFinished {
  readonly stage: "finished";
  readonly state: SetState;
  /** Label and text of what was written, in the user's language. */
  readonly facts: readonly {
    readonly label: string;
    readonly value: string;
    readonly long?: boolean;
  }[];
  readonly photos: readonly Photo[];
  readonly next: { readonly who: string; readonly href: string } | null;
}
