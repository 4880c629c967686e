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
