// People, villages and figures of the gallery. All are invented.

import type { SyncFacts } from "../src/components/strip.ts";
import type { CustomerDetail, LoanCard } from "../src/screens/customer/model.ts";
import type { CustomerRow } from "../src/screens/customers/model.ts";
import type { Duty } from "../src/screens/today/model.ts";

export const TODAY = "2025-10-16";
export const NOW = Date.parse("2025-10-16T02:44:00Z"); // 10:44 at the branch
const nothing = () => undefined;

export const SYNC = {
  all_synced: facts({ syncedAt: "2025-10-16T02:44:00Z", caughtUp: true, online: true }),
  waiting: facts({ waiting: 3 }),
  waiting_one: facts({ waiting: 1, online: true }),
  sending: facts({
    waiting: 3,
    online: true,
    sending: { done: 2, all: 3, bytes: 634_880, allBytes: 2_202_009 },
  }),
  old: facts({ waiting: 9, syncedAt: "2025-10-15T00:44:00Z" }),
  three_days: facts({ waiting: 12, syncedAt: "2025-10-13T00:44:00Z" }),
  seven_days: facts({ waiting: 31, syncedAt: "2025-10-08T00:44:00Z" }),
  attention: facts({ attention: 2, waiting: 3 }),
  attention_late: facts({ attention: 12, waiting: 128, syncedAt: "2025-10-13T09:44:00Z" }),
  never: facts({ syncedAt: null, caughtUp: false, online: true }),
} as const;

function facts(some: Partial<SyncFacts>): SyncFacts {
  return {
    attention: 0,
    waiting: 0,
    sending: null,
    online: false,
    syncedAt: "2025-10-16T00:44:00Z",
    caughtUp: true,
    ...some,
  };
}

export const NAMES = {
  wang: { name: "王秀英", latin: "Wang Xiuying" },
  zhao: { name: "赵德福", latin: "Zhao Defu" },
  liu: { name: "刘桂兰", latin: "Liu Guilan" },
  zhou: { name: "周小梅", latin: "Zhou Xiaomei" },
  sun: { name: "孙大海", latin: "Sun Dahai" },
  zhang: { name: "张国强", latin: "Zhang Guoqiang" },
  he: { name: "何玉兰", latin: "He Yulan" },
  long: {
    name: "阿卜杜热合曼·买买提明",
    latin: "Abdurehman Memetimin of the upper village",
  },
  li: { name: "李明", latin: "Li Ming" },
} as const;

export const DUTIES: readonly Duty[] = [
  {
    id: "d1",
    customer: { id: "wang", name: NAMES.wang },
    what: { kind: "collect", fen: 460_000 },
    village: "柳家村",
    awayM: 2400,
    dueOn: "2025-10-12",
    state: "needs_attention",
  },
  {
    id: "d2",
    customer: { id: "zhao", name: NAMES.zhao },
    what: {
      kind: "visit",
      purposes: [{ en: "Routine inspection", zh: "日常检查" }],
      underWay: false,
    },
    village: "东坡村",
    awayM: 6100,
    dueOn: "2025-10-15",
    state: null,
  },
  {
    id: "d3",
    customer: { id: "liu", name: NAMES.liu },
    what: {
      kind: "visit",
      purposes: [{ en: "First follow-up", zh: "首次跟踪检查" }],
      underWay: true,
    },
    village: "柳家村",
    awayM: 2900,
    dueOn: TODAY,
    state: "draft",
  },
  {
    id: "d4",
    customer: { id: "zhou", name: NAMES.zhou },
    what: {
      kind: "visit",
      purposes: [
        { en: "Pre-loan investigation", zh: "贷前调查" },
        { en: "Marketing", zh: "营销" },
      ],
      underWay: false,
    },
    village: "上湾村",
    awayM: 4800,
    dueOn: TODAY,
    state: "ready",
  },
  {
    id: "d5",
    customer: { id: "sun", name: NAMES.sun },
    what: { kind: "contact" },
    village: "上湾村",
    awayM: null,
    dueOn: TODAY,
    state: "sent",
  },
  {
    id: "d6",
    customer: null,
    what: { kind: "task", title: "到网点领取新一批收据纸" },
    village: null,
    awayM: null,
    dueOn: TODAY,
    state: null,
    href: "#/record/d6",
  },
  {
    id: "d7",
    customer: { id: "zhang", name: NAMES.zhang },
    what: { kind: "task", title: "补拍猪圈照片" },
    village: "小河村",
    awayM: 8300,
    dueOn: "2025-10-17",
    state: "needs_attention",
    refused: true,
  },
  {
    id: "d8",
    customer: { id: "long", name: NAMES.long },
    what: { kind: "collect", fen: 123_456_789 },
    village: "清水河镇上游大坪坝第二村民小组",
    awayM: 18_900,
    dueOn: "2025-10-18",
    state: "accepted",
  },
];

const LOAN: LoanCard = {
  id: "loan-1",
  loanNo: "JJ202400317",
  state: "active",
  principalFen: 5_000_000,
  owedFen: 3_140_000,
  dpd: 4,
  overdue: { fen: 460_000, since: "2025-10-12" },
  promise: { fen: null, on: "2025-10-17" },
  next: { fen: 460_000, on: "2025-11-12" },
  rateBps: 620,
  riskClass: "special_mention",
  purpose: "购买饲料、仔猪",
  security: [{ en: "Guarantee", zh: "保证" }],
  maturesOn: "2026-06-12",
  provisional: false,
  href: "#/record/loan-1",
};

export const WANG: CustomerDetail = {
  id: "wang",
  name: NAMES.wang,
  village: "柳家村",
  since: "2019-03-02",
  dpd: 4,
  actions: { collect: "#/repayment/loan-1", visit: "#/visit/d1", phone: "13800004417" },
  attention: [{ why: "conflict", n: 2, href: "#/conflict/c1" }],
  loans: [LOAN],
  idCardEnds: async () => null,
  about: {
    phone: "13800004417",
    phoneAlt: "13900002250",
    idNo: "511621197001012046",
    people: 4,
    workers: 2,
    livelihood: "养猪 38 头，玉米 6 亩",
    address: "柳家村 36 号，村口老槐树旁的砖房。",
    preferences: "晚上在家，白天请打电话。",
  },
  home: { latE6: 30_543_210, lonE6: 105_123_456, away: { m: 2400, bearing: 45 } },
  happened: [
    {
      id: "h1",
      what: "note",
      text: "猪价上涨，17 日出栏 20 头。",
      at: "2025-10-16T02:41:00Z",
      state: "ready",
      href: "#/record/h1",
    },
    {
      id: "h2",
      what: "versions",
      fields: [
        { en: "Phone", zh: "电话" },
        { en: "Main activity", zh: "主营项目" },
      ],
      at: "2025-10-15T09:20:00Z",
      state: "needs_attention",
      href: "#/conflict/c1",
    },
    {
      id: "h3",
      what: "repaid",
      fen: 460_000,
      channel: { en: "Cash", zh: "现金" },
      receiptNo: "LM07-20250912-001",
      at: "2025-09-12",
      state: "accepted",
      href: "#/receipt/h3",
    },
    {
      id: "h4",
      what: "visit",
      purposes: [{ en: "Routine inspection", zh: "日常检查" }],
      outcome: { en: "Done", zh: "已完成" },
      summary: "正常，存栏 38 头，照片 3 张。",
      at: "2025-08-14T03:00:00Z",
      state: null,
      href: "#/record/h4",
    },
    {
      id: "h5",
      what: "paid_out",
      fen: 5_000_000,
      loanNo: "JJ202400317",
      at: "2024-06-12",
      state: null,
      href: "#/record/loan-1",
    },
  ],
  tier: async () => ({ tier: "growth", due: "2026-01-30" }),
  outlived: async () => [],
  troubles: async () => [
    {
      record_type: "case",
      record: "c1",
      kind: "complaint",
      at: "2025-10-02T01:00:00.000Z",
      summary: "收费不明，要求说明。",
      state: "in_progress",
      resolution: null,
      satisfaction: null,
      about_user_id: null,
      open: true,
      title: { en: "Complaint", zh: "投诉" },
      standing: { en: "Under way", zh: "处理中" },
      about: "赵磊",
    },
  ],
  warnings: async () => [
    {
      id: "w1",
      rule: "W03",
      title: { en: "Purpose not as agreed", zh: "用途不符" },
      severity: "red",
      level: { en: "Red", zh: "红" },
      since: "2026-06-16",
    },
    {
      id: "w2",
      rule: "W11",
      title: { en: "Inspection overdue", zh: "检查逾期" },
      severity: "yellow",
      level: { en: "Yellow", zh: "黄" },
      since: "2026-06-10",
    },
  ],
  photos: [
    {
      id: "photo-1",
      label: { en: "Photo of the home", zh: "住处照片" },
      at: "2026-06-02T02:35:00.000Z",
    },
  ],
  others: [
    {
      type: "household_member",
      title: { en: "Household member", zh: "家庭成员" },
      rows: [
        { id: "m1", title: "王建军", sub: "兄弟姐妹", state: null, href: "#/record/m1" },
        { id: "m2", title: "刘德才", sub: "配偶", state: "ready", href: "#/record/m2" },
      ],
    },
    {
      type: "task",
      title: { en: "Task", zh: "任务" },
      rows: [
        {
          id: "t1",
          title: "补拍猪圈照片",
          sub: null,
          state: "needs_attention",
          refused: true,
          href: "#/record/t1",
        },
      ],
    },
  ],
  links: {
    edit: "#/edit/wang",
    note: "#/new/inspection_note?customer=wang",
    create: "#/new?customer=wang",
  },
  asOf: "2025-10-16T00:31:00Z",
  own: 1,
  onShow: nothing,
};

export const LONG: CustomerDetail = {
  ...WANG,
  id: "long",
  name: NAMES.long,
  village: "清水河镇上游大坪坝第二村民小组",
  dpd: 128,
  attention: [
    { why: "conflict", n: 1, href: "#/conflict/c1" },
    { why: "rejected", n: 1, href: "#/sync" },
    { why: "returned", n: 3, href: "#/sync" },
  ],
  loans: [
    {
      ...LOAN,
      principalFen: 1_234_567_890,
      owedFen: 1_034_567_890,
      dpd: 128,
      overdue: { fen: 123_456_789, since: "2024-12-10" },
      promise: { fen: 10_000_000, on: "2025-10-31" },
      riskClass: "doubtful",
      provisional: true,
      security: [
        { en: "Guarantee", zh: "保证" },
        { en: "Land right", zh: "土地经营权抵押" },
      ],
    },
    {
      ...LOAN,
      id: "loan-2",
      loanNo: "JJ202300101",
      state: "settled",
      owedFen: 0,
      dpd: 0,
      overdue: null,
      promise: null,
      next: null,
    },
  ],
  happened: Array.from({ length: 30 }, (_, at) => ({
    id: `x${at}`,
    what: "contact" as const,
    kind: { en: "Call", zh: "电话" },
    text: "约定 10 月 31 日还款，询问展期办法。",
    at: `2025-09-${String(30 - at).padStart(2, "0")}T03:00:00Z`,
    state: null,
    href: null,
  })),
};

export const BARE: CustomerDetail = {
  ...WANG,
  id: "zhou",
  name: { name: "周小梅", latin: null },
  village: null,
  since: null,
  dpd: 0,
  actions: { collect: null, visit: "#/visit/d4", phone: null },
  attention: [],
  loans: [],
  idCardEnds: async () => null,
  about: {
    phone: null,
    phoneAlt: null,
    idNo: null,
    people: null,
    workers: null,
    livelihood: "小卖部、玉米",
    address: null,
    preferences: null,
  },
  home: null,
  happened: [],
  tier: async () => ({ tier: "standard", due: "2026-01-30" }),
  outlived: async () => [],
  troubles: async () => [],
  warnings: async () => [],
  photos: [],
  others: [],
  links: { edit: null, note: "#/new/inspection_note?customer=zhou", create: null },
  asOf: null,
  own: 1,
};

const FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林";
const GIVEN = "秀英德福桂兰小梅大海国强玉兰建军春花志明";
const VILLAGES = ["柳家村", "东坡村", "上湾村", "小河村", "清水河镇上游大坪坝第二村民小组"];

/** As many customers as the largest tablet holds. */
export const MANY: readonly CustomerRow[] = Array.from({ length: 5000 }, (_, at) => ({
  id: `c${at}`,
  name: {
    name: `${FAMILY[at % FAMILY.length]}${GIVEN.slice((at * 2) % GIVEN.length, ((at * 2) % GIVEN.length) + 2)}`,
    latin: at % 7 === 0 ? null : `Customer ${at + 1}`,
  },
  village: VILLAGES[at % VILLAGES.length] ?? null,
  phoneTail: at % 11 === 0 ? null : String(1000 + at).slice(-4),
  dpd: at % 9 === 0 ? (at % 40) + 1 : 0,
  owedFen: at % 4 === 0 ? 0 : 314_000 * ((at % 30) + 1),
  state: at % 13 === 0 ? "ready" : null,
}));
