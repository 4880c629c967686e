import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import { say } from "../../i18n/say.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { go, path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import type { SetState } from "../../sync/sets.ts";
import { perform } from "../../work/action.ts";
import { duties } from "../../work/day.ts";
import { replayed } from "../../work/receipts.ts";
import { standingOf } from "../../work/standing.ts";
import { choiceLabel, personOf } from "../../work/titles.ts";
import { recordsOf, text, textOr } from "../../work/views.ts";
import { splitOf } from "../repayment/split.ts";
import type { ReceiptProps } from "./model.ts";
import { ReceiptView } from "./view.tsx";
import { WORDS } from "./words.ts";

/** As long as a task's title may be. */
const MOST_TITLE = 200;

/** A receipt: just taken, or looked up again. */
export function ReceiptScreen({ officer, frame, route }: ScreenProps<"receipt">) {
  const { desk, book } = officer;
  const { customer, id } = route;
  const lang = useLang();
  const today = desk.today();
  const records = useRead(officer, () => recordsOf(desk.store, desk.registry, customer), [
    customer,
  ]);
  if (records === null) return null;
  const one = records.find((it) => it.id === id && it.type === "repayment");
  const loan = records.find((it) => it.id === one?.fields.loan_id);
  if (one === undefined || loan === undefined) {
    go({ screen: "customer", id: customer, from: null }, { instead: true });
    return null;
  }
  const f = one.fields;
  const { splits, state } = replayed(book, loan, records, today);
  const split = splits.find((it) => it.repayment.id === id);
  const taken = desk.store.sets.find((set) => set.content?.changes.some((it) => it.id === id));
  const standing = standingOf(book, id);
  const person = personOf(book, customer);
  const next = duties(book, today).find((it) => it.card.id !== customer) ?? null;
  const asked = records.find(
    (it) => it.type === "task" && it.fields.record === id && it.fields.state === "open",
  );
  const own = records.find((it) => it.id === customer);
  return (
    <ReceiptView
      frame={frame}
      back={path({ screen: "customer", id: customer, from: null })}
      customer={person}
      facts={{
        receiptNo: text(f.receipt_no),
        amountFen: Number(f.amount_fen ?? 0),
        loanNo: text(loan.fields.loan_no),
        payer: textOr(f.payer_name) ?? called(person, lang),
        channel: choiceLabel(desk.registry.get("repayment"), "channel", f.channel)[lang],
        takenAt: taken?.made_at ?? null,
        valueDate: text(f.value_date),
        officer: book.nameOf(textOr(f.collected_by)) || desk.store.meta.user.name,
        branchPhone: null,
        split: split ? splitOf(split, state) : null,
        state: shownState(standing.state),
      }}
      fresh={one.pending.length > 0}
      customerPhone={textOr(own?.fields.phone)}
      reversal={reversalOf(records, id, asked?.fields.due_on)}
      next={
        next === null
          ? null
          : {
              who: lang === "en" && next.card.latin ? next.card.latin : next.card.name,
              href: path({ screen: "customer", id: next.card.id, from: "today" }),
            }
      }
      onPrint={() => print()}
      onAskReversal={(why) => {
        const title = say(lang, WORDS, "receipt.ask_title", { no: text(f.receipt_no), why });
        const about = { record_type: "repayment", record: id } as const;
        const task = {
          title: title.slice(0, MOST_TITLE),
          due_on: today,
          source: "manual",
          ...about,
        };
        const assignee_id = supervisorOf(officer);
        void perform(desk, "ask.reversal", (action) => {
          action.create("task", customer, assignee_id === null ? task : { ...task, assignee_id });
        });
      }}
    />
  );
}

/** Whoever may reverse a payment: a supervisor of the branch; null: none is known on this tablet. */
function supervisorOf({ desk }: Officer): string | null {
  const users = desk.store.reference("user");
  return users.find((it) => it.fields.role === "supervisor")?.id ?? null;
}

function shownState(state: SetState | null): SetState {
  return state ?? "accepted";
}

function reversalOf(
  records: readonly { readonly fields: Readonly<Record<string, unknown>> }[],
  id: string,
  asked: unknown,
): ReceiptProps["reversal"] {
  if (records.some((it) => it.fields.reverses_id === id)) return { is: "done" };
  return typeof asked === "string" ? { is: "asked", when: asked } : { is: "possible" };
}
