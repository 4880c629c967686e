// The five words for a piece of work, and how each looks (shared by every screen).

import type { IconName } from "./icons.ts";

export type SetState = "draft" | "ready" | "sent" | "accepted" | "needs_attention";

/** The tint of a chip, tile, banner or row: what it means, not which colour it is. */
export type Tone = "plain" | "brand" | "ok" | "info" | "warn" | "late" | "clash";

export function toneClass(tone: Tone): string {
  return tone === "plain" ? "" : tone;
}

export function stateTone(state: SetState, refused: boolean): Tone {
  switch (state) {
    case "draft":
    case "ready":
      return "plain";
    case "sent":
      return "info";
    case "accepted":
      return "ok";
    case "needs_attention":
      return refused ? "late" : "clash";
  }
}

export function stateIcon(state: SetState, refused: boolean): IconName {
  switch (state) {
    case "draft":
      return "pencil";
    case "ready":
      return "clock";
    case "sent":
      return "sync";
    case "accepted":
      return "tick";
    case "needs_attention":
      return refused ? "cross" : "fork";
  }
}
