// What the screen that takes a repayment shows.

import type { FrameContext } from "../../components/Frame.tsx";
import type { FieldFault, OnChange, Option } from "../../components/form/part.ts";
import type { Kept } from "../../components/form/SavedLine.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Fields } from "../../schemas/declare.ts";
import type { Split } from "./split.ts";

export interface RepaymentProps {
  readonly frame: FrameContext;
  readonly back: string;
  readonly customer: PersonName;
  readonly loanNo: string;
  /** By path: `amount_fen`, `channel`, `payer_name`, `value_date`, `note`. */
  readonly values: Fields;
  readonly channels: readonly Option[];
  /** What is due of the current installment alone; null: nothing. */
  readonly installmentFen: number | null;
  /** All that may be asked for today, late fees among it; null: nothing. */
  readonly allDueFen: number | null;
  /** The branch's business date: no payment lies ahead of it. */
  readonly today: string;
  /** Where the money goes, replayed with what is typed; null: no amount yet. */
  readonly split: Split | null;
  /** The number that this receipt will have; null: the tablet has no code yet. */
  readonly receiptNo: string | null;
  readonly officer: string;
  /** What the tablet found wrong, by path; what is missing the view finds itself. */
  readonly faults: readonly FieldFault[];
  readonly attempt: number;
  readonly kept: Kept;
  readonly taking: boolean;
  /** It was tried and could not be saved; nothing was taken. */
  readonly notTaken: "full" | "failed" | null;

  readonly onChange: OnChange;
  readonly onTake: () => void;
}
