// What the browser promises about the tablet's storage.

export interface StorageRoom {
  readonly usedBytes: number;
  /** An estimate, not a promise. */
  readonly quotaBytes: number;
}

/** Ask that nothing be evicted when room gets short; the browser may say no, and then people must be told. */
export async function askPersistence(): Promise<boolean> {
  const storage = navigator.storage as StorageManager | undefined;
  if (!storage?.persist) return false;
  return (await storage.persisted()) || (await storage.persist());
}

/** Say how much room is used and left, or null where the browser does not tell. */
export async function storageEstimate(): Promise<StorageRoom | null> {
  const storage = navigator.storage as StorageManager | undefined;
  if (!storage?.estimate) return null;
  const { usage, quota } = await storage.estimate();
  return usage === undefined || quota === undefined
    ? null
    : { usedBytes: usage, quotaBytes: quota };
}

const TRIED = "room";
const TRIED_BYTES = 64 << 10;

/** Write a little and take it away again; true where that cannot be tried, or fails for another reason. */
export async function hasRoom(): Promise<boolean> {
  try {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle(TRIED, { create: true });
    const out = await file.createWritable();
    await out.write(new Uint8Array(TRIED_BYTES));
    await out.close();
    await folder.removeEntry(TRIED);
    return true;
  } catch (error) {
    return !(error instanceof DOMException && error.name === "QuotaExceededError");
  }
}
