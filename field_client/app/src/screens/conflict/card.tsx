// One conflict: what stood before, the versions, and the choice between them.

import { useId } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Chip } from "../../components/Chip.tsx";
import { KindInput } from "../../components/form/KindInput.tsx";
import { pick, type ShownLine, shownValue } from "../../components/form/shown.ts";
import { TextArea } from "../../components/form/TextArea.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import type { Author, ConflictCard, ConflictProps, Version } from "./model.ts";
import { TextView } from "./text.tsx";
import { WORDS } from "./words.ts";

interface CardViewProps {
  readonly card: ConflictCard;
  /** Its number among several. */
  readonly n: number | null;
  readonly props: ConflictProps;
}

export function CardView({ card, n, props }: CardViewProps) {
  const lang = useLang();
  const id = useId();
  const decides = card.standing === "decide" && props.stage !== "saved";
  return (
    <section class="card stack" aria-labelledby={id}>
      <div class="row between top wrap">
        <h2 class="card-title" id={id}>
          {n === null ? card.title : `${n}. ${card.title}`}
        </h2>
        <Mark card={card} />
      </div>
      <KindLine card={card} />
      <StandingBanner card={card} />
      {card.movedOn && card.standing === "decide" ? (
        <Banner tone="warn" icon="clock" title={say(lang, WORDS, "card.moved_on")} />
      ) : null}
      {card.before === null ? null : <Before lines={card.before} />}
      {card.text === null ? null : <TextView text={card.text} />}
      {decides ? <Choices card={card} props={props} /> : <Versions card={card} />}
    </section>
  );
}

interface CardProps {
  readonly card: ConflictCard;
}

function Mark({ card }: CardProps) {
  const lang = useLang();
  if (card.standing === "settled") {
    return (
      <Chip tone="ok" icon="tick">
        {say(lang, WORDS, "standing.settled")}
      </Chip>
    );
  }
  if (card.sensitive && card.standing !== "decide") {
    return (
      <Chip tone="clash" icon="lock">
        {say(lang, WORDS, "card.sensitive")}
      </Chip>
    );
  }
  if (card.standing !== "decide") return null;
  return card.choice === null ? (
    <Chip tone="clash" icon="fork">
      {say(lang, WORDS, "card.open")}
    </Chip>
  ) : (
    <Chip tone="ok" icon="tick">
      {say(lang, WORDS, "card.chosen")}
    </Chip>
  );
}

/** Two values of a field explain themselves; every other kind says what happened. */
function KindLine({ card }: CardProps) {
  const lang = useLang();
  switch (card.kind) {
    case "field":
    case "text":
      return null;
    case "duplicate":
    case "after_signature":
    case "delete":
    case "state":
    case "invalid":
    case "late":
    case "possible_double":
      return (
        <p class="small muted">
          <b>{say(lang, WORDS, `kind.${card.kind}`)}</b>
          <br />
          {say(lang, WORDS, `kind.${card.kind}.what`)}
        </p>
      );
  }
}

function StandingBanner({ card }: CardProps) {
  const lang = useLang();
  switch (card.standing) {
    case "decide":
      return null;
    case "sod8": {
      const names = card.deciders.join(lang === "zh" ? "、" : ", ");
      return (
        <Banner tone="clash" icon="lock" title={say(lang, WORDS, "standing.sod8")}>
          {names === ""
            ? say(lang, WORDS, "standing.sod8.nobody")
            : say(lang, WORDS, "standing.sod8.who", { names })}
        </Banner>
      );
    }
    case "branch":
      return (
        <Banner icon="lock" title={say(lang, WORDS, "standing.branch")}>
          {say(lang, WORDS, "standing.branch.what")}
        </Banner>
      );
    case "settled":
      return (
        <Banner
          tone="ok"
          icon="tick"
          title={
            card.settledBy === null
              ? say(lang, WORDS, "standing.settled")
              : say(lang, WORDS, "standing.settled.by", { who: card.settledBy })
          }
        />
      );
  }
}

// --------------------------------------------------------------------------------------- values

function Before({ lines }: { readonly lines: readonly ShownLine[] }) {
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
function VersionBody({ version, card }: VersionProps) {
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
function Versions({ card }: CardProps) {
  const lang = useLang();
  const shown = card.versions.filter((it) => it.lines.length > 0 || it.removed !== null);
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

// --------------------------------------------------------------------------------------- choices

interface ChoicesProps {
  readonly card: ConflictCard;
  readonly props: ConflictProps;
}

function Choices({ card, props }: ChoicesProps) {
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
