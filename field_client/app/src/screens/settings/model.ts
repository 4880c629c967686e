// What "Me" shows: who, which tablet, how safe the data are, and the way out.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import type { Label } from "../../schemas/declare.ts";
import type { Theme } from "../../shell/frame.tsx";
import type { Figure } from "../../work/figures.ts";

export interface SettingsProps {
  readonly frame: FrameContext;
  readonly person: PersonName;
  readonly username: string;
  readonly branch: string | null;
  readonly device: {
    readonly name: string;
    /** What receipts are numbered with; null: the branch has not given one yet. */
    readonly code: string | null;
    /** How far the tablet's clock is off the branch's. */
    readonly skewSeconds: number | null;
  };
  readonly lang: Lang;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly storage: Storage;
  readonly app: { readonly version: string; readonly update: Update | null };
  readonly pin: PinChange;
  readonly onLock: () => void;
  readonly leaving: Leaving;
  /** Saves what is not sent as a file for the branch; null: everything is sent. */
  readonly onRescue: (() => void) | null;
  /** Saves the same, signed, for a colleague to deliver; null: nothing waits, or it could not be signed. */
  readonly onCourier: (() => void) | null;
  readonly journal: JournalState;
  readonly incidents: readonly Incident[];
  /** Counts how far the user has come this month; null: for whom no figures are kept. */
  readonly figures: (() => Promise<readonly Figure[]>) | null;
}

export interface Storage {
  /** The browser has promised not to clear the data; null: it is being asked. */
  readonly persisted: boolean | null;
  readonly usedBytes: number | null;
  readonly roomBytes: number | null;
  /** Asks the browser for the promise. */
  readonly onPersist: () => void;
}

/** Whether the second copy of unsent work is written. */
export type JournalState = "written" | "failed" | "none";

/** A new version that lies ready. It is offered, never forced. */
export interface Update {
  /** A form is half-filled: the update waits. */
  readonly blocked: boolean;
  readonly onUpdate: () => void;
}

export interface PinChange {
  readonly state: "idle" | "busy" | "done";
  /** The old PIN did not fit. */
  readonly triesLeft: number | null;
  readonly onChange: (old: string, next: string) => void;
}

/** What signing out would leave behind. */
export interface Leaving {
  readonly unsent: number;
  readonly drafts: number;
  readonly onSignOut: () => void;
}

/** Something that the app has put right by itself. */
export interface Incident {
  readonly id: string;
  readonly at: string;
  readonly words: Label;
}
