// Whose tablet this is: signing in for the first time and again, a forgotten PIN, work taken back from
// the sealed journal (protocol.md, section 10).

import type { ChangeSet } from "../schemas/messages.ts";
import { removeDatabase } from "../store/database.ts";
import type { Journal } from "../store/journal.ts";
import { newMeta } from "../store/meta.ts";
import { newSigningKey, type SigningKey } from "../store/signing.ts";
import { Store } from "../store/store.ts";
import type { Unlocked, Vault, VaultRow } from "../store/vault.ts";
import { format, parse } from "../sync/clock.ts";
import { beginEpoch, goOnAsNewDevice } from "../sync/epochs.ts";
import { renumber } from "../sync/rebase.ts";
import { askSignIn, post, type SignedIn } from "../sync/session.ts";
import type { OwnSet } from "../sync/sets.ts";
import { ProblemError, type Transport } from "../sync/transport.ts";
import type { Card } from "./cards.ts";
import type { Desk } from "./desk.ts";
import { NotRecoveredError, OtherUserError } from "./faults.ts";
import { sealedCopies } from "./sealed.ts";

type AnyStore = Store<Card>;
const RECOVER = "/api/v1/recover";
/** What a slow line carries in some minutes; a line is text of one byte a character. */
const PORTION_BYTES = 512 * 1024;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Parts {
  readonly vault: Vault;
  readonly transport: Transport;
  readonly newId: () => string;
}

/** A sign-in that has succeeded and waits for a PIN. */
export interface Beginning {
  readonly username: string;
  readonly device: { readonly id: string; readonly name: string };
  readonly signing: SigningKey;
  readonly given: SignedIn;
}

/** Sign in for the first time on this tablet. */
export async function begin(
  { transport, newId }: Omit<Parts, "vault">,
  { username, password }: Credentials,
  deviceName: string,
): Promise<Beginning> {
  const device = { id: newId(), name: deviceName };
  const signing = await newSigningKey();
  const known = { ...device, public_key: signing.open };
  return {
    username,
    device,
    signing,
    given: await askSignIn(transport, username, password, known),
  };
}

/** Make the store of somebody who has signed in, under a PIN. */
export async function settleIn(
  { vault }: Pick<Parts, "vault">,
  { username, device, signing, given }: Beginning,
  pin: string,
): Promise<Unlocked> {
  const { user, seal_key, access_token, refresh_token, epoch } = given;
  const who = { username, name: user.name, device: device.id };
  const made = await vault.create({ ...who, seal_key, pin });
  const meta = newMeta(device.id, device.name, user, seal_key, epoch);
  await Store.make(made.row.store, made.cipher, { ...meta, signing, access_token, refresh_token });
  return made;
}

/**
 * Sign in again on an open store.
 *
 * A store that was copied or restored from an old image is found out here, by the numbers that the
 * server has from it: it goes on as a new device (protocol, section 8).
 */
export async function signInAgain(
  { transport, newId }: Omit<Parts, "vault">,
  desk: Desk,
  password: string,
): Promise<void> {
  const { store } = desk;
  const signing = store.meta.signing ?? (await newSigningKey());
  const ask = () => {
    const { device: id, name, user } = store.meta;
    return askSignIn(transport, user.username, password, { id, name, public_key: signing.open });
  };
  let given = await ask();
  if (given.user.id !== store.meta.user.id) throw new OtherUserError();
  if (await store.exclusive(() => isAnotherDevice(desk, given, newId))) given = await ask();
  const { access_token, refresh_token, seal_key, user, epoch } = given;
  const meta = { access_token, refresh_token, seal_key, signing, user, epoch };
  await store.exclusive(() => store.commit({ meta }));
}

/** Go by what a sign-in tells of numbers and epoch; tells whether this is another device now. */
async function isAnotherDevice(
  desk: Desk,
  { device, epoch }: SignedIn,
  newId: () => string,
): Promise<boolean> {
  const { store } = desk;
  const sealed = sealedCopies(desk);
  const isCopied = device.known_through > store.lastNumber;
  if (isCopied) await goOnAsNewDevice(store, newId(), sealed);
  const before = store.meta.epoch;
  if (before === null || before === epoch) return isCopied;
  const { held = [], known_through } = device;
  const restored = { epoch, knownThrough: isCopied ? 0 : known_through, held };
  return (await beginEpoch(store, restored, newId, sealed)) || isCopied;
}

/** Set a new PIN with a code from the supervisor: nothing that is on the tablet is lost. */
export async function recoverPin(
  { vault, transport }: Omit<Parts, "newId">,
  row: VaultRow,
  password: string,
  code: string,
  pin: string,
): Promise<Unlocked> {
  const device = { id: row.device, name: "" };
  const given = await askSignIn(transport, row.username, password, device);
  const [opened] = await unsealed(transport, given.access_token, code, [row.envelope]);
  const key = opened && "key" in opened ? opened.key : null;
  if (typeof key !== "string") throw new NotRecoveredError();
  return vault.reset(row.store, key, pin);
}

/** How much of an old journal came back. */
export interface TakenBack {
  readonly sets: number;
  /** Lines that the server could not open for this user. */
  readonly left: number;
}

/**
 * Take back the sets of a journal whose store is gone: they go out again under this store's numbers.
 *
 * The server knows each by its id, so that what it has already is not done twice.
 */
export async function takeBack(
  { transport, store, journal }: { transport: Transport; store: AnyStore; journal: Journal },
  old: Journal,
  code: string,
): Promise<TakenBack> {
  const lines = await old.lines();
  const ask = (sealed: readonly string[]) =>
    refusedCode(post(store, transport, RECOVER, { code, sealed })) as Promise<Answer>;
  const found: ChangeSet[] = [];
  for (const part of portions(lines.map((it) => it.sealed))) {
    const { opened } = await ask(part);
    found.push(...opened.filter((it) => it !== null && "changes" in it));
  }
  const sets = found.sort((a, b) => a.number - b.number);
  await store.exclusive(() => adopt(store, journal, sets));
  if (sets.length === lines.length) await old.remove();
  return { sets: sets.length, left: lines.length - sets.length };
}

/** A journal of weeks is more than one request may carry; at least one line goes in each. */
export function portions(lines: readonly string[], most = PORTION_BYTES): readonly string[][] {
  const parts: string[][] = [[]];
  let left = most;
  for (const line of lines) {
    left -= line.length;
    if (left < 0 && parts[parts.length - 1]?.length) {
      parts.push([]);
      left = most - line.length;
    }
    parts[parts.length - 1]?.push(line);
  }
  return parts;
}

async function adopt(store: AnyStore, journal: Journal, sets: readonly ChangeSet[]): Promise<void> {
  const { device, seal_key } = store.meta;
  const first = store.lastNumber + 1;
  const moved = new Map(sets.map((it, at) => [it.number, first + at]));
  const seq = store.nextSeq();
  const own = sets.map((it, at): OwnSet => {
    const content = renumber(it, first + at, moved, (stamp) => {
      const known = parse(stamp);
      return known === null ? stamp : format({ ...known, device });
    });
    const { number, id, epoch, base, action, made_at } = content;
    const facts = { seq: seq + at, device, number, id, epoch, base, action, made_at, content };
    const nothing = { result: null, answered_at: null, settled: null, mended_by: null };
    return { ...facts, ...nothing, seen: {}, state: "ready", covered: false, stand_in: null };
  });
  for (const { content } of own) {
    if (content !== null) await journal.append(device, content, seal_key);
  }
  await store.commit({ sets: own });
}

interface Answer {
  readonly opened: readonly (ChangeSet | null)[];
}

async function unsealed(
  transport: Transport,
  token: string,
  code: string,
  sealed: readonly string[],
): Promise<readonly (Readonly<Record<string, unknown>> | null)[]> {
  const answer = await refusedCode(transport.post(RECOVER, { code, sealed }, token));
  return (answer as { opened: readonly (Readonly<Record<string, unknown>> | null)[] }).opened;
}

/** At this address "not permitted" is said of the code: wrong, run out or used up. */
async function refusedCode(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const refused = error instanceof ProblemError && error.code === "not-permitted";
    throw refused ? new NotRecoveredError() : error;
  }
}

/** Remove a store from this tablet: a supervisor has had it wiped, or nothing in it is unsent. */
export async function wipe(vault: Vault, row: VaultRow, journal: Journal | null): Promise<void> {
  await vault.remove(row.store);
  await removeDatabase(row.store);
  await journal?.remove();
}
