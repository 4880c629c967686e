// The rows of the sync screen: one for each piece of work.

import type { ComponentChildren } from "preact";
import { Icon } from "../../components/Icon.tsx";
import { called, type PersonName } from "../../components/names.ts";
import { StateChip } from "../../components/StateChip.tsx";
import { type SetState, stateTone } from "../../components/state.ts";
import { Tile } from "../../components/Tile.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { MergedRow, SyncProps, WorkRow } from "./model.ts";
import { WORDS } from "./words.ts";

/** "Wang Xiuying: repayment ¥4,600.00"; the work alone, where it is under nobody. */
export function rowTitle(who: PersonName | null, what: string, lang: Lang): string {
  return who === null ? what : say(lang, WORDS, "row", { who: called(who, lang), what });
}

export function Rows({ rows }: { readonly rows: readonly WorkRow[] }) {
  const lang = useLang();
  return (
    <ul class="card flush">
      {rows.map((it) => (
        <li key={it.key}>
          <Row href={it.href}>
            <Tile icon={it.icon} tone={stateTone(it.state, false)} />
            <RowWords title={rowTitle(it.who, it.what, lang)} detail={it.detail} state={it.state} />
          </Row>
        </li>
      ))}
    </ul>
  );
}

/** What the branch joined by itself, and how. */
export function Merged({ rows }: { readonly rows: readonly MergedRow[] }) {
  const lang = useLang();
  return (
    <ul class="card flush">
      {rows.map((it) => (
        <li key={it.key} class="item">
          <Tile icon="tick" tone="ok" />
          <RowWords title={rowTitle(it.who, it.what, lang)} detail={it.detail} state="accepted" />
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly href: string | null;
  readonly children: ComponentChildren;
}

function Row({ href, children }: RowProps) {
  if (href === null) return <div class="item">{children}</div>;
  return (
    <a class="item" href={href}>
      {children}
    </a>
  );
}

interface RowWordsProps {
  readonly title: string;
  readonly detail: string;
  readonly state: SetState;
}

function RowWords({ title, detail, state }: RowWordsProps) {
  return (
    <div class="grow">
      <div class="row top between wrap row-head">
        <span class="t">{title}</span>
        <StateChip state={state} />
      </div>
      {detail === "" ? null : <p class="d">{detail}</p>}
    </div>
  );
}

interface AcceptedProps {
  readonly accepted: NonNullable<SyncProps["accepted"]>;
}

/** What was accepted today: a count; the single changes are a tap away. */
export function Accepted({ accepted }: AcceptedProps) {
  const lang = useLang();
  const span = say(lang, WORDS, "accepted.span", {
    from: accepted.from,
    to: accepted.to,
  });
  return (
    <details class="card flush unfold">
      <summary class="item">
        <Tile icon="tick" tone="ok" />
        <span class="grow">
          <span class="t">{say(lang, WORDS, "accepted.n", { n: accepted.count })}</span>
          <span class="d block">{span}</span>
        </span>
        <Icon name="down" size="s" />
      </summary>
      <ul>
        {accepted.rows.map((it) => (
          <li key={it.key}>
            <Row href={it.href}>
              <Tile icon={it.icon} tone="ok" />
              <RowWords
                title={rowTitle(it.who, it.what, lang)}
                detail={it.detail}
                state="accepted"
              />
            </Row>
          </li>
        ))}
      </ul>
    </details>
  );
}
