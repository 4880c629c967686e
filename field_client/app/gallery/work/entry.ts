// What the gallery shows of the working screens: each in each of its states.

import type { ComponentType } from "preact";

export interface Entry {
  /** The screen and its state: "visit-missing". */
  readonly name: string;
  readonly Sample: ComponentType;
}
