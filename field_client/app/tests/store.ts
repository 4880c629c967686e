// The vault, the cipher and the journal, for a browser test to drive from outside.

import { trustedScriptUrl } from "../src/shell/trusted.ts";
import { newJournalWorker } from "../src/shell/workers.ts";
import { stretch } from "../src/store/argon.ts";
import { base64, fromBase64 } from "../src/store/base64.ts";
import type { Bytes } from "../src/store/cipher.ts";
import { Journal, journalNames } from "../src/store/journal.ts";
import { askPersistence, storageEstimate } from "../src/store/persistence.ts";
import { seal } from "../src/store/seal.ts";
import { Vault } from "../src/store/vault.ts";
import { outcome } from "./outcome.ts";

const clock = { now: Date.UTC(2026, 5, 16, 4) };
/** How a PIN is stretched, for the next vault that is opened. */
const ways = {
  dear: stretch,
  /** Guesses are many; what one costs is measured elsewhere. */
  cheap: async (pin: string, salt: Bytes): Promise<Bytes> => {
    const text = new TextEncoder().encode(`${pin} ${base64(salt)}`);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  },
  never: (): Promise<Bytes> => new Promise(() => undefined),
  failing: (): Promise<Bytes> => Promise.reject(new RangeError("out of memory")),
} as const;

async function openVault(way: keyof typeof ways = "cheap"): Promise<Vault> {
  return Vault.open({
    now: () => clock.now,
    newBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    stretch: ways[way],
  });
}

const exposed = {
  clock,
  openVault,
  outcome,
  newJournalWorker,
  trustedScriptUrl,
  Journal,
  journalNames,
  askPersistence,
  storageEstimate,
  seal,
  base64,
  fromBase64,
};

Object.assign(window, { store: exposed });
