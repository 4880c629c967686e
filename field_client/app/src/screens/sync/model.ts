// What the sync screen shows: how it stands with the branch, and every piece of own work by name.

import type { FrameContext } from "../../components/Frame.tsx";
import type { IconName } from "../../components/icons.ts";
import type { PersonName } from "../../components/names.ts";
import type { SetState } from "../../components/state.ts";

/** How the link to the branch is. */
export type LinkState =
  | { readonly link: "idle" }
  /** The tablet has no network. */
  | { readonly link: "offline" }
  /** There is a network, but the branch did not answer. */
  | { readonly link: "unreached" }
  /** `all` 0: nothing goes out, the branch's news come in. */
  | {
      readonly link: "busy";
      readonly done: number;
      readonly all: number;
      readonly bytes: number | null;
      readonly allBytes: number | null;
    };

/** Something about the tablet itself that its user should know. */
export type SyncNotice =
  /** Above 0: the tablet is ahead of the branch. */
  | { readonly notice: "clock"; readonly seconds: number }
  | { readonly notice: "sign_in"; readonly href: string }
  | { readonly notice: "update" }
  /** A supervisor has locked the tablet. */
  | { readonly notice: "locked" }
  | { readonly notice: "full" };

/** One piece of work. */
export interface WorkRow {
  readonly key: string;
  readonly icon: IconName;
  /** Whose record it is; null: nobody's. */
  readonly who: PersonName | null;
  /** "repayment ¥4,600.00", in the user's language. */
  readonly what: string;
  /** "Receipt T1-20260616-003 · 11:06": the second line. */
  readonly detail: string;
  readonly state: SetState;
  /** Where the record can be read, or the draft gone on with. */
  readonly href: string | null;
}

/** Why a file was not taken: it changed on the way, is lost here, or is of a kind or size that is not. */
export type FileReason = "changed" | "lost" | "unfit";

/** One thing that a person must look at. */
export type AttentionRow = {
  readonly key: string;
  readonly who: PersonName | null;
  readonly what: string;
} & (
  | {
      readonly kind: "rejected";
      /** Why, sentence by sentence, in the user's language; with the rule where there is one. */
      readonly reasons: readonly string[];
      /** Where it can be put right; null: it cannot, only be given up. */
      readonly mendHref: string | null;
      readonly canDiscard: boolean;
      /** Nothing in it was wrong: the tablet was locked, and is not any more. */
      readonly canSendAgain: boolean;
    }
  | {
      readonly kind: "conflict";
      /** "Phone and pig count were also changed by Chen Jing, yesterday 17:20." */
      readonly detail: string;
      readonly href: string;
      /** Whether this user may decide it (SOD-8); otherwise it can be read. */
      readonly mine: boolean;
    }
  /** A conflict that this tablet no longer holds. */
  | { readonly kind: "gone" }
  /** A photo or another file that did not come to the branch. */
  | {
      readonly kind: "file";
      readonly reason: FileReason;
      /** "11:06", when it was taken. */
      readonly taken: string;
      /** The tablet has it still, so that it can go once more. */
      readonly canSendAgain: boolean;
    }
  | {
      readonly kind: "returned";
      /** Who returned it; empty where the tablet does not know. */
      readonly by: string;
      readonly comment: string | null;
      readonly href: string;
    }
);

/** Something that the branch joined without asking anybody. */
export interface MergedRow {
  readonly key: string;
  readonly who: PersonName | null;
  readonly what: string;
  /** "You changed the address, the branch changed the phone. Both kept." */
  readonly detail: string;
}

export interface SyncProps {
  readonly frame: FrameContext;
  readonly link: LinkState;
  /** Sets that are Ready or Sent. */
  readonly waiting: number;
  /** The last pull ended with nothing more to come. */
  readonly caughtUp: boolean;
  /** Until when everything of this tablet has reached the branch; an instant. */
  readonly sentUpTo: string | null;
  /** How old the branch's data on this tablet is; an instant. */
  readonly dataAsOf: string | null;
  /** What there is to send; null: not known. */
  readonly toSendBytes: number | null;
  readonly notices: readonly SyncNotice[];
  readonly attention: readonly AttentionRow[];
  readonly drafts: readonly WorkRow[];
  readonly ready: readonly WorkRow[];
  readonly sent: readonly WorkRow[];
  readonly merged: readonly MergedRow[];
  /** What was accepted today; null: nothing yet. */
  readonly accepted: {
    readonly count: number;
    /** Times of day, "07:58": of the first and of the last. */
    readonly from: string;
    readonly to: string;
    readonly rows: readonly WorkRow[];
  } | null;

  readonly onTry: () => void;
  /** Gives a rejected set up, or takes note of a conflict that is gone; by the row's key. */
  readonly onDiscard: (key: string) => void;
  /** Sends a set as it was, now that the tablet is not locked any more; by the row's key. */
  readonly onSendAgain: (key: string) => void;
}
