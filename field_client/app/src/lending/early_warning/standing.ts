// Signals that stand although their reason has gone, as when arrears are paid: a person clears them
// (domain.md, section 6.6).

import type { Kept } from "./dossier.ts";

const STANDING = ["raised", "acknowledged", "handling"];
/** Rules that look at what lies with others: only the branch knows whether they still hold. */
const BY_OTHERS = ["W07", "W15"];

/**
 * The ids of a customer's standing signals that hold no more as far as this tablet can tell, in the order
 * of the records. *holding*: what the rules find now; one found at another severity holds.
 */
export function outlived(
  records: readonly Kept[],
  holding: readonly { readonly rule: string; readonly subject: string }[],
  rules: readonly string[],
): readonly string[] {
  const still = new Set(holding.map((it) => `${it.rule} ${it.subject}`));
  return records
    .filter(({ type, fields }) => {
      const rule = String(fields.rule);
      const asked = rules.includes(rule) && !BY_OTHERS.includes(rule);
      if (type !== "warning_signal" || !asked || !STANDING.includes(String(fields.state))) {
        return false;
      }
      const facts = fields.facts as { readonly subject?: unknown } | null | undefined;
      return !still.has(`${rule} ${facts?.subject ?? ""}`);
    })
    .map((it) => it.id);
}
