// Files on their way, against a branch in memory that keeps what it was sent, over a link that breaks.

import { beforeEach, describe, expect, it } from "vitest";
import { type Meta, newMeta } from "../store/meta.ts";
import type { Store } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import type { Carried } from "./carrier.ts";
import { FileSender } from "./file_sender.ts";
import { countWaiting, type OwnFile, offeredAgain, refusedOf, sentAnew } from "./files.ts";
import type { OwnSet } from "./sets.ts";
import { OfflineError, ProblemError } from "./transport.ts";
import { filesToSend, outlived, sendFiles } from "./uploads.ts";

const DEVICE = "01990000-0000-7000-8000-0000000000d1";
const LI = { id: DEVICE, username: "li.min", name: "李敏", role: "officer", branch: null };
const NOW = new Date("2026-06-16T01:00:00.000Z");
const SIZE = 300_000;

function photo(id: string, some: Partial<OwnFile> = {}): OwnFile {
  return {
    id,
    kind: "photo_home",
    size: SIZE,
    sha256: "",
    media_type: "image/jpeg",
    captured_at: NOW.toISOString(),
    draft: null,
    state: "waiting",
    why: null,
    upload: null,
    asked: false,
    done_at: null,
    ...some,
  };
}

/** As much of a store as sending files uses, in memory. */
class Memory {
  meta: Meta = { ...newMeta(DEVICE, "T", LI, "", "e1"), access_token: "a", refresh_token: "r" };
  sets: OwnSet[] = [];
  files = new Map<string, OwnFile>();
  readonly bytes = Uint8Array.from({ length: SIZE }, (_, at) => at % 251);
  readonly exclusive = <T>(change: () => Promise<T>) => change();
  readonly fileBytes = async (id: string) => (this.files.has(id) ? this.bytes : null);
  readonly commit = async (work: Work) => {
    this.meta = { ...this.meta, ...work.meta };
    for (const it of work.files ?? []) this.files.set(it.id, it);
    for (const it of work.drop_files ?? []) this.files.delete(it);
  };
}

/** A branch; `cuts`: after how many bytes of a part the link breaks, or before the answer. */
class Branch {
  readonly uploads = new Map<string, { attachment: string; bytes: number[] }>();
  readonly whole = new Map<string, number[]>();
  readonly asked: string[] = [];
  readonly cuts: (number | "answer" | null)[] = [];
  refuse: string | null = null;

  readonly post = async () => {
    throw new ProblemError(401, { type: "/problems/unauthenticated" }, null);
  };

  readonly carry = async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | null,
  ): Promise<Carried> => {
    this.asked.push(method);
    const cut = this.cuts.shift() ?? null;
    if (cut === 0) throw new OfflineError("cut");
    const answer = this.answer(method, path, headers, body?.slice(0, cut === null || cut === "answer" ? undefined : cut)); // biome-ignore format: one call
    if (cut !== null) throw new OfflineError("cut");
    return answer;
  };

  private answer(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | undefined,
  ): Carried {
    const id = path.replace(/^.*\//, "");
    if (path.includes("/attachments/")) {
      if (!this.whole.has(id)) throw problem(404, "not-found");
      return told({});
    }
    if (method === "POST") {
      if (this.refuse !== null) throw problem(422, this.refuse);
      const made = `u${this.uploads.size}`;
      const attachment = atob(String(headers["Upload-Metadata"]).split(" ")[1] ?? "");
      this.uploads.set(made, { attachment, bytes: [] });
      return told({ Location: `/api/v1/uploads/${made}` });
    }
    const upload = this.uploads.get(id);
    if (upload === undefined) throw problem(404, "not-found");
    if (method === "PATCH") {
      if (Number(headers["Upload-Offset"]) !== upload.bytes.length) {
        throw problem(409, "offset-conflict");
      }
      for (const it of body ?? []) upload.bytes.push(it);
    }
    if (upload.bytes.length === SIZE) this.whole.set(upload.attachment, upload.bytes);
    return told({ "Upload-Offset": String(upload.bytes.length) });
  }
}

function told(headers: Record<string, string>): Carried {
  return { headers: new Headers(headers), bytes: new Uint8Array() };
}

function problem(status: number, code: string): ProblemError {
  return new ProblemError(status, { type: `/problems/${code}` }, null);
}

let store: Memory;
let branch: Branch;
const parts = () => ({
  store: store as unknown as Store,
  transport: branch,
  carry: branch.carry,
  now: () => NOW,
});
const send = () => sendFiles(parts());
const states = () => [...store.files.values()].map((it) => it.state);

beforeEach(() => {
  store = new Memory();
  branch = new Branch();
  store.files.set("p1", photo("p1"));
});

describe("a file on its way", () => {
  it("is at the branch as it was", async () => {
    await send();

    expect(branch.whole.get("p1")).toEqual([...store.bytes]);
    expect(states()).toEqual(["sent"]);
    expect(branch.asked).toEqual(["POST", "PATCH", "PATCH", "PATCH"]);
  });

  it.each(
    [0, 1, 2, 3].flatMap((place) => [0, 1, 50_000, "answer" as const].map((cut) => [place, cut])),
  )("goes on where it was cut: request %s, after %s", async (place, cut) => {
    branch.cuts.push(...Array(Number(place)).fill(null), cut as number | "answer");

    await send();
    expect(states()).toEqual(["waiting"]);
    await send();

    expect(branch.whole.get("p1")).toEqual([...store.bytes]);
    expect(states()).toEqual(["sent"]);
    const begun = branch.asked.filter((it) => it === "POST").length;
    expect(begun).toBe(place === 0 ? 2 : 1);
  });

  it("begins anew where its upload has expired", async () => {
    store.files.set("p1", photo("p1", { upload: "/api/v1/uploads/old", asked: true }));

    await send();

    expect(states()).toEqual(["sent"]);
    expect(branch.asked).toEqual(["HEAD", "POST", "PATCH", "PATCH", "PATCH"]);
  });

  it("is not sent twice where it had come", async () => {
    await send();
    for (const it of offeredAgain(store.files)) store.files.set(it.id, it);
    branch.asked.length = 0;

    await send();

    expect(states()).toEqual(["sent"]);
    expect(branch.asked).toEqual(["HEAD"]);
  });

  it("that the branch refuses holds nobody up", async () => {
    store.files.set("p1", photo("p1", { upload: null }));
    branch.refuse = "hash-mismatch";

    await send();

    expect(store.files.get("p1")).toMatchObject({ state: "refused", why: "hash-mismatch" });
    expect(countWaiting(store.files)).toBe(0);
  });

  it("waits where the server has no room, and the rest with it", async () => {
    store.files.set("p2", photo("p2"));
    branch.refuse = "storage-full";

    await send();

    expect(states()).toEqual(["waiting", "waiting"]);
    expect(branch.asked).toEqual(["POST"]);
  });
});

describe("what may go", () => {
  const made = (status: string | null, id = "p1") =>
    ({
      state: status === null ? "ready" : "answered",
      result: status === null ? null : { status },
      content: { changes: [{ op: "create", type: "attachment", id }] },
    }) as unknown as OwnSet;

  it.each([
    ["nothing of its set is left to do", [], ["p1"]],
    ["its set waits", [made(null)], []],
    ["its set was not accepted", [made("rejected")], []],
    ["its set is accepted", [made("applied")], ["p1"]],
    ["its set opened a conflict", [made("conflict")], ["p1"]],
    ["its set was mended", [made("rejected"), made("applied")], ["p1"]],
    ["another set waits", [made(null, "p9")], ["p1"]],
  ] as const)("where %s", (_, sets, expected) => {
    expect(filesToSend(store.files, sets).map((it) => it.id)).toEqual(expected);
  });

  it("is never of an open form", () => {
    store.files.set("p1", photo("p1", { draft: "d1" }));

    expect(filesToSend(store.files, [])).toEqual([]);
    expect(countWaiting(store.files)).toBe(1);
  });

  it("are signatures first, then the smallest", () => {
    store.files.set("p2", photo("p2", { size: 10 }));
    store.files.set("s1", photo("s1", { kind: "signature", size: SIZE * 2 }));

    expect(filesToSend(store.files, []).map((it) => it.id)).toEqual(["s1", "p2", "p1"]);
  });

  it("is kept for 35 days after it has come", async () => {
    store.files.set("old", photo("old", { state: "sent", done_at: "2026-05-11T00:00:00.000Z" }));
    store.files.set("new", photo("new", { state: "sent", done_at: "2026-05-13T00:00:00.000Z" }));
    expect(outlived(store.files, NOW)).toEqual(["old"]);

    await send();

    expect([...store.files.keys()]).toEqual(["p1", "new"]);
  });

  it("is kept until its user has seen that it was refused", () => {
    const refused = { state: "refused", why: "hash-mismatch", done_at: "2026-01-01T00:00:00.000Z" };
    store.files.set("bad", photo("bad", refused as Partial<OwnFile>));

    expect(outlived(store.files, NOW)).toEqual([]);
    expect(refusedOf(store.files).map((it) => it.id)).toEqual(["bad"]);
    expect(filesToSend(store.files, []).map((it) => it.id)).toEqual(["p1"]);

    store.files.set("bad", sentAnew(store.files.get("bad") as OwnFile));
    expect(refusedOf(store.files)).toEqual([]);
    expect(filesToSend(store.files, []).map((it) => it.id)).toEqual(["p1", "bad"]);
  });
});

describe("the sender of files", () => {
  it("asks nothing where nothing waits, and sends one run at a time", async () => {
    const sender = new FileSender(parts().store, async () => send);
    sender.start();
    sender.start();
    await sender.stop();

    expect(branch.asked.filter((it) => it === "POST").length).toBeLessThanOrEqual(1);

    store.files.clear();
    branch.asked.length = 0;
    const idle = new FileSender(parts().store, async () => send);
    idle.start();
    await idle.stop();
    expect(branch.asked).toEqual([]);
  });
});
