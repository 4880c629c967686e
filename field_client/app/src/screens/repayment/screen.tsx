import { useState } from "preact/hooks";
import type { Lang } from "../../i18n/catalogue.ts";
import { useLang } from "../../i18n/context.ts";
import { scheduledFen } from "../../lending/amounts.ts";
import type { RecordType } from "../../schemas/registry.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { go, path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { type OpenForm, useForm } from "../../shell/use_form.ts";
import type { View } from "../../sync/rebase.ts";
import { NotPossibleError } from "../../work/faults.ts";
import { nextNumber, preview, replayed, take } from "../../work/receipts.ts";
import { personOf } from "../../work/titles.ts";
import { recordsOf, text } from "../../work/views.ts";
import { splitOf } from "./split.ts";
import { missingOfTaking } from "./taking.ts";
import { RepaymentView } from "./view.tsx";

/** The choices of a field, in the user's language. */
export function choicesOf(type: RecordType | null, field: string, lang: Lang) {
  const kind = type?.field(field)?.kind;
  const inner = kind?.kind === "set" ? kind.of : kind;
  if (inner?.kind !== "choice") return [];
  return Object.entries(inner.options).map(([value, label]) => ({ value, label: label[lang] }));
}

export function RepaymentScreen({ officer, frame, route, onBusy }: ScreenProps<"repayment">) {
  const { customer, loan: loanId } = route;
  const { desk } = officer;
  const today = desk.today();
  const records = useRead(officer, () => recordsOf(desk.store, desk.registry, customer), [
    customer,
  ]);
  const place = {
    screen: `repay ${loanId}`,
    type: "repayment",
    customer,
    record: null,
    initial: { loan_id: loanId, value_date: today, channel: "cash" },
  };
  const opened = useForm(officer, place, onBusy);
  const loan = records?.find((it) => it.id === loanId && it.type === "loan") ?? null;
  if (records === null || opened === null || opened === "missing") return null;
  if (loan === null) {
    go({ screen: "customer", id: customer, from: null }, { instead: true });
    return null;
  }
  return <Taking officer={officer} frame={frame} opened={opened} loan={loan} records={records} />;
}

interface TakingProps extends Pick<ScreenProps<"repayment">, "officer" | "frame"> {
  readonly opened: OpenForm;
  readonly loan: View;
  readonly records: readonly View[];
}

function Taking({ officer, frame, opened, loan, records }: TakingProps) {
  const { desk, book } = officer;
  const lang = useLang();
  const [attempt, setAttempt] = useState(0);
  const today = desk.today();
  const { form } = opened;
  const { customer } = loan;
  const amount = form.value("amount_fen");
  const day = text(form.value("value_date"));
  const fits = typeof amount === "number" && amount > 0 && day !== "" && day <= today;
  const shown = fits ? preview(book, loan, records, amount, day, today) : null;
  const now = replayed(book, loan, records, today).state;
  const current = now.balances.find((it) => scheduledFen(it) > 0) ?? null;
  const onTake = async () => {
    setAttempt((count) => count + 1);
    const { amount_fen, channel, value_date, ...more } = form.values;
    const values = {
      amount_fen: amount_fen ?? null,
      channel: channel ?? null,
      value_date: value_date ?? null,
    };
    if (missingOfTaking(values, today).length > 0 || typeof amount_fen !== "number") return;
    const taking = {
      amount_fen,
      channel: text(channel),
      value_date: text(value_date),
      more,
      draft: form.draft.id,
    };
    await form.settled();
    let receipt = "";
    const taken = await opened.finish(async () => {
      receipt = (await take(desk, loan, taking)).repayment;
    });
    if (taken && customer !== null) {
      go({ screen: "receipt", customer, id: receipt }, { instead: true });
    }
  };
  const failed = opened.refused === "full" ? "full" : opened.refused === null ? null : "failed";
  return (
    <RepaymentView
      frame={frame}
      back={path({ screen: "customer", id: customer ?? "", from: null })}
      customer={personOf(book, customer ?? "")}
      loanNo={text(loan.fields.loan_no)}
      values={form.values}
      channels={choicesOf(desk.registry.get("repayment"), "channel", lang)}
      installmentFen={current === null ? null : scheduledFen(current)}
      allDueFen={now.dueTodayFen > 0 ? now.dueTodayFen : null}
      today={today}
      split={shown?.split ? splitOf(shown.split, shown.after) : null}
      receiptNo={numberOrNull(officer)}
      officer={desk.store.meta.user.name}
      faults={opened.faults}
      attempt={Math.max(attempt, opened.attempt)}
      kept={opened.kept}
      taking={opened.finishing}
      notTaken={failed}
      onChange={(at, value) => form.set(at, value)}
      onTake={() => void onTake()}
    />
  );
}

/** The number that the next receipt will have; null: the branch has not given this tablet a code yet. */
function numberOrNull({ desk }: Officer): string | null {
  try {
    return nextNumber(desk);
  } catch (error) {
    if (error instanceof NotPossibleError) return null;
    throw error;
  }
}
