// The frame around every sample: an afternoon in June, two hours after the last sync.

import type { FrameContext } from "../../src/components/Frame.tsx";
import type { SyncFacts } from "../../src/components/strip.ts";

export const NOW = Date.parse("2026-06-16T08:31:00.000Z");
export const TODAY = "2026-06-16";

export function frame(more: Partial<SyncFacts> = {}): FrameContext {
  return {
    sync: {
      attention: 0,
      waiting: 3,
      sending: null,
      online: false,
      syncedAt: "2026-06-16T06:20:00.000Z",
      caughtUp: true,
      ...more,
    },
    now: NOW,
    onLang: () => undefined,
  };
}

export const nothing = () => undefined;
