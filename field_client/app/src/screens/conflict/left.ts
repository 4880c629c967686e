// What is still missing before the choices can be saved.

import type { ConflictCard } from "./model.ts";

/** What the button says while it is off: choices first, then values, then reasons. */
export interface Left {
  readonly choices: number;
  readonly values: number;
  readonly comments: number;
}

/** What is left to do on the cards that this user decides. */
export function leftOf(cards: readonly ConflictCard[]): Left {
  const open = cards.filter((it) => it.standing === "decide");
  const chosen = open.filter((it) => it.choice !== null);
  return {
    choices: open.length - chosen.length,
    values: chosen.filter((it) => it.way === "custom" && !isWritten(it)).length,
    comments: chosen.filter((it) => it.needsComment && it.comment.trim() === "").length,
  };
}

/** Every choice is made and said: Save is on. Where nothing can be decided here it never is. */
export function isComplete(cards: readonly ConflictCard[]): boolean {
  const { choices, values, comments } = leftOf(cards);
  const some = cards.some((it) => it.standing === "decide");
  return some && choices + values + comments === 0;
}

/** A value of one's own is there; a group may leave members empty, but not all of them. */
function isWritten(card: ConflictCard): boolean {
  return (card.own ?? []).some(({ path }) => {
    const value = card.written[path] ?? null;
    return value !== null && !(typeof value === "string" && value.trim() === "");
  });
}
