// What the list of all customers shows.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { SetState } from "../../components/state.ts";
import type { CustomerDetail } from "../customer/model.ts";

/** A customer in a list. */
export interface CustomerRow {
  readonly id: string;
  readonly name: PersonName;
  readonly village: string | null;
  /** The last four digits of the phone. */
  readonly phoneTail: string | null;
  /** Days past due of the worst loan. */
  readonly dpd: number;
  /** Outstanding principal of all loans; 0: no loan. */
  readonly owedFen: number;
  readonly state: SetState | null;
  readonly refused?: boolean;
}

export interface CustomersProps {
  readonly frame: FrameContext;
  readonly today: string;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** What fits the search, in order; all when nothing is searched; null while they are read. */
  readonly rows: readonly CustomerRow[] | null;
  /** How many customers this tablet holds. */
  readonly held: number;
  /** The customer shown beside the list. */
  readonly chosen: CustomerDetail | null;
}
