// HTTP to the server: gzip out and in, time limits, problems turned into errors.
//
// It knows nothing of sets and cursors. A link that breaks anywhere is one OfflineError: whoever
// called sends the same again, and the protocol sees to it that nothing happens twice.

/** No answer, or not the whole of one. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

/** What the server refuses (RFC 9457), by its code. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Members beside the standard ones: `results`, `known_through`, `epoch`, `next`. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, body: Readonly<Record<string, unknown>>, retryAfter: number | null) {
    const code = String(body.type ?? "internal").replace(/^.*\//, "");
    super(code);
    this.code = code;
    this.status = status;
    this.title = String(body.title ?? "");
    this.detail = String(body.detail ?? "");
    this.extra = body;
    this.retryAfterSeconds = retryAfter;
  }
}

export interface Transport {
  /** Send a body and return the answer's JSON. Throws OfflineError and ProblemError. */
  post(path: string, body: unknown, bearer?: string | null): Promise<unknown>;
}

const SMALLEST_GZIP_BYTES = 200;
const TIMEOUT_MS = 60_000;
const MOST_TRIES = 3;
const LONGEST_WAIT_S = 60;

export interface Network {
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 to 1, so that a branch's tablets do not come back at once. */
  readonly jitter: () => number;
  readonly language: () => string;
}

/** `Transport` over HTTP to the server that the app came from. */
export class HttpTransport implements Transport {
  private readonly network: Network;
  private readonly stop = new AbortController();

  constructor(network: Network) {
    this.network = network;
  }

  /** Give up whatever is under way; nothing more is sent. */
  close(): void {
    this.stop.abort();
  }

  async post(path: string, body: unknown, bearer: string | null = null): Promise<unknown> {
    for (let tried = 0; ; tried++) {
      try {
        return await this.send(path, body, bearer);
      } catch (error) {
        if (!(error instanceof ProblemError) || (error.status !== 429 && error.status !== 503)) {
          throw error;
        }
        const least = error.retryAfterSeconds ?? 2 ** tried;
        if (tried === MOST_TRIES - 1 || least > LONGEST_WAIT_S) throw error;
        await this.network.sleep(least * (1 + this.network.jitter() / 2) * 1000);
      }
    }
  }

  /** One request and its answer, as they are; nothing of it is kept anywhere else. */
  ask(path: string, init: RequestInit): Promise<Response> {
    return this.network.fetch(path, {
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.stop.signal]),
      ...init,
    });
  }

  get language(): string {
    return this.network.language();
  }

  private async send(path: string, body: unknown, bearer: string | null): Promise<unknown> {
    const headers = new Headers({
      "Content-Type": "application/json",
      Accept: "application/json",
      "Accept-Language": this.network.language(),
    });
    if (bearer !== null) headers.set("Authorization", `Bearer ${bearer}`);
    let packed: Uint8Array<ArrayBuffer> = new TextEncoder().encode(JSON.stringify(body));
    if (packed.length >= SMALLEST_GZIP_BYTES) {
      packed = await gzip(packed);
      headers.set("Content-Encoding", "gzip");
    }
    let response: Response;
    let text: string;
    try {
      response = await this.ask(path, { method: "POST", headers, body: packed });
      text = await response.text();
    } catch (error) {
      throw new OfflineError(error instanceof Error ? error.name : "no answer");
    }
    return read(response, text);
  }
}

/** The JSON of an answer. Throws OfflineError where it is cut, ProblemError where it is one. */
export function read(response: Response, text: string): unknown {
  if (response.status === 204) return null;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    if (response.ok) throw new OfflineError("cut answer");
    body = {};
  }
  if (response.ok) return body;
  const asked = response.headers.get("Retry-After") ?? "";
  const retryAfter = /^[0-9]{1,9}$/.test(asked) ? Number(asked) : null;
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  const members = isObject ? (body as Record<string, unknown>) : {};
  throw new ProblemError(response.status, members, retryAfter);
}

async function gzip(plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
