// What one request of a sync says: whose work goes with it, what stays behind, how far the copy has come.

import * as limits from "../generated/limits.ts";
import type { Registry } from "../schemas/registry.ts";
import type { Store } from "../store/store.ts";
import { countWaiting } from "./files.ts";
import { type Batch, customersOf, isUnanswered, needsStandIn, type OwnSet } from "./sets.ts";

const PAGE = 500;
const MOST_CUSTOMERS = 50;

interface Asking {
  readonly store: Store;
  readonly registry: Registry;
  readonly now: () => Date;
  /** What needs the user, for the supervisor to see. */
  readonly attention: () => number;
}

/** The sets of this device that have no result yet. */
export function waiting(store: Store): OwnSet[] {
  const { device } = store.meta;
  return store.sets.filter((it) => isUnanswered(it) && it.device === device);
}

/** A batch as it goes out, and those of its sets that have to be stored anew before it does. */
export function marked(taken: Batch): { readonly sent: Batch; readonly news: readonly OwnSet[] } {
  const sets = taken.sets.map(
    (it): OwnSet => ({ ...it, state: "sent", stand_in: needsStandIn(it) }),
  );
  const news = sets.filter((it, at) => {
    const old = taken.sets[at];
    return old?.state !== it.state || old.stand_in !== it.stand_in;
  });
  return { sent: { sets, wire: taken.wire }, news };
}

/** The request that carries a batch. */
export function request(asking: Asking, taken: Batch): Record<string, unknown> {
  const { store, registry, now } = asking;
  const { epoch, cursor, device } = store.meta;
  const held = store.sets.filter(
    (it) => it.device === device && it.result?.status === "held" && it.state !== "answered",
  );
  const open = [...waiting(store), ...held].map((it) => it.number);
  return {
    protocol: limits.PROTOCOL,
    schema: registry.schema,
    epoch,
    sent_at: now().toISOString(),
    cursor,
    page: PAGE,
    received_through: Math.min(store.lastNumber + 1, ...open) - 1,
    digest: true,
    waiting: left(asking, taken),
    sets: taken.wire,
    ...(held.length > 0 ? { held: held.map((it) => it.number) } : {}),
  };
}

/** What is still on the device after this request, so that nobody's work goes missing. */
function left({ store, attention }: Asking, taken: Batch): Record<string, unknown> {
  const going = new Set(taken.sets.map((it) => it.seq));
  const left = store.sets.filter((it) => isUnanswered(it) && !going.has(it.seq));
  const drafts = [...store.drafts.values()];
  const customers = [...drafts.map((it) => it.customer), ...left.flatMap(customersOf)];
  const named = [...new Set(customers.filter((it) => it !== null))];
  const oldest = left.map((it) => it.made_at).sort();
  return {
    sets: left.length,
    oldest: oldest[0] ?? null,
    attachments: countWaiting(store.files),
    attention: attention(),
    drafts: drafts.length,
    customers: named.slice(0, MOST_CUSTOMERS),
  };
}
