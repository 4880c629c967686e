// What the screen of a customer shows: how they stand, and what to do there.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Photo } from "../../components/photo_source.ts";
import type { SetState } from "../../components/state.ts";
import type { Label } from "../../schemas/declare.ts";
import type { Origin } from "../../shell/router.ts";
import type { Rhythm } from "../../work/tier.ts";
import type { ShownTrouble } from "../../work/troubles.ts";
import type { Outlived, Warning } from "../../work/warnings.ts";

export type RiskClass = "normal" | "special_mention" | "substandard" | "doubtful" | "loss";

export interface CustomerDetail {
  readonly id: string;
  readonly name: PersonName;
  readonly village: string | null;
  /** The business date on which the customer was registered. */
  readonly since: string | null;
  /** Days past due of the worst loan. */
  readonly dpd: number;
  readonly actions: QuickActions;
  readonly attention: readonly CustomerAttention[];
  /** Finds what early warning says on this tablet and no record says yet; the rules come later. */
  readonly warnings: () => Promise<readonly Warning[]>;
  /** Finds the signals on record whose reason has gone. */
  readonly outlived: () => Promise<readonly Outlived[]>;
  /** Finds what the customer asked for and complained of, like the warnings. */
  readonly troubles: () => Promise<readonly ShownTrouble[]>;
  /** Finds the customer's tier, like the warnings; null: it cannot be told. */
  readonly tier: () => Promise<Rhythm | null>;
  readonly loans: readonly LoanCard[];
  /** Finds the last day of an id card that runs out soon, or has run out, like the warnings. */
  readonly idCardEnds: () => Promise<string | null>;
  readonly about: AboutCustomer;
  readonly home: Home | null;
  readonly happened: readonly Happening[];
  readonly others: readonly RecordGroup[];
  /** The newest first. */
  readonly photos: readonly Photo[];
  readonly links: CustomerLinks;
  /** When the branch's data were read. */
  readonly asOf: string | null;
  /** Changes in what is shown that only this tablet has. */
  readonly own: number;
  /** Told each time that a masked number is shown: it goes to the audit trail. */
  readonly onShow: (field: "id_no" | "phone" | "phone_alt") => void;
}

/** What can be done at once; null: there is nothing to do it with. */
export interface QuickActions {
  readonly collect: string | null;
  readonly visit: string | null;
  /** The number that "Call" rings. */
  readonly phone: string | null;
}

export interface CustomerLinks {
  readonly edit: string | null;
  readonly note: string | null;
  readonly create: string | null;
}

/** What needs its user here: fields in two versions, a set that was not accepted, returned work. */
export interface CustomerAttention {
  readonly why: "conflict" | "rejected" | "returned";
  /** Fields of a conflict; pieces of work otherwise. */
  readonly n: number;
  readonly href: string;
}

export interface LoanCard {
  readonly id: string;
  readonly loanNo: string;
  readonly state: "active" | "settled" | "written_off";
  readonly principalFen: number;
  /** Outstanding principal. */
  readonly owedFen: number;
  readonly dpd: number;
  /** What is past due, and since when. */
  readonly overdue: { readonly fen: number; readonly since: string } | null;
  readonly promise: { readonly fen: number | null; readonly on: string } | null;
  readonly next: { readonly fen: number; readonly on: string } | null;
  readonly rateBps: number;
  readonly riskClass: RiskClass | null;
  readonly purpose: string | null;
  readonly security: readonly Label[];
  readonly maturesOn: string | null;
  /** Money taken that the branch has not yet answered is counted in. */
  readonly provisional: boolean;
  readonly href: string;
}

export interface AboutCustomer {
  readonly phone: string | null;
  readonly phoneAlt: string | null;
  readonly idNo: string | null;
  readonly people: number | null;
  readonly workers: number | null;
  readonly livelihood: string | null;
  readonly address: string | null;
  readonly preferences: string | null;
}

/** The home on the map of the world; how far it is only where the tablet knows where it is itself. */
export interface Home {
  readonly latE6: number;
  readonly lonE6: number;
  readonly away: { readonly m: number; readonly bearing: number } | null;
}

interface HappeningBase {
  readonly id: string;
  /** An instant, or a business date. */
  readonly at: string;
  readonly state: SetState | null;
  readonly refused?: boolean;
  readonly href: string | null;
}

export type Happening = HappeningBase &
  (
    | {
        readonly what: "repaid";
        readonly fen: number;
        readonly channel: Label;
        readonly receiptNo: string;
      }
    | { readonly what: "reversed"; readonly fen: number; readonly receiptNo: string }
    | { readonly what: "paid_out"; readonly fen: number; readonly loanNo: string }
    | {
        readonly what: "visit";
        readonly purposes: readonly Label[];
        readonly outcome: Label | null;
        readonly summary: string | null;
      }
    | { readonly what: "note"; readonly text: string }
    | { readonly what: "contact"; readonly kind: Label; readonly text: string }
    | { readonly what: "task"; readonly title: string; readonly done: boolean }
    | { readonly what: "versions"; readonly fields: readonly Label[] }
    | { readonly what: "record"; readonly type: Label; readonly title: string }
  );

/** The records of a type under the customer. */
export interface RecordGroup {
  readonly type: string;
  readonly title: Label;
  readonly rows: readonly RecordLine[];
}

export interface RecordLine {
  readonly id: string;
  readonly title: string;
  readonly sub: string | null;
  readonly state: SetState | null;
  readonly refused?: boolean;
  readonly href: string;
}

export interface CustomerProps {
  readonly frame: FrameContext;
  /** The business date. */
  readonly today: string;
  /** The list that one came from. */
  readonly from: Origin | null;
  /** Null: this tablet does not hold that customer. */
  readonly customer: CustomerDetail | null;
  /** Under whom a customer is kept who was merged into another one. */
  readonly survivor: { readonly id: string; readonly name: PersonName } | null;
}
