// Unsent work as a file that a colleague with a network delivers.

import { canBeCarried, courierFile, FORMAT } from "../work/courier.ts";
import type { Officer } from "./officer.ts";
import { saveFile } from "./rescue.ts";

/** What saves the courier file; null: nothing waits, or the branch does not know this tablet's signature. */
export function courierOf({ desk }: Officer): (() => Promise<void>) | null {
  if (!canBeCarried(desk.store)) return null;
  return async () => {
    const text = await courierFile(desk.store, desk.now());
    if (text !== null) saveFile(`${FORMAT}.json`, text);
  };
}
