// What a receipt shows, on the screen that follows a payment, on paper, and in the preview before it.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { SetState } from "../../components/state.ts";
import type { Split } from "../repayment/split.ts";

/** What is written on the receipt. */
export interface ReceiptFacts {
  readonly receiptNo: string;
  readonly amountFen: number;
  readonly loanNo: string;
  /** Who paid: the customer, or whoever is named. */
  readonly payer: string;
  /** How, in the user's language. */
  readonly channel: string;
  /** When it was taken: an instant; null in the preview. */
  readonly takenAt: string | null;
  /** The business date from which it counts. */
  readonly valueDate: string;
  readonly officer: string;
  /** The branch's number, where customers may check a receipt. */
  readonly branchPhone: string | null;
  readonly split: Split | null;
  readonly state: SetState;
}

export interface ReceiptProps {
  readonly frame: FrameContext;
  readonly back: string;
  readonly customer: PersonName;
  readonly facts: ReceiptFacts;
  /** It has just been taken; otherwise somebody looks it up again. */
  readonly fresh: boolean;
  /** The customer's phone, to which the receipt can be texted. */
  readonly customerPhone: string | null;
  readonly reversal:
    | { readonly is: "possible" }
    | { readonly is: "asked"; readonly when: string }
    | { readonly is: "done" }
    | { readonly is: "impossible" };
  readonly next: { readonly who: string; readonly href: string } | null;

  readonly onPrint: () => void;
  /** Asks the supervisor to reverse it, with what is wrong in words. */
  readonly onAskReversal: (why: string) => void;
}
