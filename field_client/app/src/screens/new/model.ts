// What can be made anew: a customer, or a record under one.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Label } from "../../schemas/declare.ts";

export interface NewProps {
  readonly frame: FrameContext;
  readonly back: string | null;
  /** For whom; null: nobody is chosen yet. */
  readonly customer: PersonName | null;
  /** The types of record that this user may make. */
  readonly types: readonly {
    readonly name: string;
    readonly title: Label;
    readonly href: string;
  }[];
}
