// Puts what happened into words.

import type { IconName } from "../../components/icons.ts";
import type { Tone } from "../../components/state.ts";
import type { TimelineEntry } from "../../components/Timeline.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Label } from "../../schemas/declare.ts";
import type { Happening } from "./model.ts";
import { WORDS } from "./words.ts";

interface Told {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string | null;
}

export function entryOf(it: Happening, lang: Lang, today: string): TimelineEntry {
  return {
    id: it.id,
    at: it.at,
    when: when(it.at, lang, today),
    state: it.state,
    refused: it.refused,
    href: it.href,
    ...told(it, lang),
  };
}

function told(it: Happening, lang: Lang): Told {
  switch (it.what) {
    case "repaid":
      return {
        icon: "money",
        tone: "ok",
        title: say(lang, WORDS, "happened.repaid", { amount: format.money(it.fen) }),
        text: say(lang, WORDS, "happened.receipt", { channel: it.channel[lang], no: it.receiptNo }),
      };
    case "reversed":
      return {
        icon: "swap",
        tone: "late",
        title: say(lang, WORDS, "happened.reversed", { amount: format.money(it.fen) }),
        text: say(lang, WORDS, "happened.reversed_of", { no: it.receiptNo }),
      };
    case "paid_out":
      return {
        icon: "document",
        tone: "plain",
        title: say(lang, WORDS, "happened.paid_out", { amount: format.money(it.fen) }),
        text: say(lang, WORDS, "happened.loan", { no: it.loanNo }),
      };
    case "visit": {
      const outcome = it.outcome?.[lang] ?? null;
      return {
        icon: "visit",
        tone: "brand",
        title: listed(it.purposes, lang) || say(lang, WORDS, "happened.visit"),
        text: [outcome, it.summary].filter(Boolean).join(" · ") || null,
      };
    }
    case "note":
      return {
        icon: "note",
        tone: "info",
        title: say(lang, WORDS, "happened.note"),
        text: it.text,
      };
    case "contact":
      return { icon: "call", tone: "info", title: it.kind[lang], text: it.text };
    case "task":
      return {
        icon: it.done ? "tick" : "clock",
        tone: it.done ? "ok" : "plain",
        title: say(lang, WORDS, it.done ? "happened.task_done" : "happened.task"),
        text: it.title,
      };
    case "versions":
      return {
        icon: "fork",
        tone: "clash",
        title: say(lang, WORDS, "happened.versions"),
        text: say(lang, WORDS, "happened.differs", { fields: listed(it.fields, lang) }),
      };
    case "record":
      return { icon: "document", tone: "plain", title: it.type[lang], text: it.title };
  }
}

/** "Today 10:41" on the day itself, "Yesterday", then the date alone. */
function when(at: string, lang: Lang, today: string): string {
  const isInstant = at.includes("T");
  const on = isInstant ? format.dateIn(at) : at;
  const day =
    Math.abs(format.daysBetween(today, on)) <= 1
      ? format.dayName(on, lang, today)
      : format.shortDate(on, lang, today);
  return isInstant && on === today ? `${day} ${format.time(at)}` : day;
}

export function listed(labels: readonly Label[], lang: Lang): string {
  return labels.map((it) => it[lang]).join(lang === "zh" ? "、" : ", ");
}
