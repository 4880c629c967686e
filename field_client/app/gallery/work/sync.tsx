import type { Lang } from "../../src/i18n/catalogue.ts";
import { useLang } from "../../src/i18n/context.ts";
import type { AttentionRow, MergedRow, SyncProps, WorkRow } from "../../src/screens/sync/model.ts";
import { SyncView } from "../../src/screens/sync/view.tsx";
import type { Entry } from "./entry.ts";
import { frame, NOW, nothing } from "./frame.ts";

const WANG = { name: "王秀英", latin: "Wang Xiuying" };
const ZHAO = { name: "赵德福", latin: "Zhao Defu" };
const LIU = { name: "刘桂兰", latin: "Liu Guilan" };

const words = (lang: Lang, en: string, zh: string) => (lang === "zh" ? zh : en);

function ready(lang: Lang): readonly WorkRow[] {
  return [
    {
      key: "41",
      icon: "money",
      who: WANG,
      what: words(lang, "repayment ¥4,600.00", "还款 ¥4,600.00"),
      detail: words(lang, "Receipt T1-20260616-003 · 11:06", "收据 T1-20260616-003 · 11:06"),
      state: "ready",
      href: "#/receipt/1",
    },
    {
      key: "42",
      icon: "note",
      who: WANG,
      what: words(lang, "note", "备注"),
      detail: "10:41",
      state: "ready",
      href: null,
    },
  ];
}

function sent(lang: Lang): readonly WorkRow[] {
  return [
    {
      key: "40",
      icon: "visit",
      who: LIU,
      what: words(lang, "inspection", "贷后检查"),
      detail: words(lang, "No answer yet, the link broke", "尚未收到回复，连接中断"),
      state: "sent",
      href: "#/visit/1",
    },
  ];
}

function merged(lang: Lang): readonly MergedRow[] {
  return [
    {
      key: "30",
      who: { name: "张国强", latin: "Zhang Guoqiang" },
      what: words(lang, "address", "地址"),
      detail: words(
        lang,
        "You changed the address, the branch changed the guarantor. Both kept.",
        "您改了地址，支行改了担保人，两处都已保留。",
      ),
    },
  ];
}

function attention(lang: Lang): readonly AttentionRow[] {
  return [
    {
      key: "k1",
      kind: "conflict",
      who: WANG,
      what: "",
      detail: words(
        lang,
        "Phone and pig count were also changed by Chen Jing, yesterday 17:20.",
        "陈静于昨天 17:20 也修改了电话和存栏数。",
      ),
      href: "#/conflict/1",
      mine: true,
    },
    {
      key: "k2",
      kind: "conflict",
      who: LIU,
      what: "",
      detail: words(
        lang,
        "New debts or guarantees: also answered by Chen Jing, yesterday 17:20.",
        "新增对外负债/担保：陈静于昨天 17:20 也已回答。",
      ),
      href: "#/conflict/2",
      mine: false,
    },
    {
      key: "38",
      kind: "rejected",
      who: ZHAO,
      what: words(lang, "new application ¥20,000", "新申请 ¥20,000"),
      reasons: [
        words(
          lang,
          "new applications stopped at this outlet on 15 Oct (RSP-2).",
          "本网点自 10 月 15 日起暂停新申请（RSP-2）。",
        ),
      ],
      mendHref: "#/edit/38",
      canDiscard: true,
      canSendAgain: false,
    },
    {
      key: "n1",
      kind: "returned",
      who: LIU,
      what: words(lang, "inspection note", "检查记录"),
      by: "王建国",
      comment: "R04 请核实是否有新增贷款。",
      href: "#/visit/2",
    },
    { key: "37", kind: "gone", who: ZHAO, what: words(lang, "phone", "电话") },
  ];
}

function Sync(more: Partial<SyncProps>) {
  const lang = useLang();
  const at = "2026-06-16T00:31:00.000Z";
  return (
    <SyncView
      frame={frame({ online: true, attention: more.attention?.length ?? 0 })}
      link={{ link: "idle" }}
      waiting={3}
      caughtUp
      sentUpTo={at}
      dataAsOf={at}
      toSendBytes={2_202_009}
      notices={[]}
      attention={[]}
      drafts={[]}
      ready={ready(lang)}
      sent={sent(lang)}
      merged={merged(lang)}
      accepted={{
        count: 12,
        from: "07:58",
        to: "08:31",
        rows: [
          {
            key: "1",
            icon: "note",
            who: ZHAO,
            what: words(lang, "phone", "电话"),
            detail: "07:58",
            state: "accepted",
            href: null,
          },
        ],
      }}
      onTry={nothing}
      onDiscard={nothing}
      onSendAgain={nothing}
      {...more}
    />
  );
}

function Attention() {
  const lang = useLang();
  return (
    <Sync
      link={{ link: "offline" }}
      attention={attention(lang)}
      drafts={[
        {
          key: "d1",
          icon: "pencil",
          who: LIU,
          what: words(lang, "visit", "走访"),
          detail: "10:42",
          state: "draft",
          href: "#/visit/1",
        },
      ]}
    />
  );
}

const OLD = { syncedAt: new Date(NOW - 80 * 3_600_000).toISOString(), online: false, waiting: 9 };

export const SYNCS: readonly Entry[] = [
  { name: "sync-attention", Sample: Attention },
  { name: "sync-offline", Sample: () => <Sync link={{ link: "offline" }} /> },
  {
    name: "sync-unreached",
    Sample: () => (
      <Sync link={{ link: "unreached" }} notices={[{ notice: "clock", seconds: 420 }]} />
    ),
  },
  {
    name: "sync-sending",
    Sample: () => (
      <Sync
        link={{ link: "busy", done: 2, all: 3, bytes: 634_880, allBytes: 2_202_009 }}
        frame={frame({
          online: true,
          sending: { done: 2, all: 3, bytes: 634_880, allBytes: 2_202_009 },
        })}
      />
    ),
  },
  {
    name: "sync-old",
    Sample: () => <Sync link={{ link: "offline" }} waiting={9} frame={frame(OLD)} />,
  },
  {
    name: "sync-all",
    Sample: () => (
      <Sync
        waiting={0}
        toSendBytes={null}
        ready={[]}
        sent={[]}
        merged={[]}
        frame={frame({ online: true, waiting: 0 })}
      />
    ),
  },
  {
    name: "sync-notices",
    Sample: () => (
      <Sync
        notices={[
          { notice: "full" },
          { notice: "sign_in", href: "#/signin" },
          { notice: "update" },
          { notice: "locked" },
          { notice: "clock", seconds: -7_200 },
        ]}
      />
    ),
  },
  {
    name: "sync-first",
    Sample: () => (
      <Sync
        waiting={0}
        caughtUp={false}
        sentUpTo={null}
        dataAsOf={null}
        toSendBytes={null}
        ready={[]}
        sent={[]}
        merged={[]}
        accepted={null}
        frame={frame({ waiting: 0, syncedAt: null, caughtUp: false, online: true })}
      />
    ),
  },
];
