// The edges of the app: time, randomness, network and timers, read here and handed inwards.

import type { Network } from "../sync/transport.ts";

export interface Tools {
  readonly now: () => Date;
  /** The business date of the branch at a moment, `YYYY-MM-DD`. */
  readonly dayOf: (moment: Date) => string;
  readonly newBytes: (count: number) => Uint8Array<ArrayBuffer>;
  readonly network: Network;
  readonly isOnline: () => boolean;
  readonly later: (ms: number, call: () => void) => () => void;
  /** Call when the network returns or the app is looked at again. Returns what ends it. */
  readonly onReturn: (call: () => void) => () => void;
  /** Do something that no other window may do at the same time. */
  readonly alone: <T>(name: string, call: () => Promise<T>) => Promise<T>;
}

const TIME_ZONE = "Asia/Shanghai";
const DAY = new Intl.DateTimeFormat("en-CA", {
  timeZone: TIME_ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** The tools of a real browser; `language` is asked at each request. */
export function browserTools(language: () => string): Tools {
  return {
    now: () => new Date(),
    dayOf: (moment) => DAY.format(moment),
    newBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    network: {
      fetch: (...given) => fetch(...given),
      sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
      jitter: () => Math.random(),
      language,
    },
    isOnline: () => navigator.onLine,
    later: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    onReturn: (call) => {
      const seen = () => {
        if (document.visibilityState === "visible") call();
      };
      addEventListener("online", call);
      document.addEventListener("visibilitychange", seen);
      return () => {
        removeEventListener("online", call);
        document.removeEventListener("visibilitychange", seen);
      };
    },
    alone: (name, call) => navigator.locks.request(name, call) as Promise<never>,
  };
}
