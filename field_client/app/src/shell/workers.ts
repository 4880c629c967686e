/// <reference path="./worker_url.d.ts" />

import journalUrl from "../store/journal.worker.ts?worker&url";
import { trustedScriptUrl } from "./trusted.ts";

/** Start a worker for one store's journal (`Journal.open`). */
export function newJournalWorker(): Worker {
  return new Worker(trustedScriptUrl(journalUrl), { type: "module", name: "journal" });
}
