import { useState } from "preact/hooks";
import type { Answer, HandoverProps, ItemCard } from "../../src/screens/handover/model.ts";
import { HandoverView, NoHandover } from "../../src/screens/handover/view.tsx";
import type { Entry } from "./entry.ts";
import { frame } from "./frame.ts";

const nothing = () => undefined;
const NORMAL = { en: "Normal", zh: "正常" };

function card(customer: string, name: string, latin: string, more: Partial<ItemCard>): ItemCard {
  return {
    customer,
    name: { name, latin },
    exposureFen: 1_800_000,
    riskClass: "normal",
    className: NORMAL,
    note: "逾期 32 天，已约定还款日。",
    appraisal: "与台账相符。",
    agreed: false,
    objection: "",
    ruling: "",
    open: false,
    answer: null,
    typed: "",
    ...more,
  };
}

const PROPS: HandoverProps = {
  frame: frame(),
  back: "#/today",
  state: "in_review",
  reason: { en: "Leave", zh: "休假" },
  effectiveOn: "2025-10-20",
  people: {
    outgoing: { name: "赵磊", signed: false },
    incoming: { name: "李敏", signed: false },
    witness: { name: "钱波", signed: true },
  },
  part: "incoming",
  asks: "answer",
  cards: [
    card("c1", "陈国平", "Chen Guoping", { open: true }),
    card("c2", "邓玉兰", "Deng Yulan", { open: true, answer: "object", typed: "未告知逾期" }),
    card("c3", "黄大明", "Huang Daming", { agreed: true, note: "", appraisal: "" }),
  ],
  faults: [],
  kept: null,
  saving: false,
  refused: false,
  onAnswer: nothing,
  onType: nothing,
  onSave: nothing,
};

function Answering() {
  const [cards, setCards] = useState(PROPS.cards);
  const change = (customer: string, part: Partial<ItemCard>) =>
    setCards((all) => all.map((it) => (it.customer === customer ? { ...it, ...part } : it)));
  return (
    <HandoverView
      {...PROPS}
      cards={cards}
      onAnswer={(customer: string, answer: Answer) => change(customer, { answer })}
      onType={(customer: string, typed: string) => change(customer, { typed })}
    />
  );
}

const CLOSED = PROPS.cards.map((it) => ({ ...it, open: false, agreed: it.answer !== "object" }));
const RULED = CLOSED.map((it) =>
  it.agreed ? it : { ...it, objection: "未告知逾期", ruling: "按现状接收" },
);

export const HANDOVERS: readonly Entry[] = [
  { name: "handover-answer", Sample: Answering },
  {
    name: "handover-sign",
    Sample: () => <HandoverView {...PROPS} state="agreed" asks="sign" cards={RULED} />,
  },
  {
    name: "handover-waits",
    Sample: () => <HandoverView {...PROPS} state="objected" asks={null} cards={CLOSED} />,
  },
  { name: "handover-absent", Sample: () => <NoHandover frame={frame()} back="#/today" /> },
];
