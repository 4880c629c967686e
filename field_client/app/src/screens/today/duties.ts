// The day's list as the screen shows it, from the book alone.

import { daysBetween } from "../../i18n/dates.ts";
import { path } from "../../shell/router.ts";
import type { Book } from "../../work/book.ts";
import { type Duty as Due, duties as dutiesUntil, nextDuty } from "../../work/day.ts";
import { handoversOf } from "../../work/handovers.ts";
import { standingUnder } from "../../work/standing.ts";
import { choiceLabel } from "../../work/titles.ts";
import { type Duty, type DutyWhat, type HandoverDuty, SOON_DAYS } from "./model.ts";

/** How far ahead the next thing to do is looked for. */
const FAR_DAYS = 60;

/** Everything due up to a few days ahead, and the first thing after that. */
export function dutiesOf(
  book: Book,
  today: string,
): { readonly duties: Duty[]; readonly later: Duty | null } {
  const soon = later(today, SOON_DAYS);
  const next = nextDuty(book, soon, later(today, FAR_DAYS));
  return {
    duties: dutiesUntil(book, soon)
      .filter((it) => it.due_on <= soon)
      .map((it) => shown(book, it, today)),
    later: next ? shown(book, next, today) : null,
  };
}

/** Whom nobody was in touch with in time, and no duty of these brings together with the officer. */
export async function unheard(book: Book, today: string): Promise<Duty[]> {
  const { unheardOf } = await import("../working.ts");
  return unheardOf(book, today).map(({ card, due_on }) =>
    shown(book, { ...CALL, card, record: `rhythm ${card.id}`, due_on }, today),
  );
}

const CALL = { kind: "contact", title: "", purposes: [], amount_fen: 0 } as const;

/** The handovers that wait for this officer. */
export function handoverDuties(book: Book): HandoverDuty[] {
  return handoversOf(book).flatMap(({ id, asks, people, items }) =>
    asks === null
      ? []
      : [
          {
            id,
            asks,
            outgoing: book.nameOf(people.outgoing),
            incoming: book.nameOf(people.incoming),
            customers: items.length,
          },
        ],
  );
}

/** A day so many days on. */
export function later(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

function shown(book: Book, due: Due, today: string): Duty {
  const { card } = due;
  const { state, refused } = standingUnder(book, card.id);
  return {
    id: `${due.kind} ${due.record}`,
    customer: { id: card.id, name: { name: card.name, latin: card.latin || null } },
    what: whatOf(book, due, today),
    village: book.nameOf(card.village) || null,
    awayM: null,
    dueOn: due.due_on,
    state,
    refused,
    href: path({ screen: "customer", id: card.id, from: "today" }),
  };
}

function whatOf(book: Book, due: Due, today: string): DutyWhat {
  switch (due.kind) {
    case "repayment":
      return { kind: "collect", fen: due.amount_fen };
    case "task":
      return { kind: "task", title: due.title };
    case "contact":
      return { kind: "contact" };
    case "visit": {
      const type = book.registry.get("visit");
      const purposes = due.purposes.map((it) => choiceLabel(type, "purposes", it));
      const visit = due.card.visits.find((it) => it.id === due.record);
      const underWay = visit?.state === "in_progress" && daysBetween(due.due_on, today) >= 0;
      return { kind: "visit", purposes, underWay };
    }
  }
}
