// What goes over the line by itself while a store is open: the syncs, and the files behind them.

import type { Store } from "../store/store.ts";
import { AutoSync } from "../sync/autosync.ts";
import { FileSender } from "../sync/file_sender.ts";
import { roundTrip } from "../sync/round_trip.ts";
import { type HttpTransport, OfflineError } from "../sync/transport.ts";
import { attention } from "../work/attention.ts";
import type { Book } from "../work/book.ts";
import { type Desk, newId } from "../work/desk.ts";
import { sealedCopies } from "../work/sealed.ts";
import { everyType } from "./registry.ts";
import type { Tools } from "./tools.ts";

/** Sends the files of a store; its script comes when it is first needed. */
export function fileSender(tools: Tools, store: Store, transport: HttpTransport): FileSender {
  return new FileSender(store, async () => {
    const { sendFilesOver } = await import("../screens/working.ts");
    return () => sendFilesOver(transport, { store, now: tools.now });
  });
}

interface SyncParts {
  readonly tools: Tools;
  readonly desk: Desk;
  readonly book: Book;
  readonly transport: HttpTransport;
  readonly files: FileSender;
  readonly changed: () => void;
}

/** Syncs a store by itself, one window at a time; files go after each sync that went through. */
export function autoSync({ tools, desk, book, transport, files, changed }: SyncParts): AutoSync {
  const { store, registry } = desk;
  const trip: ConstructorParameters<typeof AutoSync>[0]["trip"] = async (progress) => {
    await everyType().catch(() => {
      throw new OfflineError(); // before the files are all kept here, a line that breaks is no fault
    });
    const report = await tools.alone(`xiangxin-sync-${store.name}`, () =>
      roundTrip({
        store,
        registry,
        transport,
        now: tools.now,
        newId: () => newId(desk),
        attention: () => attention(book).length,
        sealed: sealedCopies(desk),
        progress,
      }),
    );
    files.start();
    return report;
  };
  return new AutoSync({
    trip,
    jitter: tools.network.jitter,
    isOnline: tools.isOnline,
    later: tools.later,
    changed: () => changed(),
  });
}
