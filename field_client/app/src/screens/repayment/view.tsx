/// <reference path="../../styles/css.d.ts" />

import { Banner } from "../../components/Banner.tsx";
import { Card } from "../../components/Card.tsx";
import { Frame } from "../../components/Frame.tsx";
import { ChoiceInput } from "../../components/form/ChoiceInput.tsx";
import { DateInput } from "../../components/form/DateInput.tsx";
import { ErrorSummary } from "../../components/form/ErrorSummary.tsx";
import { MoneyInput } from "../../components/form/MoneyInput.tsx";
import { type FieldFault, inputId } from "../../components/form/part.ts";
import { NotSaved, SavedLine } from "../../components/form/SavedLine.tsx";
import { TextInput } from "../../components/form/TextInput.tsx";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import { daysBetween, money } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Json } from "../../schemas/declare.ts";
import { ReceiptCard, SplitSum } from "../receipt/receipt.tsx";
import type { RepaymentProps } from "./model.ts";
import { leftOfInstallment } from "./split.ts";
import { missingOfTaking } from "./taking.ts";
import { WORDS } from "./words.ts";
import "../receipt/receipt.css";

/** The branch asks about a payment that was received longer ago than this. */
const LATE_DAYS = 3;

/** Taking a repayment: the amount, where it goes, and one button that says the amount. */
export function RepaymentView(props: RepaymentProps) {
  const lang = useLang();
  const who = called(props.customer, lang);
  const missing = missingOfTaking(
    {
      amount_fen: props.values.amount_fen ?? null,
      channel: props.values.channel ?? null,
      value_date: props.values.value_date ?? null,
    },
    props.today,
  ).map((it) => ({ path: it.path, message: say(lang, WORDS, `need.${it.need}`) }));
  const faults = props.attempt === 0 ? props.faults : [...missing, ...props.faults];
  return (
    <Frame
      context={props.frame}
      title={say(lang, WORDS, "repayment.title")}
      sub={say(lang, WORDS, "repayment.about", { who, loan: props.loanNo })}
      back={props.back}
      nav={null}
      actions={<Take props={props} />}
    >
      <div class="split pad">
        <div class="pad">
          <NotTaken props={props} />
          <NotSaved kept={props.kept} />
          <ErrorSummary faults={faults} wrong={missing.length === 0} attempt={props.attempt} />
          <AmountCard props={props} faults={faults} />
          <HowCard props={props} faults={faults} />
          <SplitCard props={props} />
          {props.receiptNo === null ? (
            <Banner
              tone="warn"
              icon="sync"
              title={say(lang, WORDS, "repayment.no_code")}
              href="#/sync"
            />
          ) : (
            <p class="small muted">
              {say(lang, WORDS, "repayment.offline", { no: props.receiptNo })}
            </p>
          )}
          <SavedLine kept={props.kept} />
        </div>
        <Preview props={props} />
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly props: RepaymentProps;
}

interface CardProps extends PartProps {
  readonly faults: readonly FieldFault[];
}

function Take({ props }: PartProps) {
  const lang = useLang();
  const amount = amountOf(props);
  const words =
    amount === null
      ? say(lang, WORDS, "repayment.take.off")
      : say(lang, WORDS, "repayment.take", { amount: money(amount) });
  return (
    <button
      type="button"
      class="btn main"
      disabled={props.taking || props.receiptNo === null}
      onClick={props.onTake}
    >
      {props.taking ? say(lang, WORDS, "repayment.taking") : words}
    </button>
  );
}

function NotTaken({ props }: PartProps) {
  const lang = useLang();
  if (props.notTaken === null) return null;
  return (
    <Banner tone="late" icon="storage" title={say(lang, WORDS, "repayment.not_taken")} role="alert">
      {say(lang, WORDS, `repayment.not_taken.${props.notTaken}`)}
    </Banner>
  );
}

function AmountCard({ props, faults }: CardProps) {
  const lang = useLang();
  const { values, installmentFen, allDueFen } = props;
  return (
    <div class="card stack">
      <MoneyInput
        id={inputId("amount_fen")}
        label={say(lang, WORDS, "repayment.amount")}
        error={errorAt(faults, "amount_fen")}
        value={values.amount_fen ?? null}
        onChange={(it) => props.onChange("amount_fen", it)}
        big
      />
      {installmentFen === null && allDueFen === null ? (
        <p class="hint">{say(lang, WORDS, "repayment.not_due")}</p>
      ) : (
        <div class="pillset">
          <Shortcut props={props} what="installment" fen={installmentFen} />
          {allDueFen === installmentFen ? null : (
            <Shortcut props={props} what="all_due" fen={allDueFen} />
          )}
        </div>
      )}
    </div>
  );
}

interface ShortcutProps extends PartProps {
  readonly what: "installment" | "all_due";
  readonly fen: number | null;
}

/** An amount that is due, put in with one tap. */
function Shortcut({ props, what, fen }: ShortcutProps) {
  const lang = useLang();
  if (fen === null) return null;
  const on = props.values.amount_fen === fen;
  return (
    <button
      type="button"
      class={on ? "pill on" : "pill"}
      aria-pressed={on}
      onClick={() => props.onChange("amount_fen", fen)}
    >
      {say(lang, WORDS, `repayment.${what}`, { amount: money(fen) })}
    </button>
  );
}

function HowCard({ props, faults }: CardProps) {
  const lang = useLang();
  const { values, onChange, today } = props;
  const day = text(values.value_date);
  const ago = day === "" ? 0 : daysBetween(day, today);
  return (
    <div class="card stack">
      <ChoiceInput
        id={inputId("channel")}
        label={say(lang, WORDS, "repayment.channel")}
        error={errorAt(faults, "channel")}
        required
        options={props.channels}
        value={text(values.channel) || null}
        onChange={(it) => onChange("channel", it)}
      />
      <TextInput
        id={inputId("payer_name")}
        label={say(lang, WORDS, "repayment.payer")}
        hint={say(lang, WORDS, "repayment.payer.hint")}
        error={errorAt(faults, "payer_name")}
        value={text(values.payer_name)}
        onChange={(it) => onChange("payer_name", it || null)}
      />
      <DateInput
        id={inputId("value_date")}
        label={say(lang, WORDS, "repayment.day")}
        error={errorAt(faults, "value_date")}
        below={
          ago > LATE_DAYS ? (
            <p class="hint">{say(lang, WORDS, "repayment.late_day", { n: ago })}</p>
          ) : null
        }
        required
        max={today}
        value={values.value_date ?? null}
        onChange={(it) => onChange("value_date", it)}
      />
      <TextInput
        id={inputId("note")}
        label={say(lang, WORDS, "repayment.note")}
        error={errorAt(faults, "note")}
        value={text(values.note)}
        onChange={(it) => onChange("note", it || null)}
      />
    </div>
  );
}

function SplitCard({ props }: PartProps) {
  const lang = useLang();
  const { split } = props;
  return (
    <Card title={say(lang, WORDS, "repayment.split")}>
      {split === null ? (
        <p class="hint">{say(lang, WORDS, "repayment.split.none")}</p>
      ) : (
        <>
          <SplitSum split={split} left={leftOfInstallment(split)} />
          {split.outstandingFen === 0 ? (
            <p class="ok strong">{say(lang, WORDS, "split.settled")}</p>
          ) : null}
        </>
      )}
    </Card>
  );
}

/** The receipt as it will be, beside the form where there is room. */
function Preview({ props }: PartProps) {
  const lang = useLang();
  const amount = amountOf(props);
  if (amount === null || props.receiptNo === null) return <div class="pad only-tab" />;
  const channel = props.channels.find((it) => it.value === props.values.channel);
  return (
    <div class="pad only-tab">
      <p class="small muted">{say(lang, WORDS, "repayment.preview")}</p>
      <ReceiptCard
        facts={{
          receiptNo: props.receiptNo,
          amountFen: amount,
          loanNo: props.loanNo,
          payer: text(props.values.payer_name) || called(props.customer, lang),
          channel: channel?.label ?? "",
          takenAt: null,
          valueDate: text(props.values.value_date) || props.today,
          officer: props.officer,
          branchPhone: null,
          split: props.split,
          state: "draft",
        }}
      />
    </div>
  );
}

function amountOf(props: RepaymentProps): number | null {
  const amount = props.values.amount_fen;
  return typeof amount === "number" && amount > 0 ? amount : null;
}

function errorAt(faults: readonly FieldFault[], path: string): string | null {
  return faults.find((it) => it.path === path)?.message ?? null;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
