// The choice between the versions of a conflict: one of them, or a value of one's own, with its reason.

import { useId } from "preact/hooks";
import { KindInput } from "../../components/form/KindInput.tsx";
import { pick } from "../../components/form/shown.ts";
import { TextArea } from "../../components/form/TextArea.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { ConflictCard, ConflictProps, Version } from "./model.ts";
import { VersionBody, Versions } from "./values.tsx";
import { WORDS } from "./words.ts";

interface ChoicesProps {
  readonly card: ConflictCard;
  readonly props: ConflictProps;
}

export function Choices({ card, props }: ChoicesProps) {
  const lang = useLang();
  const name = useId();
  const choose = (key: string) => props.onChoose(card.id, key);
  return (
    <fieldset class="choices">
      <legend class="vh">
        {say(lang, WORDS, "choice.which")} {card.title}
      </legend>
      {card.kind === "possible_double" ? <Versions card={{ ...card, choice: null }} /> : null}
      <div class="opts h">
        {choosable(card).map((it) => (
          <label key={it.key} class={card.choice === it.key ? "opt on" : "opt"}>
            <input
              type="radio"
              name={name}
              checked={card.choice === it.key}
              onChange={() => choose(it.key)}
            />
            {it.way === "both_count" ? (
              <BothCount />
            ) : (
              <span class="grow">
                <VersionBody version={it} card={card} />
                <span class="small muted block">{takeWords(card, it, lang)}</span>
              </span>
            )}
          </label>
        ))}
      </div>
      {card.own === null ? null : <OwnChoice card={card} props={props} name={name} />}
      {card.choice !== null && card.needsComment ? (
        <TextArea
          id={`comment-${card.id}`}
          label={say(lang, WORDS, "choice.comment")}
          hint={say(lang, WORDS, "choice.comment.needed")}
          required
          value={card.comment}
          onChange={(it) => props.onComment(card.id, it)}
        />
      ) : null}
    </fieldset>
  );
}

function choosable(card: ConflictCard): readonly Version[] {
  return card.versions.filter((it) => it.way !== null);
}

function BothCount() {
  const lang = useLang();
  return (
    <span class="grow">
      <b>{say(lang, WORDS, "choice.both_count")}</b>
      <span class="small muted block">{say(lang, WORDS, "choice.both_count.what")}</span>
    </span>
  );
}

/** What choosing a version does. */
function takeWords(card: ConflictCard, version: Version, lang: Lang): string {
  if (card.kind === "text") return say(lang, WORDS, "choice.text");
  if (card.kind === "delete") {
    return say(lang, WORDS, version.removed === null ? "choice.undelete" : "choice.delete");
  }
  return say(lang, WORDS, version.stands ? "choice.keep" : "choice.take");
}

interface OwnChoiceProps extends ChoicesProps {
  readonly name: string;
}

/** Neither: a value of one's own; of a text, both of them joined and mended. */
function OwnChoice({ card, props, name }: OwnChoiceProps) {
  const lang = useLang();
  const on = card.choice === "custom";
  const isText = card.kind === "text";
  const choose = () => {
    props.onChoose(card.id, "custom");
    if (isText && card.comment === "") {
      props.onComment(card.id, say(lang, WORDS, "choice.join.comment"));
    }
  };
  return (
    <>
      <label class={on ? "opt on" : "opt"}>
        <input type="radio" name={name} checked={on} onChange={choose} />
        <span class="grow">
          <b>{say(lang, WORDS, isText ? "choice.join" : "choice.custom")}</b>
          <span class="small muted block">
            {say(lang, WORDS, isText ? "choice.join.what" : "choice.custom.what")}
          </span>
        </span>
      </label>
      {on
        ? (card.own ?? []).map((part) => (
            <KindInput
              key={part.path}
              id={`own-${card.id}-${part.path}`}
              label={isText ? say(lang, WORDS, "text.editor") : pick(part.title, lang)}
              hint={part.hint ? pick(part.hint, lang) : null}
              kind={part.kind}
              value={card.written[part.path] ?? null}
              names={card.names}
              onChange={(it) => props.onWrite(card.id, part.path, it)}
            />
          ))
        : null}
    </>
  );
}
