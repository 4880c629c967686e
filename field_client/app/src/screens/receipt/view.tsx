/// <reference path="../../styles/css.d.ts" />

import { useState } from "preact/hooks";
import { Banner } from "../../components/Banner.tsx";
import { Frame } from "../../components/Frame.tsx";
import { TextArea } from "../../components/form/TextArea.tsx";
import { Icon } from "../../components/Icon.tsx";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import { dateWithYear, money } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { ReceiptProps } from "./model.ts";
import { ReceiptCard } from "./receipt.tsx";
import { WORDS } from "./words.ts";
import "./receipt.css";

/** The receipt after a payment: it is safe, here it is, and what to do about a mistake. */
export function ReceiptView(props: ReceiptProps) {
  const lang = useLang();
  const { next } = props;
  return (
    <Frame
      context={props.frame}
      title={say(lang, WORDS, props.fresh ? "receipt.title" : "receipt.old_title")}
      sub={called(props.customer, lang)}
      back={props.back}
      nav={null}
      actions={
        <a class="btn main" href={next === null ? "#/today" : next.href}>
          {next === null
            ? say(lang, WORDS, "receipt.today")
            : say(lang, WORDS, "receipt.next", { who: next.who })}
        </a>
      }
    >
      <div class="pad form-col">
        <StateBanner props={props} />
        <ReceiptCard facts={props.facts} />
        <Ways props={props} />
        <Reversal props={props} />
      </div>
    </Frame>
  );
}

interface PartProps {
  readonly props: ReceiptProps;
}

function StateBanner({ props }: PartProps) {
  const lang = useLang();
  if (props.reversal.is === "done") {
    return <Banner tone="warn" icon="swap" title={say(lang, WORDS, "receipt.reversed")} />;
  }
  switch (props.facts.state) {
    case "draft":
    case "ready":
      return (
        <Banner tone="ok" icon="tick" title={say(lang, WORDS, "receipt.safe")}>
          {say(lang, WORDS, "receipt.safe.what")}
        </Banner>
      );
    case "sent":
      return (
        <Banner tone="ok" icon="tick" title={say(lang, WORDS, "receipt.safe")}>
          {say(lang, WORDS, "receipt.sent.what")}
        </Banner>
      );
    case "accepted":
      return (
        <Banner tone="ok" icon="tick" title={say(lang, WORDS, "receipt.accepted")}>
          {say(lang, WORDS, "receipt.accepted.what")}
        </Banner>
      );
    case "needs_attention":
      return (
        <Banner
          tone="clash"
          icon="fork"
          title={say(lang, WORDS, "receipt.attention")}
          href="#/sync"
        >
          {say(lang, WORDS, "receipt.attention.what")}
        </Banner>
      );
  }
}

/** How the receipt comes into the customer's hands. */
function Ways({ props }: PartProps) {
  const lang = useLang();
  const { facts, customerPhone } = props;
  const body = say(lang, WORDS, "receipt.sms", {
    no: facts.receiptNo,
    amount: money(facts.amountFen),
    day: dateWithYear(facts.valueDate, lang),
    officer: facts.officer,
  });
  return (
    <div class="quick no-print">
      <button type="button" onClick={props.onPrint}>
        <Icon name="print" />
        <span>{say(lang, WORDS, "receipt.print")}</span>
      </button>
      {customerPhone === null ? null : (
        <a href={`sms:${customerPhone}?body=${encodeURIComponent(body)}`}>
          <Icon name="message" />
          <span>{say(lang, WORDS, "receipt.text")}</span>
        </a>
      )}
    </div>
  );
}

// -------------------------------------------------------------------------------------- reversal

function Reversal({ props }: PartProps) {
  const lang = useLang();
  const { reversal } = props;
  switch (reversal.is) {
    case "impossible":
    case "done":
      return null;
    case "asked":
      return (
        <div class="no-print">
          <Banner icon="clock" title={say(lang, WORDS, "receipt.reverse")}>
            {say(lang, WORDS, "receipt.reverse.asked", { when: reversal.when })}
          </Banner>
        </div>
      );
    case "possible":
      return (
        <div class="no-print stack">
          <p class="small muted">{say(lang, WORDS, "receipt.mistake")}</p>
          <AskReversal onAsk={props.onAskReversal} />
        </div>
      );
  }
}

function AskReversal({ onAsk }: { readonly onAsk: (why: string) => void }) {
  const lang = useLang();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  if (!open) {
    return (
      <button type="button" class="btn quiet danger-text start" onClick={() => setOpen(true)}>
        {say(lang, WORDS, "receipt.reverse")}
      </button>
    );
  }
  const isSaid = why.trim() !== "";
  return (
    <div class="card stack">
      <TextArea
        id="reversal-why"
        label={say(lang, WORDS, "receipt.reverse.why")}
        hint={say(lang, WORDS, "receipt.reverse.hint")}
        error={tried && !isSaid ? say(lang, WORDS, "receipt.reverse.needed") : null}
        required
        value={why}
        onChange={setWhy}
      />
      <div class="row wrap">
        <button
          type="button"
          class="btn danger"
          onClick={() => {
            setTried(true);
            if (isSaid) onAsk(why.trim());
          }}
        >
          {say(lang, WORDS, "receipt.reverse")}
        </button>
        <button type="button" class="btn" onClick={() => setOpen(false)}>
          {say(lang, WORDS, "receipt.reverse.not_now")}
        </button>
      </div>
    </div>
  );
}
