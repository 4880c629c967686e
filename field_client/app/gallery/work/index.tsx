// The working screens in all their states, by name, as the gallery shows them.

import type { ComponentChildren } from "preact";
import { CONFLICTS } from "./conflict.tsx";
import { EDITS } from "./edit.tsx";
import { HANDOVERS } from "./handover.tsx";
import { MONEY } from "./money.tsx";
import { SYNCS } from "./sync.tsx";
import { VISITS } from "./visit.tsx";

export const WORK: Readonly<Record<string, () => ComponentChildren>> = Object.fromEntries(
  [...VISITS, ...EDITS, ...MONEY, ...SYNCS, ...CONFLICTS, ...HANDOVERS].map(({ name, Sample }) => [
    name,
    () => <Sample />,
  ]),
);
