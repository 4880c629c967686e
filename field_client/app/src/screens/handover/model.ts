// What the screen of one handover shows.

import type { FrameContext } from "../../components/Frame.tsx";
import type { FieldFault } from "../../components/form/part.ts";
import type { Kept } from "../../components/form/SavedLine.tsx";
import type { PersonName } from "../../components/names.ts";
import type { Label } from "../../schemas/declare.ts";
import type { Asks, HandoverItem, Part } from "../../work/handovers.ts";

export type Answer = "agree" | "object";

/** One customer: what is said of him, and what stands in the form. */
export interface ItemCard extends HandoverItem {
  readonly name: PersonName;
  readonly className: Label | null;
  /** Whether the form asks about him. */
  readonly open: boolean;
  readonly answer: Answer | null;
  /** The note, the appraisal or the reason of an objection, as it is typed. */
  readonly typed: string;
}

export interface HandoverProps {
  readonly frame: FrameContext;
  readonly back: string;
  readonly state: string;
  readonly reason: Label;
  readonly effectiveOn: string;
  readonly people: Readonly<Record<Part, { readonly name: string; readonly signed: boolean }>>;
  readonly part: Part | null;
  readonly asks: Asks;
  readonly cards: readonly ItemCard[];
  readonly faults: readonly FieldFault[];
  readonly kept: Kept;
  readonly saving: boolean;
  /** Something went wrong that no field is to blame for. */
  readonly refused: boolean;
  readonly onAnswer: (customer: string, answer: Answer) => void;
  readonly onType: (customer: string, words: string) => void;
  readonly onSave: () => void;
}

/**
 * What is chosen for a customer, by what the form will send: what is drawn as chosen is what is sent, also
 * where the tablet died between two steps of a choice.
 */
export function answerOf(agreed: boolean, objects: boolean, reason: string): Answer | null {
  if (agreed) return "agree";
  return objects || reason.trim() !== "" ? "object" : null;
}

/** How many objections have no reason yet. */
export function reasonsMissing(cards: readonly ItemCard[]): number {
  return cards.filter((it) => it.open && it.answer === "object" && it.typed.trim() === "").length;
}

/** Whether anything of the form is filled in. */
export function isFilled(part: Part | null, cards: readonly ItemCard[]): boolean {
  const open = cards.filter((it) => it.open);
  if (part === "incoming") return open.some((it) => it.answer !== null);
  return open.some((it) => it.typed.trim() !== (part === "outgoing" ? it.note : it.appraisal));
}
