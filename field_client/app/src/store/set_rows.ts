// Reading own sets: all but keys and counters of a row is sealed.

import type { OwnSet } from "../sync/sets.ts";
import type { Cipher } from "./cipher.ts";
import type { Database, SetRow } from "./database.ts";

export class SetRows {
  private readonly database: Database;
  private readonly cipher: Cipher;

  constructor(database: Database, cipher: Cipher) {
    this.database = database;
    this.cipher = cipher;
  }

  /** The sets of which something is shown, waits or needs somebody, in their order. */
  async open(): Promise<OwnSet[]> {
    const rows = await this.database.read((it) => it.getAllFromIndex("sets", "open", 1));
    const found = await Promise.all(rows.map((it) => this.opened(it)));
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** The place of the set that was made last, 0 before the first. */
  async lastSeq(): Promise<number> {
    return this.database.read(
      async (it) => (await it.transaction("sets").store.openKeyCursor(null, "prev"))?.key ?? 0,
    );
  }

  /** The last number that a device has given, 0 before the first. */
  async lastNumber(device: string): Promise<number> {
    const range = IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);
    return this.database.read(async (it) => {
      const index = it.transaction("sets").store.index("number");
      return (await index.openKeyCursor(range, "prev"))?.key[1] ?? 0;
    });
  }

  /** The sets of a device above a number, in their order, also those that are done with. */
  async above(device: string, number: number): Promise<OwnSet[]> {
    const range = IDBKeyRange.bound([device, number + 1], [device, Number.MAX_SAFE_INTEGER]);
    const rows = await this.database.read((it) => it.getAllFromIndex("sets", "number", range));
    return Promise.all(rows.map((it) => this.opened(it)));
  }

  /** The sets of a device that were made after one, in their order, also those that are done with. */
  async madeAfter(device: string, seq: number): Promise<OwnSet[]> {
    const range = IDBKeyRange.lowerBound(seq, true);
    const rows = await this.database.read((it) => it.getAll("sets", range));
    return Promise.all(rows.filter((it) => it.device === device).map((it) => this.opened(it)));
  }

  /** The numbers that sets have, by `seq`; only those of one device. */
  async numbers(device: string, seqs: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.database.read((it) =>
      Promise.all([...new Set(seqs)].map((seq) => it.get("sets", seq))),
    );
    return new Map(
      rows.flatMap((it) => (it?.device === device ? [[it.seq, it.number] as const] : [])),
    );
  }

  /** Where each number of a device is: pairs of number and `seq`, in their order. */
  async places(device: string): Promise<[number, number][]> {
    const range = IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);
    return this.database.read(async (it) => {
      const found: [number, number][] = [];
      let at = await it.transaction("sets").store.index("number").openKeyCursor(range);
      while (at) {
        found.push([at.key[1], at.primaryKey]);
        at = await at.continue();
      }
      return found;
    });
  }

  /** The sets of the devices that this store was before this one, in their order. */
  async ofEarlierDevices(device: string): Promise<OwnSet[]> {
    const before = IDBKeyRange.upperBound([device, 0], true);
    const behind = IDBKeyRange.lowerBound([device, Number.MAX_SAFE_INTEGER], true);
    const rows = await this.database.read((it) =>
      Promise.all([before, behind].map((range) => it.getAllFromIndex("sets", "number", range))),
    );
    const found = await Promise.all(rows.flat().map((it) => this.opened(it)));
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** The sets that were made last, the newest first. */
  async latest(most: number): Promise<OwnSet[]> {
    const rows = await this.database.read(async (it) => {
      const found: SetRow[] = [];
      let at = await it.transaction("sets").store.openCursor(null, "prev");
      while (at && found.length < most) {
        found.push(at.value);
        at = await at.continue();
      }
      return found;
    });
    return Promise.all(rows.map((it) => this.opened(it)));
  }

  /** Sets whose result came before an instant (server time) and whose content is still kept. */
  async answeredBefore(instant: string): Promise<OwnSet[]> {
    const range = IDBKeyRange.bound("0", instant, false, true);
    const rows = await this.database.read((it) => it.getAllFromIndex("sets", "answered", range));
    return Promise.all(rows.map((it) => this.opened(it)));
  }

  private opened(row: SetRow): Promise<OwnSet> {
    return this.cipher.open<OwnSet>(row.body, `sets/${row.seq}`);
  }
}
