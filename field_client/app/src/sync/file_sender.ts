// When files go: after a sync that went through, one run at a time, and only where some wait.

import type { Store } from "../store/store.ts";
import { countWaiting } from "./files.ts";

/** Sends what waits; its script comes when it is first needed. */
type Send = () => Promise<void>;

export class FileSender {
  private readonly store: Pick<Store, "files">;
  private readonly load: () => Promise<Send>;
  private run: Promise<void> | null = null;
  private stopped = false;

  constructor(store: Pick<Store, "files">, load: () => Promise<Send>) {
    this.store = store;
    this.load = load;
  }

  /** Begin to send what waits, unless that is under way; nobody waits for it. */
  start(): void {
    if (this.stopped || countWaiting(this.store.files) === 0) return;
    this.run ??= this.once().finally(() => {
      this.run = null;
    });
  }

  /** Where the script does not come, the files go another time. */
  private async once(): Promise<void> {
    const send = await this.load().catch(() => null);
    if (!this.stopped) await send?.();
  }

  /** End: nothing more is started; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.run?.catch(() => undefined);
  }
}
