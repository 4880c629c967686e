/// <reference path="../../styles/css.d.ts" />

import { Banner } from "../../components/Banner.tsx";
import { Frame } from "../../components/Frame.tsx";
import { NotSaved, SavedLine } from "../../components/form/SavedLine.tsx";
import { WORDS as FORM_WORDS } from "../../components/form/words.ts";
import { Icon } from "../../components/Icon.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { CardView } from "./card.tsx";
import { isComplete, leftOf } from "./left.ts";
import type { ConflictProps } from "./model.ts";
import { WORDS } from "./words.ts";
import "./conflict.css";

/** Two versions: before, mine and theirs, one card for each conflict, nothing chosen from the start. */
export function ConflictView(props: ConflictProps) {
  const lang = useLang();
  const { cards, joined } = props;
  const choices = cards.filter((it) => it.standing === "decide").length;
  const what =
    choices > 0
      ? say(lang, WORDS, "conflict.sub", { n: choices })
      : say(lang, WORDS, "conflict.sub.read");
  return (
    <Frame
      context={props.frame}
      title={say(lang, WORDS, "conflict.title")}
      sub={`${props.about} · ${what}`}
      back={props.back}
      nav={null}
      actions={<Actions props={props} />}
    >
      <div class="pad form-col versions">
        <Outcome props={props} />
        <NotSaved kept={props.kept} />
        <div>
          <p class="small muted">{introOf(props, lang)}</p>
          {props.recordHref === null ? null : (
            <a class="link" href={props.recordHref}>
              {say(lang, WORDS, "conflict.record")}
            </a>
          )}
        </div>
        {cards.map((it, at) => (
          <CardView key={it.id} card={it} n={cards.length > 1 ? at + 1 : null} props={props} />
        ))}
        {joined.length === 0 ? null : <JoinedFields props={props} />}
        {choices === 0 ? null : <p class="small muted">{say(lang, WORDS, "save.where")}</p>}
        <SavedLine kept={props.kept} />
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly props: ConflictProps;
}

function introOf(props: ConflictProps, lang: Lang): string {
  const authors = props.cards.flatMap((card) => card.versions.map((it) => it.author));
  const others = authors.flatMap((it) => (it.mine || it.who === null ? [] : [it.who]));
  const who = [...new Set(others)].join(say(lang, WORDS, "conflict.and"));
  const mine = authors.some((it) => it.mine);
  return say(lang, WORDS, mine ? "conflict.intro" : "conflict.intro.others", { who });
}

/** What became of the choices, once they were to be saved. */
function Outcome({ props }: PartProps) {
  const lang = useLang();
  if (props.stage === "saved") {
    return (
      <Banner tone="ok" icon="tick" title={say(lang, WORDS, "done.title")} role="status">
        {say(lang, WORDS, "done.what")}
      </Banner>
    );
  }
  if (props.notSaved === null) return null;
  const key = props.notSaved === "full" ? "saved.full" : "saved.failed";
  return (
    <Banner tone="late" icon="storage" title={say(lang, FORM_WORDS, key)} role="alert">
      {say(lang, FORM_WORDS, `${key}.what`)}
    </Banner>
  );
}

function Actions({ props }: PartProps) {
  const lang = useLang();
  const { cards, stage } = props;
  const choices = cards.filter((it) => it.standing === "decide").length;
  if (choices === 0 || stage === "saved") {
    return (
      <a class="btn main" href={props.back}>
        {say(lang, WORDS, "save.back")}
      </a>
    );
  }
  return (
    <>
      <a class="btn" href={props.back}>
        {say(lang, WORDS, "save.later")}
      </a>
      <button
        type="button"
        class="btn main"
        disabled={!isComplete(cards) || stage === "saving"}
        onClick={props.onSave}
      >
        {saveWords(props, choices, lang)}
      </button>
    </>
  );
}

/** The button says what is missing, one thing at a time. */
function saveWords(props: ConflictProps, choices: number, lang: Lang): string {
  if (props.stage === "saving") return say(lang, WORDS, "save.saving");
  const left = leftOf(props.cards);
  if (left.choices > 0) return say(lang, WORDS, "save.left", { n: left.choices });
  if (left.values > 0) return say(lang, WORDS, "save.values_left", { n: left.values });
  if (left.comments > 0) return say(lang, WORDS, "save.reasons_left", { n: left.comments });
  return say(lang, WORDS, "save", { n: choices });
}

/** What needed nobody: told, and folded away. */
function JoinedFields({ props }: PartProps) {
  const lang = useLang();
  return (
    <details class="card fold">
      <summary class="row between">
        <span>{say(lang, WORDS, "joined.title", { n: props.joined.length })}</span>
        <Icon name="down" size="s" />
      </summary>
      <dl class="sum small">
        {props.joined.map(({ label, value, who }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {say(lang, WORDS, "joined.who", {
                value,
                who: who ?? say(lang, WORDS, "joined.you"),
              })}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
