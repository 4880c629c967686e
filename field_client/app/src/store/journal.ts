// The second journal: each set, sealed to the branch as it is saved (protocol.md, section 10).
//
// It lies beside the database, not in it, and only the branch can open its lines: it survives a
// destroyed key or a damaged database, and is what a courier carries. A line is on the disk before its
// set is committed; where two lines have one number, the last counts.

import { StorageFullError, UnavailableError } from "./faults.ts";
import { type Answer, type Call, type Fault, type Numbered, storeOf } from "./journal_calls.ts";
import { seal } from "./seal.ts";
import type { Answered, Line } from "./slots.ts";

/** Another window has this store's journal open. */
export class InUseError extends Error {
  override readonly name = "InUseError";
}

interface Waiting {
  readonly resolve: (lines: readonly Line[]) => void;
  readonly reject: (error: Error) => void;
}

export class Journal {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #broken: Error | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Numbered<Answer>>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("fault" in data) waiting?.reject(faultNamed(data.fault, data.said));
      else waiting?.resolve(data.lines);
    });
    worker.addEventListener("error", (event) => this.#end(event.message));
  }

  /**
   * Open the journal of a store; one worker has it until it is closed.
   *
   * @param newWorker starts `journal.worker.ts`.
   * @throws InUseError, StorageFullError, UnavailableError, as every method here.
   */
  static async open(store: string, newWorker: () => Worker): Promise<Journal> {
    const journal = new Journal(newWorker());
    try {
      await journal.#call({ do: "open", store });
      return journal;
    } catch (error) {
      journal.#end("not opened");
      throw error;
    }
  }

  /** Seal a set and write it through to the disk. */
  async append(device: string, set: { readonly number: number }, sealKey: string): Promise<void> {
    const sealed = seal(new TextEncoder().encode(JSON.stringify(set)), sealKey);
    await this.#call({ do: "append", line: { device, number: set.number, sealed } });
  }

  /** The sealed sets in order, the last of each number; a torn line is passed over. */
  lines(): Promise<readonly Line[]> {
    return this.#call({ do: "lines" });
  }

  /** Leave out the sets that have their results; a dead battery leaves them all, or the rest. */
  async drop(answered: readonly Answered[]): Promise<void> {
    await this.#call({ do: "drop", answered });
  }

  /** Let go of the files; what was called before is done before. */
  async close(): Promise<void> {
    await this.#call({ do: "close" });
    this.#end("closed");
  }

  /** Close the journal and remove it from the tablet. */
  async remove(): Promise<void> {
    await this.#call({ do: "remove" });
    this.#end("removed");
  }

  #call(call: Call): Promise<readonly Line[]> {
    if (this.#broken) return Promise.reject(this.#broken);
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const numbered: Numbered<Call> = { ...call, id };
      this.#worker.postMessage(numbered);
    });
  }

  #end(why: string): void {
    const broken = new UnavailableError(`the journal is shut: ${why}`);
    this.#broken = broken;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(broken);
    this.#waiting.clear();
  }
}

/** The stores that have a journal on this tablet, whether or not anything opens them still. */
export async function journalNames(): Promise<readonly string[]> {
  const found = new Set<string>();
  try {
    const folder = await navigator.storage.getDirectory();
    for await (const name of folder.keys()) {
      const store = storeOf(name);
      if (store !== null) found.add(store);
    }
  } catch (error) {
    throw new UnavailableError(String(error), { cause: error });
  }
  return [...found].sort();
}

function faultNamed(fault: Fault, said: string): Error {
  switch (fault) {
    case "full":
      return new StorageFullError(said);
    case "in_use":
      return new InUseError(said);
    case "unavailable":
      return new UnavailableError(said);
  }
}
