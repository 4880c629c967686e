// What Today shows: where next, and what to do there.

import type { FrameContext } from "../../components/Frame.tsx";
import type { PersonName } from "../../components/names.ts";
import type { SetState } from "../../components/state.ts";
import { daysBetween } from "../../i18n/dates.ts";
import type { Label } from "../../schemas/declare.ts";
import type { Asks } from "../../work/handovers.ts";
import type { Cash } from "../../work/in_the_field.ts";
import type { CustomerDetail } from "../customer/model.ts";
import type { CustomerRow } from "../customers/model.ts";

/** One thing to do. */
export interface Duty {
  /** The record that asks for it. */
  readonly id: string;
  /** Null: a task under no customer. */
  readonly customer: { readonly id: string; readonly name: PersonName } | null;
  readonly what: DutyWhat;
  readonly village: string | null;
  /** Metres from here, where both places are known. */
  readonly awayM: number | null;
  /** The business date by which it is due. */
  readonly dueOn: string;
  readonly state: SetState | null;
  readonly refused?: boolean;
  /** Where a task under no customer leads. */
  readonly href?: string;
}

export type DutyWhat =
  | { readonly kind: "collect"; readonly fen: number }
  | { readonly kind: "visit"; readonly purposes: readonly Label[]; readonly underWay: boolean }
  | { readonly kind: "task"; readonly title: string }
  | { readonly kind: "contact" };

/** A handover that asks something of this officer. */
export interface HandoverDuty {
  readonly id: string;
  readonly asks: Exclude<Asks, null>;
  readonly outgoing: string;
  readonly incoming: string;
  readonly customers: number;
}

export type DutyOrder = "due" | "village";

export interface TodayProps {
  readonly frame: FrameContext;
  /** The business date. */
  readonly today: string;
  /** What is late, due today and due in the next three days, the earliest first; null while it is read. */
  readonly duties: readonly Duty[] | null;
  readonly order: DutyOrder;
  readonly onOrder: (order: DutyOrder) => void;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** What fits the search, in place of the duties; null while nothing is searched. */
  readonly found: readonly CustomerRow[] | null;
  /** How many customers this tablet holds. */
  readonly held: number;
  /** The first thing to do after the three days. */
  readonly later: Duty | null;
  /** Handovers that wait for this officer. */
  readonly handovers: readonly HandoverDuty[];
  /** Whom nobody was in touch with in time, the longest overdue first. */
  readonly unheard: readonly Duty[];
  /** Cash in hand above what may be carried; null: within the limit. */
  readonly cash: Cash | null;
  /** The customer shown beside the list. */
  readonly chosen: CustomerDetail | null;
}

export const SOON_DAYS = 3;

export type Due = "late" | "today" | "soon";

export function dueOf(duty: Duty, today: string): Due {
  const left = daysBetween(today, duty.dueOn);
  if (left < 0) return "late";
  return left === 0 ? "today" : "soon";
}

export interface DutySection {
  readonly key: string;
  /** When things are due, or a village's name; null: no village is known. */
  readonly title: { readonly due: Due } | { readonly village: string | null };
  readonly duties: readonly Duty[];
}

/** Late, due today, next three days; within each the longest late first. */
export function byDue(duties: readonly Duty[], today: string): DutySection[] {
  const sorted = [...duties].sort(byDay);
  const dues: readonly Due[] = ["late", "today", "soon"];
  return dues
    .map((due) => ({
      key: due,
      title: { due },
      duties: sorted.filter((it) => dueOf(it, today) === due),
    }))
    .filter((it) => it.duties.length > 0);
}

/**
 * Village by village: the nearest first where the tablet knows where it is, else the one that has
 * waited longest. It is an order for the road that needs no map.
 */
export function byVillage(duties: readonly Duty[]): DutySection[] {
  const villages = new Map<string | null, Duty[]>();
  for (const it of duties) villages.set(it.village, [...(villages.get(it.village) ?? []), it]);
  return [...villages]
    .sort(([one, ofOne], [other, ofOther]) => {
      if (one === null || other === null) return one === null ? 1 : -1;
      return nearest(ofOne) - nearest(ofOther) || inOrder(oldest(ofOne), oldest(ofOther));
    })
    .map(([village, held]) => ({
      key: `village ${village ?? ""}`,
      title: { village },
      duties: held.sort(byDay),
    }));
}

function byDay(a: Duty, b: Duty): number {
  return inOrder(a.dueOn, b.dueOn);
}

/** Days compare as text; `localeCompare` takes a hundred times as long. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const FAR_M = 1e9;

function nearest(duties: readonly Duty[]): number {
  return Math.min(...duties.map((it) => it.awayM ?? FAR_M));
}

function oldest(duties: readonly Duty[]): string {
  return duties.map((it) => it.dueOn).sort()[0] ?? "";
}

/** How many of them are places to go to: one customer is one way. */
export function visitsIn(duties: readonly Duty[]): number {
  return new Set(duties.map((it) => it.customer?.id ?? it.id)).size;
}
