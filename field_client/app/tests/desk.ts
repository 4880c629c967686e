// The app below its screens, against a real server, for tests to drive from outside: an officer's open
// store, and everything that can be done with it.

import { openDB } from "idb";
import { type Officer, openOfficer } from "../src/shell/officer.ts";
import { browserTools, type Tools } from "../src/shell/tools.ts";
import { newJournalWorker } from "../src/shell/workers.ts";
import { stretch } from "../src/store/argon.ts";
import { base64 } from "../src/store/base64.ts";
import type { Bytes } from "../src/store/cipher.ts";
import { databaseName } from "../src/store/database.ts";
import { Journal, journalNames } from "../src/store/journal.ts";
import { type Unlocked, Vault } from "../src/store/vault.ts";
import type { Held } from "../src/sync/rebase.ts";
import { type Report, roundTrip } from "../src/sync/round_trip.ts";
import { conflictsOf, isUncovered, type OwnSet } from "../src/sync/sets.ts";
import { HttpTransport, type Transport } from "../src/sync/transport.ts";
import * as account from "../src/work/account.ts";
import * as action from "../src/work/action.ts";
import * as attention from "../src/work/attention.ts";
import * as day from "../src/work/day.ts";
import * as decisions from "../src/work/decisions.ts";
import { newId } from "../src/work/desk.ts";
import { Form } from "../src/work/form.ts";
import * as receipts from "../src/work/receipts.ts";
import { sealedCopies } from "../src/work/sealed.ts";
import * as views from "../src/work/views.ts";
import * as visits from "../src/work/visits.ts";
import { outcome } from "./outcome.ts";
import { type Tell, toil } from "./toil.ts";

const SYNC = "/api/v1/sync";
const clock = { aheadMs: 0 };
/** The tablet's own, but that nothing goes by itself: a test says when there is a sync. */
const tools: Tools = {
  ...browserTools(() => "zh"),
  now: () => new Date(Date.now() + clock.aheadMs),
  later: () => () => undefined,
  onReturn: () => () => undefined,
};

/** How a PIN is stretched; what it costs is measured elsewhere. */
const ways = {
  dear: stretch,
  cheap: async (pin: string, salt: Bytes): Promise<Bytes> => {
    const text = new TextEncoder().encode(`${pin} ${base64(salt)}`);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  },
} as const;
type Way = keyof typeof ways;

interface Who {
  readonly username: string;
  readonly password: string;
  readonly pin: string;
  readonly way: Way;
}

let vault: Vault | null = null;

async function vaultOf(way: Way): Promise<Vault> {
  await vault?.close();
  const { newBytes } = tools;
  vault = await Vault.open({ now: () => tools.now().getTime(), newBytes, stretch: ways[way] });
  return vault;
}

/** Sign in for the first time, choose the PIN, and open the store. */
async function signIn({ username, password, pin, way }: Who): Promise<Officer> {
  const transport = exposed.transport();
  const parts = { vault: await vaultOf(way), transport, newId: () => newId(tools) };
  const begun = await account.begin(parts, { username, password }, "T");
  return open(await account.settleIn(parts, begun, pin));
}

/** Open a store with its PIN: the one of that name, or the only one. */
async function unlock({ pin, way }: Pick<Who, "pin" | "way">, store?: string): Promise<Officer> {
  const known = await vaultOf(way);
  const rows = await known.list();
  return open(await known.unlock(store ?? rows[0]?.store ?? "", pin));
}

async function open({ row, cipher }: Unlocked): Promise<Officer> {
  const officer = await openOfficer(tools, row, cipher);
  exposed.officer = officer;
  return officer;
}

interface Trip {
  /** Records a page. */
  readonly page: number;
  readonly progress: (report: Report) => void;
  /** What a request or an answer becomes on its way. */
  readonly change: <T>(body: T, isAnswer: boolean) => T;
}

/** Sync as the app does, in pages of the size that a test wants. */
function sync(officer: Officer, trip: Partial<Trip> = {}): Promise<Report> {
  const { desk, book } = officer;
  const { page = 500, progress = () => undefined, change = (body) => body } = trip;
  const transport: Transport = {
    post: async (path, body, bearer) => {
      if (path !== SYNC) return officer.transport.post(path, body, bearer);
      const asked = change({ ...(body as object), page }, false);
      return change(await officer.transport.post(path, asked, bearer), true);
    },
  };
  return roundTrip({
    store: desk.store,
    registry: desk.registry,
    transport,
    now: desk.now,
    newId: () => newId(desk),
    attention: () => attention.attention(book).length,
    sealed: sealedCopies(desk),
    progress,
  });
}

/** What is known of a set from outside. */
function told(officer: Officer, set: OwnSet) {
  const { number, id, device, action: name, state, result, content } = set;
  const shown = attention.stateOf(officer.book, set);
  const status = result?.status ?? null;
  const changes = content?.changes ?? [];
  const conflicts = conflictsOf(set);
  const facts = { number, id, device, action: name, state, shown, status, changes, conflicts };
  return { ...facts, uncovered: isUncovered(set), errors: result?.errors ?? [] };
}

/** Every set of this device that the database holds, read from the disk. */
async function sets(officer: Officer) {
  return (await officer.desk.store.setsAbove(0)).map((it) => told(officer, it));
}

/** Every record of the server copy, by id: what another copy of the same scope must equal. */
async function copy(officer: Officer): Promise<Record<string, Held>> {
  const { store } = officer.desk;
  const database = await openDB(databaseName(store.name));
  const keys = await database.getAllKeys("bundles");
  database.close();
  const found: Record<string, Held> = {};
  for (const key of keys) {
    for (const it of await store.bundle(String(key))) found[it.id] = it;
  }
  return found;
}

const exposed = {
  officer: null as Officer | null,
  clock,
  tools,
  outcome,
  openVault: (way: Way) => vaultOf(way),
  transport: () => new HttpTransport(tools.network),
  signIn,
  unlock,
  sync,
  sets,
  told,
  copy,
  toil: (officer: Officer, seed: number, tell: Tell) =>
    toil(officer, seed, (page) => sync(officer, { page }), tell),
  journalNames,
  openJournal: (store: string) => Journal.open(store, newJournalWorker),
  newId: () => newId(tools),
  Form,
  ...account,
  ...action,
  ...attention,
  ...day,
  ...decisions,
  ...receipts,
  ...views,
  ...visits,
};

Object.assign(window, { app: exposed });
