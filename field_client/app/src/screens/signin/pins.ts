// Which PINs a tablet takes: digits enough, and none that a thief tries first.

import { SHORTEST_PIN } from "../../components/PinPad.tsx";

export type PinFault = "short" | "easy" | "differs";

/** What is the matter with a new PIN, typed twice; null: nothing. */
export function pinFault(pin: string, again: string): PinFault | null {
  if (!/^\d+$/.test(pin) || pin.length < SHORTEST_PIN) return "short";
  if (isEasy(pin)) return "easy";
  return pin === again ? null : "differs";
}

/** 000000, 123456, 987654: one digit, or a run. */
function isEasy(pin: string): boolean {
  const steps = [...pin].slice(1).map((it, at) => Number(it) - Number(pin[at]));
  return [0, 1, -1].some((step) => steps.every((it) => it === step));
}
