import { useState } from "preact/hooks";
import type { PlaceState } from "../../src/components/form/PlaceInput.tsx";
import type { Kept } from "../../src/components/form/SavedLine.tsx";
import { useLang } from "../../src/i18n/context.ts";
import type { Fields } from "../../src/schemas/declare.ts";
import { questionsOf } from "../../src/screens/visit/checklist.ts";
import type { VisitFinished, VisitProps } from "../../src/screens/visit/model.ts";
import { VisitView } from "../../src/screens/visit/view.tsx";
import type { Entry } from "./entry.ts";
import { frame, nothing } from "./frame.ts";
import { optionsOf } from "./types.ts";

const ROUTINE = questionsOf({
  questions: [
    {
      qid: "R01",
      text_zh: "生产经营是否正常(长势、存栏、销售)?",
      text_en: "Production normal (crop state, herd, sales)?",
      answer: "yes_no",
      required: true,
      flag_if: "no",
      finding_severity: "major",
    },
    {
      qid: "R02",
      text_zh: "与调查时相比收入预期变化(%)",
      text_en: "Change of expected income against survey, %",
      answer: "number",
      required: true,
      flag_if: "< -20",
      finding_severity: "major",
    },
    {
      qid: "R04",
      text_zh: "新增对外负债/担保(元)",
      text_en: "New debts or guarantees, yuan",
      answer: "money",
      required: true,
      flag_if: "> 0",
      finding_severity: "minor",
    },
    {
      qid: "R06",
      text_zh: "押品状态、价值有无明显变化?",
      text_en: "Collateral state or value changed?",
      answer: "choice",
      required: true,
      flag_if: "yes",
      finding_severity: "major",
      choices: [
        { value: "yes", text_zh: "是", text_en: "Yes" },
        { value: "no", text_zh: "否", text_en: "No" },
        { value: "na", text_zh: "不适用", text_en: "Not applicable" },
      ],
    },
    {
      qid: "R09",
      text_zh: "还款意愿与配合程度",
      text_en: "Willingness and cooperation",
      answer: "choice",
      required: true,
      flag_if: "poor",
      finding_severity: "major",
      choices: [
        { value: "good", text_zh: "好", text_en: "Good" },
        { value: "fair", text_zh: "一般", text_en: "Fair" },
        { value: "poor", text_zh: "差", text_en: "Poor" },
      ],
    },
    {
      qid: "R10",
      text_zh: "建议分类与措施",
      text_en: "Suggested class and measures",
      answer: "text",
      required: false,
    },
  ],
});

const CUSTOMER = { name: "刘桂兰", latin: "Liu Guilan" };
const ARRIVED: Fields = { arrived_at: "2026-06-16T02:31:00.000Z", purposes: ["routine"] };
const PLACED: Fields = { ...ARRIVED, arrive_lat_e6: 30_100_000, arrive_lon_e6: 110_200_000 };
const MET: Fields = { ...PLACED, outcome: "done", met_with: ["刘桂兰"] };
const ANSWERS: Fields = {
  "answers.R01.value": "no",
  "answers.R01.note": "三个大棚中有一个 10 月 9 日被大风损坏，维修约 3,000 元。",
  "answers.R02.value": -35,
  "answers.R04.value": 0,
  "answers.R06.value": "na",
  "answers.R09.value": "good",
  narrative: "儿子从成都返乡帮忙送货。愿按时还款，询问 12 月能否少还一些。",
  conclusion: "attention",
};
const PHOTOS = [
  {
    id: "photo-1",
    label: { en: "Photo of the home", zh: "住处照片" },
    at: "2026-06-16T02:35:00.000Z",
  },
];
const HAD: PlaceState = { state: "had", accM: 8, farM: 40 };
const KEPT: Kept = { state: "kept", at: "2026-06-16T02:42:00.000Z" };

interface SampleProps {
  readonly visit: Fields;
  readonly note?: Fields | null;
  readonly place?: PlaceState;
  readonly kept?: Kept;
  readonly attempt?: number;
  readonly returned?: boolean;
}

/** A form that can be typed into. */
function Sample(sample: SampleProps) {
  const lang = useLang();
  const [visit, setVisit] = useState(sample.visit);
  const [note, setNote] = useState(sample.note ?? {});
  const [place, setPlace] = useState<PlaceState>(sample.place ?? { state: "none" });
  const [attempt, setAttempt] = useState(sample.attempt ?? 0);
  const props: VisitProps = {
    frame: frame(),
    back: "#/today",
    customer: CUSTOMER,
    about: lang === "zh" ? "大棚蔬菜" : "greenhouse vegetables",
    title: lang === "zh" ? "日常检查" : "Routine inspection",
    stage: {
      stage: "form",
      values: visit,
      purposes: optionsOf("visit", "purposes", lang),
      outcomes: optionsOf("visit", "outcome", lang),
      people: ["刘桂兰", "王建国"],
      note:
        sample.note === null
          ? null
          : {
              values: note,
              questions: ROUTINE,
              last: { "answers.R02.value": -5, "answers.R09.value": "good" },
              conclusions: optionsOf("inspection_note", "conclusion", lang),
              returned: sample.returned
                ? { who: "王建国", comment: "R04 请核实是否有新增贷款，并补充说明。" }
                : null,
              onChange: (path, value) => setNote({ ...note, [path]: value }),
            },
      place,
      photos: {
        taken: sample.attempt === undefined ? [] : PHOTOS,
        kinds: optionsOf("attachment", "kind", lang),
        refused: null,
        busy: false,
        onTake: nothing,
        onRemove: nothing,
      },
      faults: [],
      attempt,
      kept: sample.kept === undefined ? KEPT : sample.kept,
      finishing: false,
      onChange: (path, value) => setVisit({ ...visit, [path]: value }),
      onAskPlace: () => setPlace({ state: "asking" }),
      onFinish: () => setAttempt(attempt + 1),
      onLater: nothing,
    },
  };
  return <VisitView {...props} />;
}

function Finished({ state }: { readonly state: VisitFinished["state"] }) {
  const lang = useLang();
  const facts =
    lang === "zh"
      ? [
          { label: "到达", value: "今天 10:31" },
          { label: "结果", value: "已完成" },
          { label: "会见人", value: "刘桂兰" },
          { label: "走访小结", value: "一个大棚受损，下旬修好。", long: true },
        ]
      : [
          { label: "Arrived", value: "Today 10:31" },
          { label: "Outcome", value: "Done" },
          { label: "Met", value: "刘桂兰" },
          { label: "Summary of the visit", value: "一个大棚受损，下旬修好。", long: true },
        ];
  return (
    <VisitView
      frame={frame({ waiting: 4 })}
      back="#/today"
      customer={CUSTOMER}
      about={null}
      title=""
      stage={{
        stage: "finished",
        state,
        facts,
        photos: PHOTOS,
        next: { who: "赵德福", href: "#/customer/1" },
      }}
    />
  );
}

export const VISITS: readonly Entry[] = [
  { name: "visit-begun", Sample: () => <Sample visit={ARRIVED} kept={null} /> },
  { name: "visit-draft", Sample: () => <Sample visit={MET} note={ANSWERS} place={HAD} /> },
  {
    name: "visit-missing",
    Sample: () => (
      <Sample
        visit={{ ...MET, met_with: [], promise_amount_fen: 230_000 }}
        note={{ "answers.R01.value": "yes" }}
        place={HAD}
        attempt={1}
      />
    ),
  },
  {
    name: "visit-absent",
    Sample: () => <Sample visit={{ ...PLACED, outcome: "absent" }} place={HAD} attempt={1} />,
  },
  {
    name: "visit-no-place",
    Sample: () => <Sample visit={ARRIVED} note={null} place={{ state: "denied" }} attempt={1} />,
  },
  {
    name: "visit-full-disk",
    Sample: () => (
      <Sample visit={MET} note={ANSWERS} place={HAD} kept={{ state: "failed", full: true }} />
    ),
  },
  {
    name: "visit-returned",
    Sample: () => <Sample visit={MET} note={ANSWERS} place={HAD} returned />,
  },
  { name: "visit-finished", Sample: () => <Finished state="ready" /> },
  { name: "visit-accepted", Sample: () => <Finished state="accepted" /> },
];
