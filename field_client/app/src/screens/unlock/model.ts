// What the lock shows: who, and what stands in the way.

import type { PersonName } from "../../components/names.ts";
import type { Lang } from "../../i18n/catalogue.ts";

export interface UnlockProps {
  readonly person: PersonName;
  readonly branch: string | null;
  readonly online: boolean;
  /** Milliseconds since 1970, when the screen was drawn. */
  readonly now: number;
  /** Sets that have not reached the branch: they are locked with everything else. */
  readonly waiting: number;
  /** There are stores of other people on this tablet. */
  readonly others: boolean;
  readonly state: UnlockState;
  readonly onLang: (lang: Lang) => void;
  /** To the others, or to the first sign-in of somebody new. */
  readonly onOther: () => void;
  readonly onForgot: () => void;
}

export type UnlockState =
  | {
      readonly is: "locked";
      /** The last PIN did not fit. */
      readonly missed: boolean;
      readonly triesLeft: number;
      /** A try must be on the disk before it is made, and there is no room for it. */
      readonly full: boolean;
      /** Until when no PIN is tried; null: now. */
      readonly waitUntil: number | null;
      readonly onUnlock: (pin: string) => void;
    }
  | { readonly is: "opening" }
  | {
      /** Too many misses: what is left can be opened by the branch alone. */
      readonly is: "destroyed";
      /** Saves the sealed unsent work as a file; null: there is none. */
      readonly onSaveSealed: (() => void) | null;
    }
  | { readonly is: "elsewhere"; readonly onUseHere: () => void };
