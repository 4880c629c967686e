// How much waits behind a lock: a count, kept outside the encrypted store because the lock shows it.

const KEY = "xiangxin-waiting-";

export function noteWaiting(store: string, waiting: number): void {
  localStorage.setItem(KEY + store, String(waiting));
}

export function waitingOf(store: string): number {
  return Number(localStorage.getItem(KEY + store) ?? 0) || 0;
}

export function forgetWaiting(store: string): void {
  localStorage.removeItem(KEY + store);
}
