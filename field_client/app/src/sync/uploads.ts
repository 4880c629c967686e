// Sending files after a sync, by tus 1.0.0 (protocol.md, section 11): what broke off goes on from there.
//
// It runs beside the syncs and delays none. Only the few requests that a sender needs are here. What
// did not get through goes after the next sync; what the branch will not take is its user's to look at.

import type { Bytes } from "../store/cipher.ts";
import { ClosedError, DamagedError, StorageFullError } from "../store/faults.ts";
import type { Store } from "../store/store.ts";
import { type Carried, type Carry, carrier } from "./carrier.ts";
import { type Files, madeIn, type OwnFile } from "./files.ts";
import { SignInAgainError, signed } from "./session.ts";
import type { OwnSet } from "./sets.ts";
import { type HttpTransport, OfflineError, ProblemError, type Transport } from "./transport.ts";

const UPLOADS = "/api/v1/uploads/";
const ATTACHMENTS = "/api/v1/attachments/";
const TUS = { "Tus-Resumable": "1.0.0" };
const PART = "application/offset+octet-stream";
/** Half a minute on a bad line; what came of a part that broke off stays. */
const PART_BYTES = 128 << 10;
/** So often one file is asked about and gone on with, before the others have their turn. */
const MOST_TURNS = 20;
const REFUSALS: readonly string[] = [
  "hash-mismatch",
  "unsupported-media-type",
  "too-large",
  "bad-request",
];

const ACCEPTED: readonly unknown[] = ["applied", "merged", "conflict"];
/** How long a file is kept after it has come: a server restored from a backup gets it again. */
const KEEP_MS = 35 * 86_400_000;

export interface UploadParts {
  readonly store: Store;
  readonly transport: Transport;
  readonly carry: Carry;
  readonly now: () => Date;
}

/** Send the files of a store to the server that the app came from. */
export function sendFilesOver(
  transport: HttpTransport,
  parts: Pick<UploadParts, "store" | "now">,
): Promise<void> {
  return sendFiles({ ...parts, transport, carry: carrier(transport) });
}

/** Send what may go; a link that breaks, or a server that has no room, ends it. */
export async function sendFiles(parts: UploadParts): Promise<void> {
  const { store, now } = parts;
  try {
    const old = outlived(store.files, now());
    if (old.length > 0) await store.exclusive(() => store.commit({ drop_files: old }));
    for (const file of filesToSend(store.files, store.sets)) await new Sending(parts, file).run();
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

function isExpected(error: unknown): boolean {
  return [OfflineError, SignInAgainError, ProblemError, ClosedError, StorageFullError].some(
    (it) => error instanceof it,
  );
}

/** The files whose records are at the branch: signatures first, then the smallest. */
export function filesToSend(files: Files, sets: readonly OwnSet[]): OwnFile[] {
  const order = (it: OwnFile) => (it.kind === "signature" ? 0 : 1);
  return [...files.values()]
    .filter((it) => it.state === "waiting" && it.draft === null && isAccepted(it.id, sets))
    .sort((a, b) => order(a) - order(b) || a.size - b.size);
}

/** Whether the set that made a record is accepted; one that is done with is not among `sets` any more. */
function isAccepted(id: string, sets: readonly OwnSet[]): boolean {
  const about = sets.filter((it) => madeIn(it).includes(id));
  return (
    about.length === 0 ||
    about.some((it) => it.state === "answered" && ACCEPTED.includes(it.result?.status))
  );
}

/** The files that nobody needs here any more; one that was refused waits for its user. */
export function outlived(files: Files, now: Date): string[] {
  const before = new Date(now.getTime() - KEEP_MS).toISOString();
  return [...files.values()]
    .filter((it) => it.state === "sent" || it.state === "gone")
    .filter((it) => (it.done_at ?? "") < before)
    .map((it) => it.id);
}

/** One file on its way. */
class Sending {
  private readonly parts: UploadParts;
  private file: OwnFile;

  constructor(parts: UploadParts, file: OwnFile) {
    this.parts = parts;
    this.file = file;
  }

  async run(): Promise<void> {
    const bytes = await this.bytes();
    if (bytes === null) return this.done("refused", "not-here");
    try {
      if (this.file.asked && this.file.upload === null && (await this.hasCome())) {
        return this.done("sent");
      }
      await this.sent(bytes);
    } catch (error) {
      const code = error instanceof ProblemError ? error.code : "";
      if (code === "not-found") return this.done("gone");
      if (!REFUSALS.includes(code)) throw error;
      return this.done("refused", code);
    }
  }

  /** The file's bytes; null: they are lost on this tablet. */
  private async bytes(): Promise<Bytes | null> {
    try {
      return await this.parts.store.fileBytes(this.file.id);
    } catch (error) {
      if (error instanceof DamagedError) return null;
      throw error;
    }
  }

  private async sent(bytes: Bytes): Promise<void> {
    let address = this.file.upload;
    let offset: number | null = null;
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      if (address === null) {
        address = await this.begun(bytes.length);
        offset = 0;
      }
      try {
        offset ??= offsetIn(await this.ask("HEAD", address));
        while (offset < bytes.length) offset = await this.part(address, offset, bytes);
        return await this.done("sent");
      } catch (error) {
        const code = error instanceof ProblemError ? error.code : "";
        if (code === "not-found") address = null;
        else if (code !== "offset-conflict") throw error;
        offset = null;
      }
    }
  }

  private async part(address: string, offset: number, bytes: Bytes): Promise<number> {
    const headers = { "Content-Type": PART, "Upload-Offset": String(offset) };
    const part = bytes.slice(offset, offset + PART_BYTES);
    return offsetIn(await this.ask("PATCH", address, headers, part));
  }

  /** Begin an upload, and note its address before anything is sent to it. */
  private async begun(size: number): Promise<string> {
    await this.note({ asked: true });
    const { headers } = await this.ask("POST", UPLOADS, {
      "Upload-Length": String(size),
      "Upload-Metadata": `attachment ${btoa(this.file.id)}`,
    });
    const address = UPLOADS + (headers.get("Location") ?? "").replace(/^.*\//, "");
    await this.note({ upload: address });
    return address;
  }

  private async hasCome(): Promise<boolean> {
    try {
      await this.ask("HEAD", ATTACHMENTS + this.file.id);
      return true;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "not-found") return false;
      throw error;
    }
  }

  private done(state: OwnFile["state"], why: string | null = null): Promise<void> {
    return this.note({ state, why, upload: null, done_at: this.parts.now().toISOString() });
  }

  private note(facts: Partial<OwnFile>): Promise<void> {
    const { store } = this.parts;
    this.file = { ...this.file, ...facts };
    return store.exclusive(async () => {
      if (store.files.has(this.file.id)) await store.commit({ files: [this.file] });
    });
  }

  private ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body: Bytes | null = null,
  ): Promise<Carried> {
    const { store, transport, carry } = this.parts;
    const said = { ...TUS, ...headers };
    return signed(store, transport, (bearer) => carry(method, path, said, body, bearer));
  }
}

function offsetIn({ headers }: Carried): number {
  const text = headers.get("Upload-Offset") ?? "";
  if (!/^[0-9]{1,15}$/.test(text)) throw new OfflineError("no offset in the answer");
  return Number(text);
}
