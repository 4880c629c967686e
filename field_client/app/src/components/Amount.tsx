import { money } from "../i18n/format.ts";

interface AmountProps {
  readonly fen: number;
  readonly large?: boolean | undefined;
}

/** A sum of money, in the one format that it has from entry to receipt. */
export function Amount({ fen, large = false }: AmountProps) {
  return <span class={large ? "num amount" : "num"}>{money(fen)}</span>;
}
