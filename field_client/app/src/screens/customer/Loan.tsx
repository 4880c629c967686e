import type { ComponentChildren } from "preact";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { type Fact, Facts } from "../../components/Facts.tsx";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { Progress } from "../../components/Progress.tsx";
import type { Tone } from "../../components/state.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import * as format from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { listed } from "./happened.ts";
import type { LoanCard, RiskClass } from "./model.ts";
import { WORDS } from "./words.ts";

interface LoanProps {
  readonly loan: LoanCard;
  readonly today: string;
}

/** A loan that is paid back is of little interest any more: one line, and the way to its details. */
function Settled({ loan }: { readonly loan: LoanCard }) {
  const lang = useLang();
  return (
    <article class="card stack" aria-label={`${say(lang, WORDS, "loan.title")} ${loan.loanNo}`}>
      <Title loan={loan} />
      <Open loan={loan}>
        {say(lang, WORDS, "loan.repaid", { amount: format.money(loan.principalFen) })}
      </Open>
    </article>
  );
}

function Title({ loan }: { readonly loan: LoanCard }) {
  const lang = useLang();
  return (
    <div class="row between wrap">
      <h2 class="h3">
        {say(lang, WORDS, "loan.title")} <span class="num quiet light">{loan.loanNo}</span>
      </h2>
      <LoanChip loan={loan} />
    </div>
  );
}

interface OpenProps {
  readonly loan: LoanCard;
  readonly children: ComponentChildren;
}

function Open({ loan, children }: OpenProps) {
  return (
    <a class="more" href={loan.href}>
      <span class="grow">{children}</span>
      <Icon name="next" size="s" />
    </a>
  );
}

/** How a loan stands: what is past due, what is still owed, what comes next. */
export function Loan({ loan, today }: LoanProps) {
  const lang = useLang();
  if (loan.state === "settled") return <Settled loan={loan} />;
  const repaid = loan.principalFen - loan.owedFen;
  const percent = loan.principalFen > 0 ? format.times(100 * repaid, loan.principalFen) : 0;
  return (
    <article class="card stack" aria-label={`${say(lang, WORDS, "loan.title")} ${loan.loanNo}`}>
      <Overdue loan={loan} today={today} />
      <Title loan={loan} />
      <div class="row between top wrap">
        <div>
          <div class="tiny quiet">{say(lang, WORDS, "loan.owed")}</div>
          <Amount fen={loan.owedFen} large />
        </div>
        {loan.dpd > 0 && (
          <div class="right">
            <div class="tiny quiet">{say(lang, WORDS, "loan.past_due")}</div>
            <div class="late strong big-3 num">
              {say(lang, WORDS, "loan.days", { n: loan.dpd })}
            </div>
          </div>
        )}
      </div>
      <Progress
        label={say(lang, WORDS, "loan.repaid_share", { percent })}
        done={repaid}
        all={loan.principalFen}
      />
      <div class="row between wrap small muted">
        <span>{say(lang, WORDS, "loan.repaid", { amount: format.money(repaid) })}</span>
        <span>{say(lang, WORDS, "loan.of", { amount: format.money(loan.principalFen) })}</span>
      </div>
      {loan.provisional && (
        <p class="small muted row top">
          <Icon name="clock" size="s" />
          <span>{say(lang, WORDS, "loan.provisional")}</span>
        </p>
      )}
      <Facts facts={factsOf(loan, lang, today)} />
      <Open loan={loan}>{say(lang, WORDS, "loan.open")}</Open>
    </article>
  );
}

function Overdue({ loan, today }: LoanProps) {
  const lang = useLang();
  const { overdue, promise } = loan;
  if (overdue === null && promise === null) return null;
  const promised =
    promise === null
      ? null
      : promise.fen === null
        ? say(lang, WORDS, "loan.promised", { on: format.shortDate(promise.on, lang, today) })
        : say(lang, WORDS, "loan.promised_sum", {
            on: format.shortDate(promise.on, lang, today),
            amount: format.money(promise.fen),
          });
  return (
    <div class={overdue ? "band late" : "band warn"}>
      <Icon name={overdue ? "warning" : "clock"} size="s" />
      <div class="grow">
        {overdue && (
          <b>
            {say(lang, WORDS, "loan.was_due", {
              amount: format.money(overdue.fen),
              on: format.shortDate(overdue.since, lang, today),
            })}
          </b>
        )}
        {promised && <span class="b">{promised}</span>}
      </div>
    </div>
  );
}

function factsOf(loan: LoanCard, lang: Lang, today: string): Fact[] {
  const facts: Fact[] = [];
  if (loan.next) {
    const next = {
      amount: format.money(loan.next.fen),
      on: format.shortDate(loan.next.on, lang, today),
    };
    facts.push({
      label: say(lang, WORDS, "loan.next"),
      value: say(lang, WORDS, "loan.next_on", next),
    });
  }
  facts.push({ label: say(lang, WORDS, "loan.rate"), value: format.rate(loan.rateBps) });
  if (loan.purpose) facts.push({ label: say(lang, WORDS, "loan.purpose"), value: loan.purpose });
  if (loan.security.length > 0) {
    facts.push({ label: say(lang, WORDS, "loan.security"), value: listed(loan.security, lang) });
  }
  if (loan.maturesOn) {
    const on = format.dateWithYear(loan.maturesOn, lang);
    facts.push({ label: say(lang, WORDS, "loan.matures"), value: on });
  }
  return facts;
}

const CLASSES: Readonly<
  Record<RiskClass, { readonly tone: Tone; readonly icon: IconName | null }>
> = {
  normal: { tone: "ok", icon: null },
  special_mention: { tone: "warn", icon: null },
  substandard: { tone: "warn", icon: "warning" },
  doubtful: { tone: "late", icon: "warning" },
  loss: { tone: "late", icon: "cross" },
};

function LoanChip({ loan }: { readonly loan: LoanCard }) {
  const lang = useLang();
  if (loan.state !== "active") {
    return (
      <Chip tone={loan.state === "settled" ? "ok" : "plain"} icon="tick">
        {say(lang, WORDS, `loan.${loan.state}`)}
      </Chip>
    );
  }
  if (loan.riskClass === null) return null;
  const { tone, icon } = CLASSES[loan.riskClass];
  return (
    <Chip tone={tone} icon={icon}>
      {say(lang, WORDS, `class.${loan.riskClass}`)}
    </Chip>
  );
}
