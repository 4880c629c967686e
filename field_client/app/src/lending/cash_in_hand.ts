// Cash that an officer carries 手持现金 (domain.md, section 5.5).

import type { Fields } from "../schemas/declare.ts";

/** What one officer may carry, in fen, where nobody set another (parameter `cash_limit_fen`). */
export const CASH_LIMIT_FEN = 20_000_00;

/** Numbers that a tablet gives; cash under another came with an import, or lies in a till. */
const TABLET_NUMBER = /^[A-Z0-9]{1,12}-[0-9]{8}-[0-9]{3,9}$/;

interface Kept {
  readonly id: string;
  readonly fields: Fields;
}

/** Cash for which a receipt of a tablet was given: the receipt, the fen, and who took it. */
export type Taken = readonly [receipt: string, fen: number, by: string];

/** The cash that was taken from one customer and not given back; *repayments*: all of his. */
export function takenIn(repayments: readonly Kept[]): readonly Taken[] {
  const undone = new Set(repayments.map(({ fields }) => fields.reverses_id ?? null));
  return repayments.flatMap(({ id, fields }): Taken[] => {
    const { amount_fen: fen, channel, collected_by: by, receipt_no, reverses_id } = fields;
    if (channel !== "cash" || reverses_id != null || undone.has(id)) return [];
    if (typeof fen !== "number" || typeof by !== "string") return [];
    return TABLET_NUMBER.test(String(receipt_no)) ? [[id, fen, by]] : [];
  });
}

/**
 * The cash that *officer* took and nobody has confirmed to have received. Receipts count from the moment
 * they are written, accepted or not; what is handed in and not confirmed, or disputed, is still his.
 *
 * Source: domain.md, section 5.5.
 */
export function cashInHandFen(
  taken: readonly Taken[],
  deposits: readonly Kept[],
  officer: string,
): number {
  const settled = new Set<unknown>();
  for (const { fields } of deposits) {
    if (fields.state !== "confirmed" || !Array.isArray(fields.receipt_ids)) continue;
    for (const it of fields.receipt_ids) settled.add(it);
  }
  return taken.reduce((sum, [id, fen, by]) => {
    return by === officer && !settled.has(id) ? sum + fen : sum;
  }, 0);
}
