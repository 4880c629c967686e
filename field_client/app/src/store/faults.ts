// What can go wrong with the store, told apart by what a person can do about it.

/** The tablet has no room: nothing was stored, what was typed stands in the form. */
export class StorageFullError extends Error {
  override readonly name = "StorageFullError";
}

/** What is stored cannot be read: damaged, evicted, or written by a later version of the app. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** This browser has no such storage. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** The store was closed (locked, or opened in another window) while something was under way. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
}

/** Turn what a browser's storage throws into what a person can act on. */
export function translated(error: unknown): Error {
  if (error instanceof DOMException) {
    if (error.name === "QuotaExceededError") return new StorageFullError(error.message);
    if (error.name === "InvalidStateError") return new ClosedError(error.message);
    if (error.name === "UnknownError" && /space|quota|disk/i.test(error.message)) {
      return new StorageFullError(error.message);
    }
    return new DamagedError(`${error.name}: ${error.message}`);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Say why a database does not open: to the browser one without room to open in looks like a damaged one. */
export async function whyNotOpened(
  error: unknown,
  hasRoom: () => Promise<boolean>,
): Promise<Error> {
  const found = translated(error);
  const full = found instanceof DamagedError && !(await hasRoom());
  return full ? new StorageFullError(found.message) : found;
}
