import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { type Fact, Lines } from "../../components/Facts.tsx";
import { Frame, type FrameContext } from "../../components/Frame.tsx";
import { NotSaved, SavedLine } from "../../components/form/SavedLine.tsx";
import { TextArea } from "../../components/form/TextArea.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Name } from "../../components/Name.tsx";
import { SegmentedControl } from "../../components/SegmentedControl.tsx";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { path } from "../../shell/router.ts";
import type { Part } from "../../work/handovers.ts";
import { type HandoverProps, type ItemCard, isFilled, reasonsMissing } from "./model.ts";
import { WORDS } from "./words.ts";

const PARTS: readonly Part[] = ["outgoing", "incoming", "witness"];
const SAYS = { outgoing: "item.note", incoming: "item.why", witness: "item.appraisal" } as const;

/** Customers that change hands: what is said of each, and what is asked of whoever looks. */
export function HandoverView(props: HandoverProps) {
  const lang = useLang();
  const { people, state } = props;
  return (
    <Frame
      context={props.frame}
      title={say(lang, WORDS, "handover.title")}
      sub={say(lang, WORDS, "handover.sub", {
        outgoing: people.outgoing.name,
        incoming: people.incoming.name,
      })}
      back={props.back}
      nav={null}
      actions={<Actions props={props} />}
    >
      <div class="pad form-col">
        <NotSaved kept={props.kept} />
        {props.refused && (
          <Banner
            tone="late"
            icon="storage"
            title={say(lang, WORDS, "save.refused")}
            role="alert"
          />
        )}
        <Banner
          tone={props.asks === null ? "plain" : "info"}
          icon="swap"
          title={say(
            lang,
            WORDS,
            props.asks === null ? `state.${stateOf(state)}` : `asks.${props.asks}`,
          )}
        >
          {askedWords(props, lang)}
        </Banner>
        <Card>
          <p class="small muted">
            {`${props.reason[lang]} · ${say(lang, WORDS, "handover.day", {
              on: format.date(props.effectiveOn, lang),
            })}`}
          </p>
          <ul class="stack">
            {PARTS.map((part) => (
              <Signature key={part} {...people[part]} />
            ))}
          </ul>
        </Card>
        {props.cards.map((it) => (
          <Customer key={it.customer} card={it} props={props} />
        ))}
        <SavedLine kept={props.kept} />
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly props: HandoverProps;
}

const STATES = [
  "draft",
  "in_review",
  "objected",
  "agreed",
  "signed",
  "effective",
  "cancelled",
] as const;

function stateOf(state: string): (typeof STATES)[number] {
  return STATES.find((it) => it === state) ?? "draft";
}

function askedWords({ asks }: HandoverProps, lang: Lang): string | null {
  if (asks === null) return null;
  const first = asks === "sign" ? "asks.sign_what" : asks === "answer" ? "asks.stands" : null;
  const words = [first, "asks.what"] as const;
  return words.flatMap((it) => (it === null ? [] : [say(lang, WORDS, it)])).join(" ");
}

function Signature({ name, signed }: { readonly name: string; readonly signed: boolean }) {
  const lang = useLang();
  return (
    <li class="row">
      <Icon name={signed ? "tick" : "clock"} size="s" />
      <span class={signed ? undefined : "muted"}>
        {say(lang, WORDS, signed ? "people.signed" : "people.unsigned", { name })}
      </span>
    </li>
  );
}

function Customer({ card, props }: PartProps & { readonly card: ItemCard }) {
  const lang = useLang();
  return (
    <Card
      title={<Name person={card.name} />}
      end={
        <a class="link" href={path({ screen: "customer", id: card.customer, from: null })}>
          {say(lang, WORDS, "item.dossier")}
        </a>
      }
    >
      <Lines facts={factsOf(card, props.part, lang)} />
      {card.open && props.part === "incoming" && (
        <SegmentedControl
          label={say(lang, WORDS, "item.answer")}
          value={card.answer}
          onChange={(answer) => props.onAnswer(card.customer, answer)}
          segments={[
            { value: "agree", words: say(lang, WORDS, "item.agree"), tone: "ok", icon: "tick" },
            { value: "object", words: say(lang, WORDS, "item.object"), tone: "warn" },
          ]}
        />
      )}
      {card.open && <Words card={card} props={props} />}
    </Card>
  );
}

/** A note, an appraisal, or the reason of an objection. */
function Words({ card, props }: PartProps & { readonly card: ItemCard }) {
  const lang = useLang();
  const { part } = props;
  if (part === null || (part === "incoming" && card.answer !== "object")) return null;
  const fault = props.faults.find((it) => it.path?.startsWith(`items.${card.customer}.`));
  return (
    <TextArea
      id={`words-${card.customer}`}
      label={say(lang, WORDS, SAYS[part])}
      value={card.typed}
      onChange={(words) => props.onType(card.customer, words)}
      required={part === "incoming"}
      error={fault?.message ?? null}
    />
  );
}

type ItemWord = Extract<keyof typeof WORDS, `item.${string}`>;

function factsOf(card: ItemCard, part: Part | null, lang: Lang): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (key: ItemWord, value: string | null, long = true) => {
    facts.push({
      label: say(lang, WORDS, key),
      value: value ?? say(lang, WORDS, "item.waits"),
      long,
    });
  };
  if (card.exposureFen !== null) add("item.owes", format.money(card.exposureFen), false);
  if (card.className !== null) add("item.class", card.className[lang], false);
  if (!(card.open && part === "outgoing")) add("item.note", card.note || null);
  if (!(card.open && part === "witness")) add("item.appraisal", card.appraisal || null);
  if (card.open && part === "incoming") return facts;
  if (card.objection !== "") {
    add("item.objection", card.objection);
    add("item.ruling", card.ruling || null);
  } else {
    add("item.answer", card.agreed ? say(lang, WORDS, "item.agreed") : null);
  }
  return facts;
}

function Actions({ props }: PartProps) {
  const lang = useLang();
  const { part, asks, cards, saving } = props;
  const writes = cards.some((it) => it.open);
  if (!writes && asks !== "sign") {
    return (
      <a class="btn main" href={props.back}>
        {say(lang, WORDS, "handover.back")}
      </a>
    );
  }
  const missing = reasonsMissing(cards);
  const ready = asks === "sign" || (missing === 0 && isFilled(part, cards));
  return (
    <>
      <a class="btn" href={props.back}>
        {say(lang, WORDS, "save.later")}
      </a>
      <button type="button" class="btn main" disabled={!ready || saving} onClick={props.onSave}>
        {missing > 0 ? say(lang, WORDS, "save.reasons", { n: missing }) : saveWords(props, lang)}
      </button>
    </>
  );
}

function saveWords({ part, asks }: HandoverProps, lang: Lang): string {
  if (asks === "sign") return say(lang, WORDS, "save.sign");
  if (part === "outgoing") return say(lang, WORDS, "save.note");
  return say(lang, WORDS, part === "witness" ? "save.appraise" : "save.answer");
}

interface AbsentProps {
  readonly frame: FrameContext;
  readonly back: string;
}

export function NoHandover({ frame, back }: AbsentProps) {
  const lang = useLang();
  const title = say(lang, WORDS, "handover.absent");
  return (
    <Frame context={frame} title={title} back={back} nav={null}>
      <EmptyState
        icon="search"
        title={title}
        action={
          <a class="btn" href={back}>
            {say(lang, WORDS, "handover.back")}
          </a>
        }
      >
        {say(lang, WORDS, "handover.absent_why")}
      </EmptyState>
    </Frame>
  );
}
