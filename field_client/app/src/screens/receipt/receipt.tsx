// The receipt itself: on the screen, in the preview of the payment, and on paper.

import { Icon } from "../../components/Icon.tsx";
import { StateChip } from "../../components/StateChip.tsx";
import type { SetState } from "../../components/state.ts";
import { WORDS as STATE_WORDS } from "../../components/words.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { dateIn, dateWithYear, money, moneyInWords, time } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import { type Split, type SplitLine, splitLines } from "../repayment/split.ts";
import { WORDS as SPLIT_WORDS } from "../repayment/words.ts";
import type { ReceiptFacts } from "./model.ts";
import { WORDS } from "./words.ts";

interface ReceiptCardProps {
  readonly facts: ReceiptFacts;
}

export function ReceiptCard({ facts }: ReceiptCardProps) {
  const lang = useLang();
  return (
    <article class="card stack receipt">
      <div class="row between top wrap">
        <div>
          <h2>{say(lang, WORDS, "receipt")}</h2>
          <p class="num small muted">{facts.receiptNo}</p>
        </div>
        <span class="no-print">
          <StateChip state={facts.state} refused={false} />
        </span>
      </div>
      <div>
        <p class="num sum-received">{money(facts.amountFen)}</p>
        <p class="strong" lang="zh-CN">
          {moneyInWords(facts.amountFen)}
        </p>
      </div>
      <p class="muted">{fromWords(facts, lang)}</p>
      <p class="small muted">
        {say(lang, WORDS, "receipt.loan", { loan: facts.loanNo })}
        {isOfAnotherDay(facts)
          ? ` · ${say(lang, WORDS, "receipt.value_date", { day: dateWithYear(facts.valueDate, lang) })}`
          : ""}
      </p>
      {facts.split === null ? null : <SplitSum split={facts.split} />}
      <Stages state={facts.state} />
      <p class="small muted">{footWords(facts, lang)}</p>
      <div class="only-print signature">{say(lang, WORDS, "receipt.signature")}</div>
    </article>
  );
}

function fromWords(facts: ReceiptFacts, lang: Lang): string {
  const { channel, payer, takenAt, valueDate } = facts;
  const day = dateWithYear(takenAt === null ? valueDate : dateIn(takenAt), lang);
  const at = takenAt === null ? "" : time(takenAt);
  return say(lang, WORDS, "receipt.from", { channel, payer, day, time: at }).replace(
    /[,，]?\s*$/,
    "",
  );
}

function isOfAnotherDay(facts: ReceiptFacts): boolean {
  return facts.takenAt !== null && dateIn(facts.takenAt) !== facts.valueDate;
}

function footWords(facts: ReceiptFacts, lang: Lang): string {
  const isFinal = facts.state === "accepted";
  const parts = [
    say(lang, WORDS, "receipt.by", { officer: facts.officer }),
    say(lang, WORDS, isFinal ? "receipt.final" : "receipt.provisional"),
  ];
  if (facts.branchPhone !== null) {
    parts.push(say(lang, WORDS, "receipt.check", { phone: facts.branchPhone }));
  }
  return parts.join(lang === "zh" ? "" : " ");
}

/** Where the money went, and what is owed after it. */
export function SplitSum({ split, left }: { readonly split: Split; readonly left?: number }) {
  const lang = useLang();
  return (
    <dl class="sum">
      {splitLines(split).map((it) => (
        <div key={it.what}>
          <dt>{lineWords(it, lang)}</dt>
          <dd class="num">{money(it.fen)}</dd>
        </div>
      ))}
      {left ? (
        <div>
          <dt>{say(lang, SPLIT_WORDS, "split.left")}</dt>
          <dd class="num">{money(left)}</dd>
        </div>
      ) : null}
      {split.arrearsFen > 0 ? (
        <div>
          <dt>{say(lang, SPLIT_WORDS, "split.arrears", { n: split.dpd })}</dt>
          <dd class="num">{money(split.arrearsFen)}</dd>
        </div>
      ) : null}
      <div class="total">
        <dt>{say(lang, SPLIT_WORDS, "split.owed")}</dt>
        <dd class="num">{money(split.outstandingFen)}</dd>
      </div>
    </dl>
  );
}

function lineWords(line: SplitLine, lang: Lang): string {
  if (line.what !== "penalty") return say(lang, SPLIT_WORDS, `split.${line.what}`);
  if (line.days === 0) return say(lang, SPLIT_WORDS, "split.penalty.plain");
  return say(lang, SPLIT_WORDS, "split.penalty", { n: line.days });
}

const STEPS: readonly SetState[] = ["ready", "sent", "accepted"];

/** How far the payment has come on its way to the branch. */
function Stages({ state }: { readonly state: SetState }) {
  const lang = useLang();
  const reached = state === "needs_attention" ? 1 : STEPS.indexOf(state);
  return (
    <ol class="stages" aria-label={say(lang, WORDS, "receipt.stage")}>
      {STEPS.map((it, at) => {
        const words = say(lang, STATE_WORDS, `state.${it}`);
        const on = at <= reached;
        return (
          <li key={it} aria-current={at === reached ? "step" : undefined}>
            <span class={on ? "on" : undefined}>
              {on ? <Icon name="tick" size="xs" /> : null}
              <span>{words}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
