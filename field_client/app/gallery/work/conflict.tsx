import { useState } from "preact/hooks";
import { useLang } from "../../src/i18n/context.ts";
import type { Fields, Json } from "../../src/schemas/declare.ts";
import type { ConflictProps } from "../../src/screens/conflict/model.ts";
import { type CardFacts, type CardTyped, cardOf } from "../../src/screens/conflict/versions.ts";
import { ConflictView } from "../../src/screens/conflict/view.tsx";
import type { Question } from "../../src/screens/visit/checklist.ts";
import type { Entry } from "./entry.ts";
import { frame, NOW } from "./frame.ts";
import { declared } from "./types.ts";

const LI = "u-li";
const CHEN = "u-chen";
const WANG = "u-wang";

type Case = Pick<CardFacts, "id" | "fields" | "standsNow"> & {
  readonly type: string;
  readonly question?: Question;
};

function entry(value: Json, by: string, number: number, made_at = "2026-06-15T09:20:00.000Z") {
  return { value, by, device: by === LI ? "d-li" : "d-t2", number, made_at };
}

function about(
  id: string,
  type: string,
  field: string | null,
  kind: string,
  base: Json,
  kept: Json,
  mine: Json,
  more: Fields = {},
): Case {
  return {
    id,
    type,
    standsNow: kept,
    fields: {
      record: "c1",
      record_type: type,
      field,
      kind,
      sensitive: false,
      status: "open",
      base_value: base,
      kept: entry(kept, CHEN, 4),
      others: [entry(mine, LI, 7, "2026-06-15T08:05:00.000Z")],
      ...more,
    },
  };
}

const PHONE = about(
  "k1",
  "customer",
  "phone",
  "field",
  "13800004417",
  "13900002250",
  "13800004471",
);
const INCOME = about("k2", "customer", "household_size", "field", 4, 5, 3);
const GROUP = about(
  "k3",
  "customer",
  "opinion",
  "field",
  { village_opinion: "good", village_opinion_by: "村支书", village_opinion_on: "2026-05-01" },
  { village_opinion: "fair", village_opinion_by: "妇女主任", village_opinion_on: "2026-06-10" },
  {
    village_opinion: "excellent",
    village_opinion_by: "村支书王建军",
    village_opinion_on: "2026-06-12",
  },
);
const TEXT = about(
  "k4",
  "inspection_note",
  "narrative",
  "text",
  "猪只健康，圈舍干净。饲料可用三周。\n计划 10 月中旬出栏 20 头。",
  "猪只健康，圈舍干净。饲料可用两周。客户来电：10 月 8 日已报保险理赔。\n计划 10 月中旬出栏 20 头。",
  "猪只健康，圈舍干净。饲料可用一周。9 月有 2 头猪发热死亡，已看兽医证明。\n计划 10 月中旬出栏 20 头。",
);
const NAME = about("k5", "customer", "name", "field", "王秀英", "王秀瑛", "王秀莹", {
  sensitive: true,
});
const MANY = about(
  "k6",
  "customer",
  "phone",
  "field",
  "13800004417",
  "13900002250",
  "13800004471",
  {
    others: [
      entry("13800004471", LI, 7),
      entry("13700001111", WANG, 2),
      entry("13700002222", CHEN, 9),
    ],
  },
);
const MOVED: Case = { ...INCOME, id: "k7", standsNow: 6 };
const DELETE = about(
  "k8",
  "household_member",
  null,
  "delete",
  null,
  { name: "王强", works_away: true },
  { deleted: true, reason: "重复登记" },
);
const LATE = about(
  "k9",
  "customer",
  null,
  "late",
  null,
  { phone: "13900002250" },
  { phone: "13800004471", preferences: "晚上在家。" },
);
const INVALID = about(
  "k10",
  "visit",
  null,
  "invalid",
  null,
  { planned_on: "2026-06-18", state: "planned" },
  { planned_on: null, slot: "am" },
);
const STATE = about("k11", "task", "state", "state", "open", "cancelled", "done");
const DOUBLE = about(
  "k12",
  "repayment",
  null,
  "possible_double",
  null,
  { receipt_no: "T1-20260616-001", amount_fen: 300_000, value_date: "2026-06-16" },
  { receipt_no: "T2-20260616-004", amount_fen: 300_000, value_date: "2026-06-16" },
);
const TWICE = about("k13", "customer", null, "duplicate", null, null, null);
const ANSWER: Case = {
  ...about("k14", "inspection_note", "answers.R04.value", "field", 0, 500_000, 200_000, {
    sensitive: true,
  }),
  question: {
    qid: "R04",
    text: { en: "New debts or guarantees, yuan", zh: "新增对外负债/担保(元)" },
    answer: "money",
    required: true,
    choices: [],
    flag_if: "> 0",
    severity: "minor",
  },
};
const SETTLED = {
  ...PHONE,
  id: "k15",
  fields: { ...PHONE.fields, status: "resolved", resolution: "keep", resolved_by: WANG },
};

const UNTOUCHED: CardTyped = { choice: null, written: {}, comment: "" };

interface SampleProps extends Partial<Pick<ConflictProps, "stage" | "notSaved" | "kept">> {
  readonly cases: readonly Case[];
  readonly typed?: Readonly<Record<string, CardTyped>>;
  readonly joined?: boolean;
  readonly user?: string;
}

/** A screen on which versions can be chosen. */
function Sample({ cases, typed: begin = {}, joined = false, user = LI, ...more }: SampleProps) {
  const lang = useLang();
  const [typed, setTyped] = useState(begin);
  const of = (id: string) => typed[id] ?? UNTOUCHED;
  const put = (id: string, part: Partial<CardTyped>) =>
    setTyped((all) => ({ ...all, [id]: { ...(all[id] ?? UNTOUCHED), ...part } }));
  const zh = lang === "zh";
  const names = zh
    ? { [LI]: "李敏", [CHEN]: "陈静", [WANG]: "王建国" }
    : { [LI]: "Li Min", [CHEN]: "Chen Jing", [WANG]: "Wang Jianguo" };
  const cards = cases.map((it) =>
    cardOf(
      {
        id: it.id,
        fields: it.fields,
        type: declared(it.type),
        standsNow: it.standsNow,
        user,
        role: "officer",
        device: "d-li",
        question: it.question ?? null,
        names,
        tablets: { "d-t2": "T2" },
        deciders: [names[WANG] ?? ""],
        lang,
        now: NOW,
      },
      of(it.id),
    ),
  );
  return (
    <ConflictView
      frame={frame({ attention: 2 })}
      back="#/sync"
      about={zh ? "王秀英" : "Wang Xiuying"}
      recordHref="#/record/c1"
      cards={cards}
      joined={
        joined
          ? [
              { label: zh ? "自有耕地" : "Own land", value: zh ? "6 亩" : "6 mu", who: null },
              { label: zh ? "标签" : "Tags", value: "示范村", who: names[CHEN] ?? null },
            ]
          : []
      }
      kept={null}
      stage="choosing"
      notSaved={null}
      {...more}
      onChoose={(id, choice) => put(id, { choice })}
      onWrite={(id, path, value) => put(id, { written: { ...of(id).written, [path]: value } })}
      onComment={(id, comment) => put(id, { comment })}
      onSave={() => undefined}
    />
  );
}

export const CONFLICTS: readonly Entry[] = [
  { name: "conflict-untouched", Sample: () => <Sample cases={[PHONE, INCOME, TEXT]} joined /> },
  {
    name: "conflict-chosen",
    Sample: () => (
      <Sample
        cases={[PHONE, INCOME, TEXT]}
        typed={{
          k1: { choice: "d-li:7", written: {}, comment: "" },
          k2: { choice: "custom", written: { household_size: 4 }, comment: "" },
          k4: { choice: "custom", written: {}, comment: "两份文字都保留。" },
        }}
        kept={{ state: "kept", at: "2026-06-16T02:42:00.000Z" }}
      />
    ),
  },
  {
    name: "conflict-group",
    Sample: () => (
      <Sample cases={[GROUP]} typed={{ k3: { choice: "custom", written: {}, comment: "" } }} />
    ),
  },
  { name: "conflict-sod8", Sample: () => <Sample cases={[NAME, ANSWER]} /> },
  {
    name: "conflict-third-person",
    Sample: () => (
      <Sample
        cases={[ANSWER]}
        user={WANG}
        typed={{ k14: { choice: "keep", written: {}, comment: "" } }}
      />
    ),
  },
  { name: "conflict-many", Sample: () => <Sample cases={[MANY, MOVED]} /> },
  {
    name: "conflict-kinds",
    Sample: () => <Sample cases={[DELETE, LATE, INVALID, STATE, DOUBLE, TWICE, SETTLED]} />,
  },
  {
    name: "conflict-saved",
    Sample: () => (
      <Sample
        cases={[PHONE]}
        stage="saved"
        typed={{ k1: { choice: "keep", written: {}, comment: "" } }}
      />
    ),
  },
  {
    name: "conflict-full-disk",
    Sample: () => (
      <Sample
        cases={[PHONE]}
        notSaved="full"
        typed={{ k1: { choice: "keep", written: {}, comment: "" } }}
      />
    ),
  },
];
