// One conflict: what stood before, the versions, and the choice between them.

import { useId } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Chip } from "../../components/Chip.tsx";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { Choices } from "./choices.tsx";
import type { ConflictCard, ConflictProps } from "./model.ts";
import { TextView } from "./text.tsx";
import { Before, Versions } from "./values.tsx";
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
