import { useState } from "preact/hooks";
import { useLang } from "../../src/i18n/context.ts";
import type { Fields } from "../../src/schemas/declare.ts";
import type { ReceiptFacts, ReceiptProps } from "../../src/screens/receipt/model.ts";
import { ReceiptView } from "../../src/screens/receipt/view.tsx";
import type { RepaymentProps } from "../../src/screens/repayment/model.ts";
import type { Split } from "../../src/screens/repayment/split.ts";
import { RepaymentView } from "../../src/screens/repayment/view.tsx";
import type { Entry } from "./entry.ts";
import { frame, nothing, TODAY } from "./frame.ts";
import { optionsOf } from "./types.ts";

const CUSTOMER = { name: "王秀英", latin: "Wang Xiuying" };
const SPLIT: Split = {
  parts: [
    {
      seq: 4,
      dueOn: "2026-06-12",
      daysLate: 4,
      penaltyFen: 459,
      feeFen: 0,
      interestFen: 16_223,
      principalFen: 443_318,
      leftFen: 459,
    },
  ],
  unallocatedFen: 0,
  outstandingFen: 2_696_682,
  arrearsFen: 459,
  dpd: 4,
};
const LAST: Split = {
  ...SPLIT,
  parts: SPLIT.parts.map((it) => ({ ...it, leftFen: 0 })),
  unallocatedFen: 5_000,
  outstandingFen: 0,
  arrearsFen: 0,
  dpd: 0,
};
const WHOLE: Fields = { amount_fen: 460_000, channel: "cash", value_date: TODAY };

interface SampleProps extends Partial<Omit<RepaymentProps, "values">> {
  readonly begin?: Fields;
}

function Repayment({ begin = WHOLE, ...more }: SampleProps) {
  const lang = useLang();
  const [values, setValues] = useState(begin);
  const [attempt, setAttempt] = useState(more.attempt ?? 0);
  const hasAmount = typeof values.amount_fen === "number" && values.amount_fen > 0;
  return (
    <RepaymentView
      frame={frame()}
      back="#/customer/1"
      customer={CUSTOMER}
      loanNo="JJ202600317"
      channels={optionsOf("repayment", "channel", lang)}
      installmentFen={460_000}
      allDueFen={460_459}
      today={TODAY}
      split={hasAmount ? SPLIT : null}
      receiptNo="T1-20260616-003"
      officer="李敏"
      faults={[]}
      kept={{ state: "kept", at: "2026-06-16T03:05:00.000Z" }}
      taking={false}
      notTaken={null}
      {...more}
      values={values}
      attempt={attempt}
      onChange={(path, value) => setValues((held) => ({ ...held, [path]: value }))}
      onTake={() => setAttempt(attempt + 1)}
    />
  );
}

function Receipt({
  facts = {},
  ...more
}: Partial<Omit<ReceiptProps, "facts">> & { readonly facts?: Partial<ReceiptFacts> }) {
  const lang = useLang();
  return (
    <ReceiptView
      frame={frame({ waiting: 4 })}
      back="#/customer/1"
      customer={CUSTOMER}
      facts={{
        receiptNo: "T1-20260616-003",
        amountFen: 460_000,
        loanNo: "JJ202600317",
        payer: lang === "zh" ? "王秀英" : "Wang Xiuying",
        channel: lang === "zh" ? "现金" : "Cash",
        takenAt: "2026-06-16T03:06:00.000Z",
        valueDate: TODAY,
        officer: lang === "zh" ? "李敏" : "Li Min",
        branchPhone: "0838-000-0000",
        split: SPLIT,
        state: "ready",
        ...facts,
      }}
      fresh
      customerPhone="13800004417"
      reversal={{ is: "possible" }}
      next={{ who: lang === "zh" ? "赵德福，6.1 公里" : "Zhao Defu, 6.1 km", href: "#/customer/2" }}
      onPrint={() => print()}
      onAskReversal={nothing}
      {...more}
    />
  );
}

export const MONEY: readonly Entry[] = [
  {
    name: "repayment-empty",
    Sample: () => <Repayment begin={{ value_date: TODAY }} kept={null} />,
  },
  { name: "repayment-ready", Sample: () => <Repayment /> },
  {
    name: "repayment-missing",
    Sample: () => (
      <Repayment begin={{ amount_fen: "4,6oo", value_date: "2026-06-01" }} attempt={1} />
    ),
  },
  {
    name: "repayment-pays-off",
    Sample: () => <Repayment begin={{ ...WHOLE, amount_fen: 3_000_000 }} split={LAST} />,
  },
  { name: "repayment-full-disk", Sample: () => <Repayment notTaken="full" /> },
  {
    name: "repayment-no-code",
    Sample: () => <Repayment receiptNo={null} installmentFen={null} allDueFen={null} />,
  },
  { name: "receipt-ready", Sample: () => <Receipt /> },
  {
    name: "receipt-sent",
    Sample: () => <Receipt facts={{ state: "sent", valueDate: "2026-06-14" }} />,
  },
  {
    name: "receipt-accepted",
    Sample: () => (
      <Receipt
        fresh={false}
        facts={{ state: "accepted" }}
        reversal={{ is: "asked", when: "2026-06-16 11:20" }}
        next={null}
      />
    ),
  },
  {
    name: "receipt-attention",
    Sample: () => <Receipt facts={{ state: "needs_attention" }} customerPhone={null} />,
  },
];
