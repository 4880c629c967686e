// In one word, how it stands with the branch: which headline the sync screen begins with.

import type { SyncProps } from "./model.ts";

export type Headline = "busy" | "offline" | "unreached" | "waiting" | "behind" | "all";

/** The first that holds. Nothing here is an alarm: to be offline is how work in a village begins. */
export function headlineOf(props: Pick<SyncProps, "link" | "waiting" | "caughtUp">): Headline {
  switch (props.link.link) {
    case "busy":
      return "busy";
    case "offline":
      return "offline";
    case "unreached":
      return "unreached";
    case "idle":
      if (props.waiting > 0) return "waiting";
      return props.caughtUp ? "all" : "behind";
  }
}

const HOUR_MS = 3_600_000;
/** From here on the age of the last sync is said in a banner, at these steps (never as a barrier). */
const OLD_MS = 24 * HOUR_MS;
const VERY_OLD_MS = 72 * HOUR_MS;

/** Whether the last complete sync is so old that it is worth a banner; its age in milliseconds. */
export function ageOf(
  syncedAt: string | null,
  now: number,
): { readonly ms: number; readonly old: boolean; readonly veryOld: boolean } | null {
  if (syncedAt === null) return null;
  const ms = Math.max(0, now - Date.parse(syncedAt));
  return { ms, old: ms > OLD_MS, veryOld: ms > VERY_OLD_MS };
}
