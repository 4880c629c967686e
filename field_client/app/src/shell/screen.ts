// What a connected screen gets: the officer's open store, where the user is, and the frame around it.

import type { FrameContext } from "../components/Frame.tsx";
import type { Officer } from "./officer.ts";
import type { Route } from "./router.ts";

export interface ScreenProps<Name extends Route["screen"]> {
  readonly officer: Officer;
  readonly frame: FrameContext;
  readonly route: Extract<Route, { readonly screen: Name }>;
  /** A form is open and half filled: no update is taken over it. */
  readonly onBusy: (busy: boolean) => void;
}
