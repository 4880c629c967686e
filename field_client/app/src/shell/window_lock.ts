// One window at a time has the tablet's stores open: two that sync, or write, would meet each other.

const LOCK = "xiangxin";
const CHANNEL = "xiangxin";

export interface WindowLock {
  /** Let another window go on. */
  release(): void;
}

/** Take the lock if no other window has it; null: one has. `asked`: another window wants it. */
export async function takeWindow(asked: () => void): Promise<WindowLock | null> {
  return lock({ ifAvailable: true }, asked);
}

/** Ask the window that has the lock for it, and wait until it lets go. */
export async function takeWindowOver(asked: () => void): Promise<WindowLock> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("let go");
  channel.close();
  const taken = await lock({}, asked);
  if (taken === null) throw new Error("the lock was not given");
  return taken;
}

function lock(options: LockOptions, asked: () => void): Promise<WindowLock | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, options, (given) => {
        if (given === null) {
          resolve(null);
          return;
        }
        const channel = new BroadcastChannel(CHANNEL);
        channel.addEventListener("message", asked);
        return new Promise<void>((release) => {
          resolve({
            release: () => {
              channel.close();
              release();
            },
          });
        });
      })
      .catch(reject);
  });
}
