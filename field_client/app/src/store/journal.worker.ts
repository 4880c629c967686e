// Writes a store's journal: only a worker may write a file through to the disk before it answers.

import { StorageFullError, translated } from "./faults.ts";
import { type Answer, type Call, type Fault, type Numbered, slotNames } from "./journal_calls.ts";
import { type Line, type SlotFile, Slots } from "./slots.ts";

const worker = self as unknown as DedicatedWorkerGlobalScope;
const TRIES = 20;
const BETWEEN_MS = 50;

let store = "";
let slots: Slots | null = null;
let turn: Promise<void> = Promise.resolve();

worker.addEventListener("message", ({ data: call }: MessageEvent<Numbered<Call>>) => {
  turn = turn.then(async () => {
    const answer: Numbered<Answer> = { ...(await answered(call)), id: call.id };
    worker.postMessage(answer);
  });
});

async function answered(call: Call): Promise<Answer> {
  try {
    return { lines: await done(call) };
  } catch (error) {
    return { fault: faultOf(error), said: String(error) };
  }
}

async function done(call: Call): Promise<readonly Line[]> {
  switch (call.do) {
    case "open":
      store = call.store;
      slots = await opened(slotNames(store));
      return [];
    case "append":
      journal().append(call.line);
      return [];
    case "lines":
      return journal().lines();
    case "drop":
      journal().drop(call.answered);
      return [];
    case "close":
      shut();
      return [];
    case "remove":
      shut();
      await removed(slotNames(store));
      return [];
  }
}

function journal(): Slots {
  if (!slots) throw new Error("the journal is not open");
  return slots;
}

function shut(): void {
  slots?.close();
  slots = null;
}

async function opened([first, second]: readonly [string, string]): Promise<Slots> {
  const folder = await navigator.storage.getDirectory();
  const one = await accessTo(folder, first);
  try {
    return new Slots(one, await accessTo(folder, second));
  } catch (error) {
    one.close();
    throw error;
  }
}

/** Open a file for this worker alone; a page that was just left may still be letting go of it. */
async function accessTo(folder: FileSystemDirectoryHandle, name: string): Promise<SlotFile> {
  const file = await folder.getFileHandle(name, { create: true });
  for (let tried = 1; ; tried += 1) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (faultOf(error) !== "in_use" || tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}

async function removed(names: readonly string[]): Promise<void> {
  const folder = await navigator.storage.getDirectory();
  for (const name of names) await folder.removeEntry(name);
}

function faultOf(error: unknown): Fault {
  if (translated(error) instanceof StorageFullError) return "full";
  const inUse = error instanceof DOMException && error.name === "NoModificationAllowedError";
  return inUse ? "in_use" : "unavailable";
}
