// What needs its user: each thing with its reason and the way out.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Section } from "../../components/Card.tsx";
import { StateChip } from "../../components/StateChip.tsx";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { number } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { AttentionRow, SyncProps } from "./model.ts";
import { rowTitle } from "./rows.tsx";
import { WORDS } from "./words.ts";

export function Attention({ props }: { readonly props: SyncProps }) {
  const lang = useLang();
  const { attention, onDiscard, onSendAgain } = props;
  return (
    <Section title={say(lang, WORDS, "attention")} end={number(attention.length)} tone="clash">
      <ul class="card flush">
        {attention.map((it) => (
          <li key={it.key} class="item">
            <Tile
              icon={isTwoVersions(it) ? "fork" : "cross"}
              tone={isTwoVersions(it) ? "clash" : "late"}
            />
            <div class="grow">
              <div class="row top between wrap row-head">
                <span class="t">{titleOf(it, lang)}</span>
                <StateChip state="needs_attention" refused={!isTwoVersions(it)} />
              </div>
              <Reason
                row={it}
                onDiscard={() => onDiscard(it.key)}
                onSendAgain={() => onSendAgain(it.key)}
              />
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function isTwoVersions(row: AttentionRow): boolean {
  return row.kind === "conflict" || row.kind === "gone";
}

function titleOf(row: AttentionRow, lang: Lang): string {
  if (!isTwoVersions(row)) return rowTitle(row.who, row.what, lang);
  const two = say(lang, WORDS, "attention.two");
  return row.who === null ? `${row.what}: ${two}` : rowTitle(row.who, two, lang);
}

interface ReasonProps {
  readonly row: AttentionRow;
  readonly onDiscard: () => void;
  readonly onSendAgain: () => void;
}

function Reason({ row, onDiscard, onSendAgain }: ReasonProps) {
  const lang = useLang();
  switch (row.kind) {
    case "rejected":
      return (
        <>
          {row.reasons.map((reason) => (
            <p class="d" key={reason}>
              {say(lang, WORDS, "attention.not_accepted", { reason })}
            </p>
          ))}
          <p class="d">{say(lang, WORDS, "attention.kept")}</p>
          <GiveUp canDiscard={row.canDiscard} onDiscard={onDiscard}>
            {row.canSendAgain ? (
              <button type="button" class="btn" onClick={onSendAgain}>
                {say(lang, WORDS, "attention.again")}
              </button>
            ) : null}
            {row.mendHref === null ? null : (
              <a class="btn" href={row.mendHref}>
                {say(lang, WORDS, "attention.mend")}
              </a>
            )}
          </GiveUp>
        </>
      );
    case "conflict":
      return (
        <>
          <p class="d">{row.detail}</p>
          {row.mine ? null : <p class="d">{say(lang, WORDS, "attention.third")}</p>}
          <div class="row wrap ways">
            <a class="btn" href={row.href}>
              {say(lang, WORDS, row.mine ? "attention.choose" : "attention.see")}
            </a>
          </div>
        </>
      );
    case "gone":
      return (
        <>
          <p class="d">{say(lang, WORDS, "attention.gone")}</p>
          <div class="row wrap ways">
            <button type="button" class="btn" onClick={onDiscard}>
              {say(lang, WORDS, "attention.seen")}
            </button>
          </div>
        </>
      );
    case "file":
      return (
        <>
          <p class="d">
            {say(lang, WORDS, "file.taken", { when: row.taken })}{" "}
            {say(lang, WORDS, `file.${row.reason}`)}
          </p>
          <GiveUp canDiscard={true} file={true} onDiscard={onDiscard}>
            {row.canSendAgain ? (
              <button type="button" class="btn" onClick={onSendAgain}>
                {say(lang, WORDS, "attention.again")}
              </button>
            ) : null}
          </GiveUp>
        </>
      );
    case "returned":
      return (
        <>
          <p class="d">{returnedWords(row.by, row.comment, lang)}</p>
          <div class="row wrap ways">
            <a class="btn" href={row.href}>
              {say(lang, WORDS, "attention.open")}
            </a>
          </div>
        </>
      );
  }
}

function returnedWords(by: string, comment: string | null, lang: Lang): string {
  const who = by || say(lang, WORDS, "attention.supervisor");
  return comment === null
    ? say(lang, WORDS, "attention.returned.plain", { who })
    : say(lang, WORDS, "attention.returned", { who, comment });
}

interface GiveUpProps {
  readonly canDiscard: boolean;
  readonly onDiscard: () => void;
  /** What is given up is a file, and not a set. */
  readonly file?: boolean;
  /** What may be done instead. */
  readonly children: ComponentChildren;
}

/** Giving work up takes two taps, and says what becomes of it. */
function GiveUp({ canDiscard, onDiscard, file = false, children }: GiveUpProps) {
  const lang = useLang();
  const [asked, setAsked] = useState(false);
  if (asked) {
    return (
      <>
        <p class="d strong">{say(lang, WORDS, file ? "file.sure" : "attention.discard.sure")}</p>
        <div class="row wrap ways">
          <button type="button" class="btn danger" onClick={onDiscard}>
            {say(lang, WORDS, "attention.discard.yes")}
          </button>
          <button type="button" class="btn" onClick={() => setAsked(false)}>
            {say(lang, WORDS, "attention.discard.no")}
          </button>
        </div>
      </>
    );
  }
  return (
    <div class="row wrap ways">
      {children}
      {canDiscard ? (
        <button type="button" class="btn quiet" onClick={() => setAsked(true)}>
          {say(lang, WORDS, "attention.discard")}
        </button>
      ) : null}
    </div>
  );
}
