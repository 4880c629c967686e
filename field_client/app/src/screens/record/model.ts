// What the screen of any single record shows.

import type { FrameContext } from "../../components/Frame.tsx";
import type { Names } from "../../components/form/shown.ts";
import type { PersonName } from "../../components/names.ts";
import type { SetState } from "../../components/state.ts";
import type { Label } from "../../schemas/declare.ts";
import type { RecordRows } from "./rows.ts";

export interface RecordDetail {
  readonly id: string;
  readonly type: Label;
  /** The words by which people recognise it. */
  readonly title: string;
  /** Whose it is. */
  readonly customer: { readonly name: PersonName; readonly href: string } | null;
  readonly state: SetState | null;
  readonly refused?: boolean;
  readonly content: RecordRows;
  /** The names of what is referred to, by id. */
  readonly names: Names;
  /** Where what is referred to can be seen, by id; only what this tablet holds. */
  readonly links: Readonly<Record<string, string>>;
  /** The installments of a loan. */
  readonly schedule: readonly ScheduleRow[];
  /** The form; null: this user may not edit it, or it is never edited. */
  readonly edit: string | null;
  /** Null: it cannot be removed here. */
  readonly onRemove: ((reason: string) => void) | null;
  readonly asOf: string | null;
  readonly own: number;
  readonly onShow: (path: string) => void;
}

export interface ScheduleRow {
  readonly seq: number;
  readonly dueOn: string;
  readonly dueFen: number;
  readonly paidFen: number;
  readonly dpd: number;
}

export interface RecordProps {
  readonly frame: FrameContext;
  readonly today: string;
  readonly back: string;
  /** Null: this tablet does not hold it. */
  readonly record: RecordDetail | null;
}
