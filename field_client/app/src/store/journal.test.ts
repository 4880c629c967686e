import { describe, expect, it } from "vitest";
import { StorageFullError, UnavailableError } from "./faults.ts";
import { InUseError, Journal } from "./journal.ts";
import { type Answer, type Call, type Numbered, slotNames, storeOf } from "./journal_calls.ts";

const KEY = "PS9FhdXJ/eMqSckoF6LlyLGCy7kRInDPuGLrryoB2HQ=";

/** Answers as it is told; null is no answer at all. */
class FakeWorker extends EventTarget {
  readonly calls: Call[] = [];
  readonly #answer: (call: Call) => Answer | null;
  ended = false;

  constructor(answer: (call: Call) => Answer | null = () => ({ lines: [] })) {
    super();
    this.#answer = answer;
  }

  postMessage(call: Numbered<Call>): void {
    this.calls.push(call);
    const answer = this.#answer(call);
    if (!answer) return;
    const data = { ...answer, id: call.id };
    queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data })));
  }

  fail(): void {
    this.dispatchEvent(new Event("error"));
  }

  terminate(): void {
    this.ended = true;
  }
}

function opened(worker: FakeWorker): Promise<Journal> {
  return Journal.open("a1", () => worker as unknown as Worker);
}

describe("the journal's worker", () => {
  it("gets each set sealed, never as it is", async () => {
    const worker = new FakeWorker();
    const journal = await opened(worker);

    await journal.append("tablet", { number: 7 }, KEY);

    const line = { device: "tablet", number: 7, sealed: expect.stringMatching(/^[\w+/]{80,}=*$/) };
    expect(worker.calls).toEqual([
      { id: 1, do: "open", store: "a1" },
      { id: 2, do: "append", line },
    ]);
  });

  it.each([
    ["full", StorageFullError],
    ["in_use", InUseError],
    ["unavailable", UnavailableError],
  ] as const)("says %s", async (fault, error) => {
    const worker = new FakeWorker((call) =>
      call.do === "open" ? { lines: [] } : { fault, said: "so" },
    );
    const journal = await opened(worker);

    await expect(journal.drop([["tablet", 1]])).rejects.toThrow(error);
    await expect(opened(new FakeWorker(() => ({ fault, said: "so" })))).rejects.toThrow(error);
  });

  it("leaves nobody waiting when it breaks", async () => {
    const worker = new FakeWorker((call) => (call.do === "open" ? { lines: [] } : null));
    const journal = await opened(worker);
    const waiting = journal.lines();

    worker.fail();

    await expect(waiting).rejects.toThrow(UnavailableError);
    await expect(journal.lines()).rejects.toThrow(UnavailableError);
    expect(worker.ended).toBe(true);
  });

  it.each(["close", "remove"] as const)("ends after %s", async (how) => {
    const worker = new FakeWorker();
    const journal = await opened(worker);

    await journal[how]();

    expect(worker.calls.at(-1)).toEqual({ id: 2, do: how });
    expect(worker.ended).toBe(true);
    await expect(journal.lines()).rejects.toThrow(UnavailableError);
  });
});

it("names its files after the store", () => {
  expect(slotNames("a1").map(storeOf)).toEqual(["a1", "a1"]);
  expect(storeOf("other.txt")).toBeNull();
});
