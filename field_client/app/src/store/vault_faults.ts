// Why a store does not open.

/** A PIN is six digits or more; this one was not looked at. */
export class BadPinError extends Error {
  override readonly name = "BadPinError";
}

export class WrongPinError extends Error {
  override readonly name = "WrongPinError";
  /** How many more may be tried before the key is destroyed. */
  readonly left: number;
  /** How long until the next may be. */
  readonly waitSeconds: number;

  constructor(left: number, waitSeconds: number) {
    super(`wrong PIN; ${left} left`);
    this.left = left;
    this.waitSeconds = waitSeconds;
  }
}

/** It comes too soon after a wrong one, and was not looked at. */
export class PinWaitError extends Error {
  override readonly name = "PinWaitError";
  readonly seconds: number;

  constructor(seconds: number) {
    super(`the next PIN may be tried in ${seconds} s`);
    this.seconds = seconds;
  }
}

/** No PIN opens the store any more: only the branch can, from its envelope. */
export class KeyDestroyedError extends Error {
  override readonly name = "KeyDestroyedError";
  readonly store: string;

  constructor(store: string) {
    super("the key of this store is destroyed");
    this.store = store;
  }
}

/** A recovered key belongs to another store. */
export class WrongKeyError extends Error {
  override readonly name = "WrongKeyError";
  readonly store: string;

  constructor(store: string, options?: ErrorOptions) {
    super("this is not the key of this store", options);
    this.store = store;
  }
}
