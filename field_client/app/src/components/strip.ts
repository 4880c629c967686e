// What the strip on every screen says: how much waits and how old the data is. Waiting is normal, so
// it is grey; the colour rises only when a person must act.

import type { Lang } from "../i18n/catalogue.ts";
import * as format from "../i18n/format.ts";
import { say } from "../i18n/say.ts";
import type { IconName } from "./icons.ts";
import type { Tone } from "./state.ts";
import { WORDS } from "./words.ts";

export type StripKind = "needs_attention" | "sending" | "old" | "waiting" | "all_synced";

/** How it stands, read afresh from the pending sets and the last rounds. */
export interface SyncFacts {
  readonly attention: number;
  /** Sets that are Ready or Sent. */
  readonly waiting: number;
  /** A transfer that runs now. */
  readonly sending: Sending | null;
  readonly online: boolean;
  /** When the last complete round ended; null: never. */
  readonly syncedAt: string | null;
  /** The last pull ended with nothing more to come. */
  readonly caughtUp: boolean;
}

export interface Sending {
  readonly done: number;
  readonly all: number;
  readonly bytes: number;
  readonly allBytes: number;
}

export interface StripWords {
  readonly kind: StripKind;
  readonly tone: Tone;
  readonly icon: IconName;
  /** The words that a change of state brings. */
  readonly message: string;
  /** What goes on changing with the clock. */
  readonly age: string;
}

const OLD_MS = 24 * 3_600_000;

/** The first of the five that holds. */
export function stripKind(facts: SyncFacts, now: number): StripKind {
  if (facts.attention > 0) return "needs_attention";
  if (facts.sending !== null) return "sending";
  if (facts.syncedAt === null || now - Date.parse(facts.syncedAt) > OLD_MS) return "old";
  return facts.waiting > 0 || !facts.caughtUp ? "waiting" : "all_synced";
}

export function stripWords(facts: SyncFacts, lang: Lang, now: number): StripWords {
  const kind = stripKind(facts, now);
  const { attention, waiting, sending, syncedAt } = facts;
  const waits =
    waiting > 0
      ? say(lang, WORDS, "strip.waiting", { n: waiting })
      : say(lang, WORDS, "strip.nothing_waiting");
  switch (kind) {
    case "needs_attention": {
      const also =
        waiting > 0 ? `${say(lang, WORDS, "strip.also_waiting", { n: waiting })} · ` : "";
      return {
        kind,
        tone: "clash",
        icon: "fork",
        message: say(lang, WORDS, "strip.attention", { n: attention }),
        age: `${also}${ago("strip.synced", syncedAt, lang, now)}`,
      };
    }
    case "sending": {
      const { done, all, bytes, allBytes } = sending ?? { done: 0, all: 0, bytes: 0, allBytes: 0 };
      return {
        kind,
        tone: "info",
        icon: "sync",
        message:
          all > 0
            ? say(lang, WORDS, "strip.sending", { done, all })
            : say(lang, WORDS, "strip.receiving"),
        age:
          allBytes > 0
            ? say(lang, WORDS, "strip.bytes", {
                done: format.size(bytes),
                all: format.size(allBytes),
              })
            : "",
      };
    }
    case "old":
      return {
        kind,
        tone: "warn",
        icon: "clock",
        message: waits,
        age:
          syncedAt === null
            ? say(lang, WORDS, "strip.never")
            : say(lang, WORDS, "strip.not_for", {
                span: format.duration(now - Date.parse(syncedAt), lang),
              }),
      };
    case "waiting":
      return {
        kind,
        tone: "plain",
        icon: facts.online ? "upload" : "offline",
        message: waits,
        age: ago("strip.last_synced", syncedAt, lang, now),
      };
    case "all_synced":
      return {
        kind,
        tone: "ok",
        icon: "tick",
        message: say(lang, WORDS, "strip.all_synced"),
        age: say(lang, WORDS, "strip.up_to_date", { at: asOf(syncedAt, lang, now) }),
      };
  }
}

function ago(
  key: "strip.synced" | "strip.last_synced",
  at: string | null,
  lang: Lang,
  now: number,
): string {
  if (at === null) return say(lang, WORDS, "strip.never");
  const words = format.relative(at, lang, now);
  return say(lang, WORDS, key, {
    ago: lang === "zh" && /[0-9]$/.test(words) ? `${words} ` : words,
  });
}

function asOf(at: string | null, lang: Lang, now: number): string {
  if (at === null) return "";
  return format.dateIn(at) === format.dateIn(now)
    ? format.time(at)
    : format.dayAndTime(at, lang, now);
}

/** Whole days since the last complete round; null: there was none yet. */
export function daysUnsynced(facts: SyncFacts, now: number): number | null {
  if (facts.syncedAt === null) return null;
  return Math.floor((now - Date.parse(facts.syncedAt)) / OLD_MS);
}
