// The tablet from the moment the app opens: whose store is locked, who signs in, who works.
//
// Screens show its stage; nothing here draws.

import type { Lang } from "../schemas/declare.ts";
import { DamagedError } from "../store/faults.ts";
import { Journal } from "../store/journal.ts";
import type { Unlocked, Vault, VaultRow } from "../store/vault.ts";
import { HttpTransport, ProblemError } from "../sync/transport.ts";
import type { Beginning } from "../work/account.ts";
import { newId } from "../work/desk.ts";
import type { Officer } from "./officer.ts";
import { go, HOME } from "./router.ts";
import type { Tools } from "./tools.ts";
import { forgetWaiting } from "./waiting.ts";
import { takeWindow, takeWindowOver, type WindowLock } from "./window_lock.ts";
import { newJournalWorker } from "./workers.ts";

/** Why the tablet is locked, where that needs a word. */
export type LockReason = "idle" | "wiped" | null;

export type Stage =
  | { readonly kind: "starting" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "sign_in"; readonly rows: readonly VaultRow[]; readonly why: LockReason }
  | {
      readonly kind: "forgot";
      readonly rows: readonly VaultRow[];
      readonly row: VaultRow;
    }
  | {
      readonly kind: "unlock";
      readonly rows: readonly VaultRow[];
      readonly row: VaultRow;
      readonly why: LockReason;
    }
  | { readonly kind: "damaged"; readonly row: VaultRow }
  | { readonly kind: "open"; readonly officer: Officer; readonly orphans: readonly string[] };

/** What an open store needs comes after the lock, which then is there sooner. */
const opened = () => import("./opened.ts");

/** After so long without a touch the tablet locks itself. */
const IDLE_MS = 10 * 60_000;
const LAST = "xiangxin-last";

export class Tablet {
  stage: Stage = { kind: "starting" };
  readonly tools: Tools;
  readonly vault: Vault;
  private readonly listeners = new Set<() => void>();
  private window: WindowLock | null = null;
  private endIdle: (() => void) | null = null;

  constructor(tools: Tools, vault: Vault) {
    this.tools = tools;
    this.vault = vault;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private show(stage: Stage): void {
    this.stage = stage;
    for (const listener of [...this.listeners]) listener();
  }

  // --------------------------------------------------------------------------------- the window

  /** Begin: take the tablet, unless another window has it. */
  async start(): Promise<void> {
    void this.speak(this.lang()).catch(() => undefined);
    this.window = await takeWindow(() => void this.letGo());
    if (this.window === null) this.show({ kind: "elsewhere" });
    else await this.showLocked(null);
  }

  /** Go on here; the other window lets go first. */
  async takeOver(): Promise<void> {
    this.window = await takeWindowOver(() => void this.letGo());
    await this.showLocked(null);
  }

  private async letGo(): Promise<void> {
    await this.closeOfficer();
    this.show({ kind: "elsewhere" });
    this.window?.release();
    this.window = null;
  }

  // ------------------------------------------------------------------------------------- locked

  private async showLocked(why: LockReason): Promise<void> {
    const rows = await this.vault.list();
    const last = localStorage.getItem(LAST);
    const row = rows.find((it) => it.store === last) ?? rows[0];
    if (row === undefined || why === "wiped") this.show({ kind: "sign_in", rows, why });
    else this.show({ kind: "unlock", rows, row, why });
  }

  async choose(row: VaultRow): Promise<void> {
    this.show({ kind: "unlock", rows: await this.vault.list(), row, why: null });
  }

  async forgot(row: VaultRow): Promise<void> {
    this.show({ kind: "forgot", rows: await this.vault.list(), row });
  }

  async chooseSignIn(): Promise<void> {
    this.show({ kind: "sign_in", rows: await this.vault.list(), why: null });
  }

  /** Open a store with its PIN. Throws what the vault says of a wrong one. */
  async unlock(row: VaultRow, pin: string): Promise<void> {
    try {
      await this.enter(await this.vault.unlock(row.store, pin));
    } finally {
      // Without room not even the list can be read; what is thrown above says so.
      if (this.stage.kind === "unlock") {
        await this.rowNow(row)
          .then((it) => this.choose(it))
          .catch(() => undefined);
      }
    }
  }

  private async rowNow(row: VaultRow): Promise<VaultRow> {
    return (await this.vault.list()).find((it) => it.store === row.store) ?? row;
  }

  /** Sign in for the first time here; a PIN is still to be chosen. */
  async signIn(username: string, password: string, deviceName: string): Promise<Beginning> {
    const { begin } = await opened();
    const parts = { transport: this.transport(), newId: this.newId };
    return begin(parts, { username, password }, deviceName);
  }

  /** Choose the PIN after the first sign-in, and begin to work. */
  async settleIn(beginning: Beginning, pin: string): Promise<void> {
    const { settleIn } = await opened();
    await this.enter(await settleIn({ vault: this.vault }, beginning, pin));
  }

  /** A forgotten PIN: password and the supervisor's code give a new one; nothing is lost. */
  async recover(row: VaultRow, password: string, code: string, pin: string): Promise<void> {
    const { recoverPin } = await opened();
    const parts = { vault: this.vault, transport: this.transport() };
    try {
      await this.enter(await recoverPin(parts, row, password, code, pin));
    } catch (error) {
      if (isWiped(error)) await this.removeRow(row, "wiped");
      throw error;
    }
  }

  /** Give a damaged store up: its unsent work is in the sealed journal, and is offered after signing in. */
  async leaveDamaged(row: VaultRow): Promise<void> {
    await this.vault.remove(row.store);
    await this.showLocked(null);
  }

  private transport(): HttpTransport {
    return new HttpTransport(this.tools.network);
  }

  private readonly newId = () => newId(this.tools);

  // --------------------------------------------------------------------------------------- open

  private async enter({ row, cipher }: Unlocked): Promise<void> {
    // Where somebody else was is no place to begin.
    if (localStorage.getItem(LAST) !== row.store) go(HOME, { instead: true });
    localStorage.setItem(LAST, row.store);
    await this.speak(this.lang());
    const { openOfficer, orphanJournals } = await opened();
    const orphans = this.vault
      .list()
      .then(orphanJournals)
      .catch(() => []);
    let officer: Officer;
    try {
      officer = await openOfficer(this.tools, row, cipher);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.show({ kind: "damaged", row });
      return;
    }
    officer.subscribe(() => {
      if (officer.sync.state.last.kind === "wiped") void this.wiped(officer);
      else if (officer.damaged()) void this.unreadable(officer);
    });
    this.show({ kind: "open", officer, orphans: await orphans });
    this.awake();
    void officer.sync.now();
  }

  private async unreadable(officer: Officer): Promise<void> {
    if (this.stage.kind !== "open") return;
    await this.closeOfficer();
    this.show({ kind: "damaged", row: officer.row });
  }

  /** Lock the tablet: what is being filled in is kept, the key is forgotten. */
  async lock(why: LockReason = null): Promise<void> {
    await this.closeOfficer();
    await this.showLocked(why);
  }

  private async closeOfficer(): Promise<void> {
    this.endIdle?.();
    const { stage } = this;
    if (stage.kind !== "open") return;
    this.show({ kind: "starting" });
    await stage.officer.close();
  }

  /** Somebody touched the tablet: it locks itself only after a while of nothing. */
  awake(): void {
    this.endIdle?.();
    if (this.stage.kind !== "open") return;
    this.endIdle = this.tools.later(IDLE_MS, () => void this.lock("idle"));
  }

  /** Sign in again after the sign-in has ended; everything stays. */
  async signInAgain(officer: Officer, password: string): Promise<void> {
    const { signInAgain } = await opened();
    const parts = { transport: officer.transport, newId: this.newId };
    try {
      await signInAgain(parts, officer.desk, password);
    } catch (error) {
      if (isWiped(error)) await this.wiped(officer);
      throw error;
    }
    await officer.sync.now();
  }

  /**
   * End the sign-in. A store in which nothing waits and nothing is being filled in goes from the tablet;
   * any other stays, locked, until its user signs in again.
   */
  async signOut(officer: Officer): Promise<void> {
    const { signOut, isSent } = await opened();
    const { store } = officer.desk;
    const goes = isSent(officer.book);
    await signOut(store, officer.transport).catch(() => undefined); // the tokens are gone from here
    if (goes) await this.remove(officer, null);
    else await this.lock();
  }

  async changePin(officer: Officer, old: string, pin: string): Promise<void> {
    await this.vault.changePin(officer.row.store, old, pin);
  }

  /** Fetch what a language calls the records. Throws where it cannot be had now. */
  async speak(lang: Lang): Promise<void> {
    await (await opened()).learn(lang);
  }

  private lang(): Lang {
    return this.tools.network.language() === "zh" ? "zh" : "en";
  }

  async rememberLang(lang: Lang): Promise<void> {
    if (this.stage.kind === "open") await this.vault.setLang(this.stage.officer.row.store, lang);
  }

  /** Take back the work in journals whose store is gone, with a code from the supervisor. */
  async takeBack(officer: Officer, code: string): Promise<number> {
    const { stage } = this;
    if (stage.kind !== "open" || officer.journal === null) return 0;
    const { takeBack, orphanJournals } = await opened();
    let sets = 0;
    for (const name of stage.orphans) {
      const old = await Journal.open(name, newJournalWorker);
      const { transport, journal, desk } = officer;
      const back = await takeBack({ transport, journal, store: desk.store }, old, code);
      if (back.left > 0) await old.close();
      sets += back.sets;
    }
    this.show({ ...stage, orphans: await orphanJournals(await this.vault.list()) });
    void officer.sync.now();
    return sets;
  }

  private async wiped(officer: Officer): Promise<void> {
    if (this.stage.kind !== "open" || this.stage.officer !== officer) return;
    await this.remove(officer, "wiped");
  }

  private async remove(officer: Officer, why: LockReason): Promise<void> {
    await this.closeOfficer();
    await this.removeRow(officer.row, why);
  }

  private async removeRow(row: VaultRow, why: LockReason): Promise<void> {
    const { wipe } = await opened();
    const journal = await Journal.open(row.store, newJournalWorker).catch(() => null);
    await wipe(this.vault, row, journal);
    forgetWaiting(row.store);
    if (localStorage.getItem(LAST) === row.store) localStorage.removeItem(LAST);
    if (why === "wiped") await forgetShell(await this.vault.list());
    await this.showLocked(why);
  }
}

function isWiped(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "device-wiped";
}

/** Of a wiped tablet that is nobody's any more not even the app's own files are kept. */
async function forgetShell(rows: readonly VaultRow[]): Promise<void> {
  if (rows.length > 0) return;
  const names = await caches.keys().catch(() => []);
  await Promise.all(names.map((it) => caches.delete(it).catch(() => false)));
}
