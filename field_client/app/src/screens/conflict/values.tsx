// The versions of a conflict as they are read: who wrote each, when and where, and what it says.

import { pick, type ShownLine, shownValue } from "../../components/form/shown.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Author, ConflictCard, Version } from "./model.ts";
import { WORDS } from "./words.ts";

interface CardProps {
  readonly card: ConflictCard;
}

export function Before({ lines }: { readonly lines: readonly ShownLine[] }) {
  const lang = useLang();
  const isLong = lines.some((it) => it.text.length > LONG);
  return (
    <div class={isLong || lines.length > 1 ? "base tall" : "base"}>
      <span>{say(lang, WORDS, "card.before")}</span>
      <Lines lines={lines} />
    </div>
  );
}

const LONG = 40;

/** A value, line by line; one alone needs no label, the card has it. */
function Lines({ lines }: { readonly lines: readonly ShownLine[] }) {
  const lang = useLang();
  const empty = say(lang, WORDS, "card.not_set");
  const [only] = lines;
  if (lines.length === 1 && only?.label === "") {
    return <span class={only.text === "" ? "quiet" : "own-words"}>{only.text || empty}</span>;
  }
  return (
    <dl class="lines">
      {lines.map((it) => (
        <div key={it.label}>
          <dt>{it.label}</dt>
          <dd class={it.text === "" ? "quiet" : undefined}>{it.text || empty}</dd>
        </div>
      ))}
    </dl>
  );
}

interface VersionProps {
  readonly version: Version;
  readonly card: ConflictCard;
}

/** Who wrote a version, when and where, and what it says. */
export function VersionBody({ version, card }: VersionProps) {
  const lang = useLang();
  const { author, stands, removed, lines } = version;
  const facts = [author.when, author.where, stands ? say(lang, WORDS, "card.stands") : null];
  const isLong = lines.some((it) => it.text.length > LONG) || lines.length > 1;
  return (
    <span class="grow">
      <span class="row between small wrap who">
        <b>{authorWords(author, lang)}</b>
        <span class="quiet">
          {facts.filter((it) => it !== null).join(lang === "zh" ? "，" : ", ")}
        </span>
      </span>
      {card.kind === "text" ? null : (
        <span class={isLong ? "val long" : "val"}>
          {removed === null ? <Lines lines={lines} /> : removedWords(removed.reason, lang)}
        </span>
      )}
    </span>
  );
}

export function authorWords(author: Author, lang: Lang): string {
  if (author.mine) return say(lang, WORDS, "card.yours");
  return author.who ?? say(lang, WORDS, "card.newer");
}

function removedWords(reason: string | null, lang: Lang): string {
  if (reason === null) return say(lang, WORDS, "card.deleted");
  return say(lang, WORDS, "card.deleted.because", { reason });
}

/** The versions where this user may only read them, or has chosen already. */
export function Versions({ card }: CardProps) {
  const lang = useLang();
  const shown = card.versions.filter((it) => it.lines.length > 0 || it.removed !== null);
  if (shown.length === 0) return null;
  return (
    <ul class="opts h">
      {shown.map((it) => (
        <li key={it.key} class={card.choice === it.key ? "opt on" : "opt"}>
          <VersionBody version={it} card={card} />
        </li>
      ))}
      {card.choice === "custom" ? (
        <li class="opt on">
          <span class="grow">
            <b>{say(lang, WORDS, card.kind === "text" ? "choice.join" : "choice.custom")}</b>
            <span class="val long">
              <Lines lines={ownLines(card, lang)} />
            </span>
          </span>
        </li>
      ) : null}
    </ul>
  );
}

/** What was written in place of the versions. */
function ownLines(card: ConflictCard, lang: Lang): readonly ShownLine[] {
  const parts = card.own ?? [];
  return parts.map(({ path, title, kind }) => ({
    label: parts.length === 1 ? "" : pick(title, lang),
    text: shownValue(kind, card.written[path] ?? null, lang, card.names),
  }));
}
