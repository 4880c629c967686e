import { useState } from "preact/hooks";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { go, path, type Route } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { type OpenForm, useForm } from "../../shell/use_form.ts";
import { bundleKey } from "../../store/bundles.ts";
import { signHandover } from "../../work/handover_signing.ts";
import {
  type Handover,
  type HandoverItem,
  handoverOf,
  isAnswered,
  isOpenTo,
  LEAVES,
  type Part,
} from "../../work/handovers.ts";
import { choiceLabel, personOf } from "../../work/titles.ts";
import { recordOf, text } from "../../work/views.ts";
import { type Answer, answerOf, type HandoverProps, type ItemCard } from "./model.ts";
import { HandoverView, NoHandover } from "./view.tsx";

const HOME: Route = { screen: "today" };

/** One handover: its reader's part, kept with every keystroke, and his signature. */
export function HandoverScreen({ officer, frame, route, onBusy }: ScreenProps<"handover">) {
  const { desk } = officer;
  const { id } = route;
  const [signing, setSigning] = useState<"no" | "now" | "refused">("no");
  const place = { screen: `handover ${id}`, type: "handover", customer: null, record: id };
  const opened = useForm(officer, place, onBusy);
  const shown = useRead(
    officer,
    () => recordOf(desk.store, desk.registry, bundleKey(null, "handover"), id),
    [id],
  );
  const back = path(HOME);
  if (opened === "missing") return <NoHandover frame={frame} back={back} />;
  if (opened === null || shown === null) return null;
  const handover = handoverOf(shown, desk.store.meta.user.id);
  const sign = async () => {
    setSigning("now");
    try {
      await signHandover(desk, id, handover.fields);
      setSigning("no");
    } catch {
      setSigning("refused");
    }
  };
  const save = () =>
    opened
      .finish((form) => form.save(`handover.${handover.asks ?? "write"}`))
      .then((saved) => saved && go(HOME, { instead: true }));
  return (
    <HandoverView
      {...factsOf(officer, handover, opened)}
      frame={frame}
      back={back}
      faults={opened.faults}
      kept={opened.refused === "full" ? { state: "failed", full: true } : opened.kept}
      saving={opened.finishing || signing === "now"}
      refused={signing === "refused" || opened.refused instanceof Error}
      onAnswer={(customer, answer) => note(opened, customer, answer)}
      onType={(customer, words) => write(opened, handover.part, customer, words)}
      onSave={() => void (handover.asks === "sign" ? sign() : save())}
    />
  );
}

type Facts = Pick<
  HandoverProps,
  "state" | "reason" | "effectiveOn" | "people" | "part" | "asks" | "cards"
>;

function factsOf({ desk, book }: Officer, handover: Handover, opened: OpenForm): Facts {
  const type = desk.registry.get("handover");
  const person = (part: Part) => ({
    name: book.nameOf(handover.people[part]) || handover.people[part].slice(0, 8),
    signed: handover.signed.includes(handover.people[part]),
  });
  return {
    state: handover.state,
    reason: choiceLabel(type, "reason", handover.reason),
    effectiveOn: handover.effectiveOn,
    people: {
      outgoing: person("outgoing"),
      incoming: person("incoming"),
      witness: person("witness"),
    },
    part: handover.part,
    asks: handover.asks,
    cards: handover.items.map((it) => ({
      ...cardOf(handover, it, opened),
      name: personOf(book, it.customer),
      className:
        it.riskClass === null
          ? null
          : choiceLabel(type, `items.${it.customer}.class`, it.riskClass),
    })),
  };
}

function cardOf(
  { part, state }: Handover,
  item: HandoverItem,
  { form }: OpenForm,
): Omit<ItemCard, "name" | "className"> {
  const open = isOpenTo(part, state) && !(part === "incoming" && isAnswered(item));
  const typed = part === null ? "" : text(form.value(leafOf(part, item.customer)));
  const agreed = form.value(`items.${item.customer}.agreed`) === true;
  const objects = form.extra(objectsTo(item.customer)) === true;
  return { ...item, open, answer: answerOf(agreed, objects, typed), typed };
}

function leafOf(part: Part, customer: string): string {
  return `items.${customer}.${LEAVES[part]}`;
}

function objectsTo(customer: string): string {
  return `objects ${customer}`;
}

/** An answer is one of the two. Every step by itself is kept: wherever it breaks off, no two of them stand. */
function note({ form }: OpenForm, customer: string, answer: Answer): void {
  if (answer === "agree") form.set(leafOf("incoming", customer), null);
  form.set(`items.${customer}.agreed`, answer === "agree" ? true : null);
  form.setExtra(objectsTo(customer), answer === "object");
}

function write({ form }: OpenForm, part: Part | null, customer: string, words: string): void {
  if (part !== null) form.set(leafOf(part, customer), words.trim() === "" ? null : words);
}
