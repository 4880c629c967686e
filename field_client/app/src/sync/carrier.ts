// Requests with bytes: uploads, and files that are fetched.

import { type HttpTransport, OfflineError, ProblemError, read } from "./transport.ts";

/** What came back. */
export interface Carried {
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Sends a request. Throws OfflineError and ProblemError. */
export type Carry = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer> | null,
  bearer: string | null,
) => Promise<Carried>;

const CODES: Readonly<Record<number, string>> = {
  401: "unauthenticated",
  403: "not-permitted",
  404: "not-found",
  415: "unsupported-media-type",
  422: "hash-mismatch",
};

export function carrier(transport: HttpTransport): Carry {
  return async (method, path, headers, body, bearer) => {
    const said = new Headers({ "Accept-Language": transport.language, ...headers });
    if (bearer !== null) said.set("Authorization", `Bearer ${bearer}`);
    let response: Response;
    let bytes: ArrayBuffer;
    try {
      response = await transport.ask(path, { method, headers: said, body });
      bytes = await response.arrayBuffer();
    } catch (error) {
      throw new OfflineError(error instanceof Error ? error.name : "no answer");
    }
    if (response.ok) return { headers: response.headers, bytes: new Uint8Array(bytes) };
    if (bytes.byteLength > 0) read(response, new TextDecoder().decode(bytes));
    // An answer to HEAD has no body: its status must do.
    throw new ProblemError(response.status, { type: CODES[response.status] ?? "internal" }, null);
  };
}
